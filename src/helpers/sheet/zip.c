/*
 * The parts of the package, out of the zip archive.  libarchive reads the central
 * directory (its seekable reader) and inflates; nothing here follows a name to a
 * file.  The archive is opened anew for every part: it gives its entries in one
 * order only, and nobody promises that it is the one we need.
 */
#include "sheet_int.h"
#include <archive.h>
#include <archive_entry.h>

enum { PIECE = 1 << 16 };

/* Deflate gives at most 1,032 for one; tables of real people give 5 to 20.  Small
 * files may be anything up to FREE. */
enum { RATIO_MOST = 200, FREE = 16 << 20 };

struct part {
	struct str name;
	size_t taken;                   /* uncompressed bytes of it so far */
};
struct zip {
	struct bytes file;
	VEC(struct part) parts;
	size_t taken, most;             /* uncompressed bytes of all: so far, allowed */
};

static enum status
damaged(struct err *e)
{
	return err_set(e, BAD, "the archive that a workbook is, is damaged or cut off; "
		"copy or save the file again");
}

static enum status
open_archive(const struct zip *z, struct archive **ret, struct err *e)
{
	struct archive *r = archive_read_new();

	if (!r || archive_read_support_format_zip_seekable(r) != ARCHIVE_OK) {
		archive_read_free(r);
		return err_set(e, FAIL, "no memory to read the archive");
	}
	if (archive_read_open_memory(r, z->file.p, z->file.n) != ARCHIVE_OK) {
		archive_read_free(r);
		return damaged(e);
	}
	*ret = r;
	return OK;
}

/* A warning is about a name that cannot be converted: none of ours. */
static int
next_entry(struct archive *r, struct archive_entry **ret)
{
	int got = archive_read_next_header(r, ret);

	return got == ARCHIVE_WARN ? ARCHIVE_OK : got;
}

/* STR_NONE for names that are not ASCII: no part that we read has such a one. */
static struct str
entry_name(struct archive_entry *entry)
{
	return str_of(archive_entry_pathname(entry));
}

/* Part names are equal without regard to case: ECMA-376 part 2, 6.2.2.3. */
static struct part *
find_part(const struct zip *z, struct str name)
{
	for (size_t i = 0; i < z->parts.n; i++)
		if (str_eq_nocase(z->parts.v[i].name, name))
			return &z->parts.v[i];
	return NULL;
}

static bool
has_part(void *from, struct str name)
{
	return find_part(from, name) != NULL;
}

static enum status
take_name(struct arena *a, struct zip *z, struct archive_entry *entry, size_t nth,
	struct err *e)
{
	struct str name = entry_name(entry);

	if (nth > ENTRIES_MOST)
		return err_set(e, BAD, "more than %d parts in the archive; a workbook has tens",
			ENTRIES_MOST);
	if (archive_entry_is_encrypted(entry))
		return err_set(e, BAD, "the archive is locked with a password; save the "
			"workbook without one");
	if (!name.p || !utf8_valid(str_bytes(name)))
		return OK;
	if (has_part(z, name))
		return err_set(e, BAD, "the archive has the part %.200s twice; no program of "
			"good faith writes that", name.p);
	VEC_PUSH(a, &z->parts) = (struct part){.name = str_dup(a, name)};
	return OK;
}

enum status
zip_open(struct arena *a, struct bytes file, struct zip **ret, struct err *e)
{
	struct zip *z = NEW(a, struct zip);
	struct archive *r = NULL;
	struct archive_entry *entry;
	size_t nth = 0;
	enum status s;
	int got;

	if (file.n > FILE_MOST)
		return err_set(e, BAD, "the workbook is larger than %d MiB", FILE_MOST >> 20);
	z->file = file;
	z->most = file.n * RATIO_MOST > FREE ? file.n * RATIO_MOST : FREE;
	if (z->most > PARTS_MOST)
		z->most = PARTS_MOST;
	if ((s = open_archive(z, &r, e)))
		return s;
	while ((got = next_entry(r, &entry)) == ARCHIVE_OK && s == OK)
		s = take_name(a, z, entry, ++nth, e);
	if (s == OK && got != ARCHIVE_EOF)
		s = damaged(e);
	archive_read_free(r);
	if (s == OK)
		*ret = z;
	return s;
}

/* A part that is read again counts once. */
static void
count(struct zip *z, struct part *part, size_t taken)
{
	if (taken > part->taken) {
		z->taken += taken - part->taken;
		part->taken = taken;
	}
}

static enum status
stream_entry(struct zip *z, struct part *part, struct archive *r, sheet_sink *sink, void *to,
	struct err *e)
{
	static uint8_t piece[PIECE];
	la_ssize_t got;
	size_t taken = 0;
	enum status s;

	while ((got = archive_read_data(r, piece, sizeof piece)) > 0) {
		count(z, part, taken += (size_t)got);
		if (z->taken > z->most)
			return err_set(e, BAD, "the workbook unpacks to more than %zu MiB, "
				"%zu times its size; save only the sheet that is needed",
				z->most >> 20, z->most / z->file.n);
		if ((s = sink(to, (struct bytes){piece, (size_t)got}, false, e)))
			return s;
	}
	if (got < 0)
		return damaged(e);
	return sink(to, (struct bytes){piece, 0}, true, e);
}

static enum status
stream_part(void *from, struct str name, sheet_sink *sink, void *to, struct err *e)
{
	struct zip *z = from;
	struct archive *r = NULL;
	struct archive_entry *entry;
	struct part *part = find_part(z, name);
	enum status s = open_archive(z, &r, e);
	bool found = false;

	if (s != OK)
		return s;
	while (part && !found && next_entry(r, &entry) == ARCHIVE_OK)
		found = str_eq_nocase(entry_name(entry), name);
	s = found ? stream_entry(z, part, r, sink, to, e)
		: err_set(e, BAD, "the part " STR_FMT " of the workbook is missing; save the "
			"file again", STR_ARG(name));
	archive_read_free(r);
	return s;
}

struct parts
zip_parts(struct zip *z)
{
	return (struct parts){z, has_part, stream_part};
}
