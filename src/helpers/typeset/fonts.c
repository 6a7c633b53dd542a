/*
 * The faces.  fontconfig is given these files and nothing else: neither its
 * system configuration nor what else is installed has a say, so that equal
 * documents give equal pages on any machine with the same packages.
 */
#include <cairo-ft.h>
#include <cmark.h>
#include <errno.h>
#include <fcntl.h>
#include <fontconfig/fontconfig.h>
#include <hb.h>
#include <pango/pangofc-fontmap.h>
#include "helpers/typeset/typeset_int.h"

#ifndef NOTO
#define NOTO "/usr/share/fonts/truetype/noto/"
#endif
#define GENTIUM "/usr/share/fonts/truetype/gentiumplus/"

const char *const font_dirs[FONT_DIRS] = {NOTO, GENTIUM};

static const struct {
	const char *path, *package;
} files[] = {
	{NOTO "NotoNaskhArabic-Regular.ttf", "fonts-noto-core"},
	{NOTO "NotoNaskhArabic-Bold.ttf", "fonts-noto-core"},
	{GENTIUM "GentiumPlus-Regular.ttf", "fonts-sil-gentiumplus"},
	{GENTIUM "GentiumPlus-Bold.ttf", "fonts-sil-gentiumplus"},
	{GENTIUM "GentiumPlus-Italic.ttf", "fonts-sil-gentiumplus"},
	{GENTIUM "GentiumPlus-BoldItalic.ttf", "fonts-sil-gentiumplus"},
	{NOTO "NotoSans-Regular.ttf", "fonts-noto-core"},
	{NOTO "NotoSans-Bold.ttf", "fonts-noto-core"},
	{NOTO "NotoSansMono-Regular.ttf", "fonts-noto-mono"},
	{NOTO "NotoSansMono-Bold.ttf", "fonts-noto-mono"},
};
enum { FILES = sizeof files / sizeof *files, FONT_FILE_MAX = 16 << 20 };

/* "NotoSans-Regular 2.004": the name of the file and the revision in its head
 * table, of which fontconfig gives the 16.16 number. */
static void
put_version(struct buf *out, const char *path, const FcPattern *p)
{
	const char *name = strrchr(path, '/') + 1;
	int version = 0;

	FcPatternGetInteger(p, FC_FONTVERSION, 0, &version);
	buf_fmt(out, ", " STR_FMT " %d.%03d", (int)(strlen(name) - 4), name, version >> 16,
		(int)((((unsigned)version & 0xffff) * 1000 + 0x8000) >> 16));
}

static enum status
load(struct arena *a, FcConfig *c, size_t k, uint64_t *hash, struct buf *engine,
	struct err *e)
{
	struct bytes content;
	enum status s;
	int fd = open(files[k].path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_set(e, FAIL, "%s: cannot be read; install the Debian package %s",
			files[k].path, files[k].package);
	s = os_read_fd(a, fd, files[k].path, FONT_FILE_MAX, &content, e);
	close(fd);
	if (s != OK)
		return s;
	*hash = hash64(content, *hash);
	if (!FcConfigAppFontAddFile(c, (const FcChar8 *)files[k].path))
		return err_set(e, FAIL, "%s: not a font; install the Debian package %s again",
			files[k].path, files[k].package);
	FcFontSet *all = FcConfigGetFonts(c, FcSetApplication);
	put_version(engine, files[k].path, all->fonts[all->nfont - 1]);
	return OK;
}

/* Only ASCII without brackets: see read_creator() in the library. */
static void
put_libraries(struct buf *out)
{
	int fc = FcGetVersion();
	int major, minor, patch;
	FT_Library ft;

	buf_fmt(out, "habeas-typeset 1, pango %s, cairo %s, harfbuzz %s, cmark %s, "
		"fontconfig %d.%d.%d", pango_version_string(), cairo_version_string(),
		hb_version_string(), cmark_version_string(), fc / 10000, fc / 100 % 100,
		fc % 100);
	if (FT_Init_FreeType(&ft) == 0) {
		FT_Library_Version(ft, &major, &minor, &patch);
		buf_fmt(out, ", freetype %d.%d.%d", major, minor, patch);
		FT_Done_FreeType(ft);
	}
}

enum status
fonts_open(struct arena *a, PangoFontMap **ret_map, struct str *ret_engine, struct err *e)
{
	FcConfig *c = FcConfigCreate();
	struct arena *scratch = arena_create((size_t)FILES * FONT_FILE_MAX);
	struct buf engine;
	uint64_t hash = 0;
	enum status s = c ? OK : err_set(e, FAIL, "fontconfig: cannot start");

	buf_init(&engine, 4096);
	put_libraries(&engine);
	for (size_t k = 0; k < FILES && s == OK; k++)
		s = load(scratch, c, k, &hash, &engine, e);
	arena_destroy(scratch);
	if (s == OK) {
		buf_fmt(&engine, ", fonts %016llx", (unsigned long long)hash);
		*ret_engine = str_dup(a, buf_str(&engine));
		FcConfigSetCurrent(c);
		*ret_map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
		pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(*ret_map), c);
		pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(*ret_map), 72);
	}
	buf_finish(&engine);
	return s;
}
