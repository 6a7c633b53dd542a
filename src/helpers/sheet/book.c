/*
 * The workbook: its sheets, shared strings and the number formats of cell styles.
 * Relationships say which part is which (ECMA-376 part 2, 6.5); a target is a name
 * to look up among the parts and is never opened as anything else.
 */
#include "sheet_int.h"

enum { RELATIONS_MOST = 4096, PART_NAME = 256, CODES_MOST = 4096 };

struct relation {
	struct str id, type, part;
	bool external;
};

struct code {
	unsigned id;
	struct number_format format;
};

/* Reading any of the parts: where we are in it. */
struct reading {
	struct arena *a;
	struct book *book;
	struct str folder;              /* that targets are relative to */
	VEC(struct relation) relations;
	VEC(struct code) codes;         /* custom number formats */
	bool in_string, in_phonetic, in_cell_styles;
	size_t strings_bytes;
};

static bool
read_flag(const char *v)
{
	return v && (strcmp(v, "1") == 0 || strcmp(v, "true") == 0);
}

static bool
read_id(const char *v, unsigned *ret)
{
	uint64_t n;

	if (!v || !str_u64(str_of(v), &n) || n > INT32_MAX)
		return false;
	*ret = (unsigned)n;
	return true;
}

/* --- Relationships --- */

/* "xl/worksheets/" to "xl/". */
static size_t
parent(const char *path, size_t n)
{
	if (n > 0)
		n--;
	while (n > 0 && path[n - 1] != '/')
		n--;
	return n;
}

/* "worksheets/sheet1.xml" in folder "xl/"; "/xl/…" from the root; "../" goes up. */
static struct str
resolve(struct arena *a, struct str folder, struct str target)
{
	char path[PART_NAME];
	size_t n = 0;

	if (str_starts(target, "/"))
		target = str_from(target, 1);
	else if (folder.n < sizeof path)
		memcpy(path, folder.p, n = folder.n);
	while (target.p) {
		struct str step = str_cut(&target, '/');
		if (str_is(step, ".."))
			n = parent(path, n);
		if (str_is(step, "..") || str_is(step, ".") || step.n == 0)
			continue;
		if (n + step.n + 1 > sizeof path)
			return S("(a name too long)");
		memcpy(path + n, step.p, step.n);
		n += step.n;
		if (target.p)
			path[n++] = '/';
	}
	return str_dup(a, (struct str){path, n});
}

/* The last word of the type names it, in the transitional and the strict scheme. */
static struct str
last_word(struct str type)
{
	struct str word = type;

	while (type.p)
		word = str_cut(&type, '/');
	return word;
}

static void
relations_start(struct xml *x, struct str local, const char **attributes)
{
	struct reading *r = x->to;
	const char *id = xml_attribute(attributes, "Id");
	const char *type = xml_attribute(attributes, "Type");
	const char *target = xml_attribute(attributes, "Target");
	const char *mode = xml_attribute(attributes, "TargetMode");

	if (!str_is(local, "Relationship") || !id || !type || !target)
		return;
	if (r->relations.n == RELATIONS_MOST) {
		xml_fail(x, "more than %d relationships; a workbook has tens", RELATIONS_MOST);
		return;
	}
	VEC_PUSH(r->a, &r->relations) = (struct relation){
		.id = str_dup(r->a, str_of(id)),
		.type = str_dup(r->a, last_word(str_of(type))),
		.part = resolve(r->a, r->folder, str_of(target)),
		.external = mode && strcmp(mode, "External") == 0,
	};
}

static void
ignore_end(struct xml *x, struct str local)
{
	(void)x, (void)local;
}

/* The relationships of `part`: FOLDER/_rels/NAME.rels. */
static enum status
read_relations(struct reading *r, const struct parts *p, struct str part, struct err *e)
{
	struct xml x = {.to = r, .start = relations_start, .end = ignore_end};
	size_t at = part.n;

	while (at > 0 && part.p[at - 1] != '/')
		at--;
	r->folder = str_upto(part, at);
	r->relations.n = 0;
	return xml_read(p, str_fmt(r->a, STR_FMT "_rels/" STR_FMT ".rels", STR_ARG(r->folder),
		STR_ARG(str_from(part, at))), &x, e);
}

static const struct relation *
relation_of_type(const struct reading *r, const char *type)
{
	for (size_t i = 0; i < r->relations.n; i++)
		if (str_is(r->relations.v[i].type, type))
			return &r->relations.v[i];
	return NULL;
}

/* --- The list of sheets --- */

static void
sheet_start(struct xml *x, struct reading *r, const char **attributes)
{
	const char *name = xml_attribute(attributes, "name");
	const char *state = xml_attribute(attributes, "state");
	struct str id = str_of(xml_reference(attributes));
	struct book_sheet s = {.name = str_dup(r->a, str_of(name ? name : "")),
		.hidden = state && strcmp(state, "visible") != 0};

	if (r->book->sheets.n == ENTRIES_MOST) {
		xml_fail(x, "more than %d sheets", ENTRIES_MOST);
		return;
	}
	for (size_t i = 0; i < r->relations.n; i++) {
		const struct relation *to = &r->relations.v[i];
		if (!id.p || !str_eq(to->id, id))
			continue;
		if (to->external)
			xml_fail(x, "the sheet %.100s lies outside the workbook; that is not "
				"followed", name ? name : "");
		if (str_is(to->type, "worksheet"))
			s.part = to->part;
	}
	VEC_PUSH(r->a, &r->book->sheets) = s;
}

static void
book_start(struct xml *x, struct str local, const char **attributes)
{
	struct reading *r = x->to;

	if (str_is(local, "sheet"))
		sheet_start(x, r, attributes);
	else if (str_is(local, "workbookPr"))
		r->book->from_1904 = read_flag(xml_attribute(attributes, "date1904"));
}

/* --- Shared strings: runs joined, phonetic guides left out --- */

static void
strings_start(struct xml *x, struct str local, const char **attributes)
{
	struct reading *r = x->to;

	(void)attributes;
	if (str_is(local, "si")) {
		buf_clear(&x->text);
		r->in_string = true;
	} else if (str_is(local, "rPh")) {
		r->in_phonetic = true;
	} else if (str_is(local, "t")) {
		x->keep = r->in_string && !r->in_phonetic;
	}
}

static void
strings_end(struct xml *x, struct str local)
{
	struct reading *r = x->to;

	if (str_is(local, "t")) {
		x->keep = false;
	} else if (str_is(local, "rPh")) {
		r->in_phonetic = false;
	} else if (str_is(local, "si")) {
		r->in_string = false;
		r->strings_bytes += x->text.n;
		if (r->book->strings.n == STRINGS_MOST || r->strings_bytes > TEXT_MOST) {
			xml_fail(x, "more than %d texts or %d MiB of them", STRINGS_MOST,
				TEXT_MOST >> 20);
			return;
		}
		VEC_PUSH(r->a, &r->book->strings) = str_dup(r->a, buf_str(&x->text).p
			? buf_str(&x->text) : S(""));
	}
}

/* --- Styles: which cell style shows a date --- */

static struct number_format
format_of(const struct reading *r, unsigned id)
{
	/* A custom code under a built-in number wins: that is how it is shown. */
	for (size_t i = 0; i < r->codes.n; i++)
		if (r->codes.v[i].id == id)
			return r->codes.v[i].format;
	return number_format_of_id(id);
}

static void
styles_start(struct xml *x, struct str local, const char **attributes)
{
	struct reading *r = x->to;
	const char *code = xml_attribute(attributes, "formatCode");
	unsigned id = 0;

	if (str_is(local, "cellXfs")) {
		r->in_cell_styles = true;
	} else if (str_is(local, "numFmt") && code
		&& read_id(xml_attribute(attributes, "numFmtId"), &id)) {
		if (r->codes.n == CODES_MOST)
			xml_fail(x, "more than %d number formats", CODES_MOST);
		else
			VEC_PUSH(r->a, &r->codes) = (struct code){id,
				number_format_of_code(str_of(code))};
	} else if (str_is(local, "xf") && r->in_cell_styles) {
		if (!read_id(xml_attribute(attributes, "numFmtId"), &id))
			id = 0;
		if (r->book->styles.n == STYLES_MOST)
			xml_fail(x, "more than %d cell styles", STYLES_MOST);
		else
			VEC_PUSH(r->a, &r->book->styles) = format_of(r, id);
	}
}

static void
styles_end(struct xml *x, struct str local)
{
	struct reading *r = x->to;

	if (str_is(local, "cellXfs"))
		r->in_cell_styles = false;
}

/* --- All of it --- */

/* A part that the workbook may have: none is fine. */
static enum status
read_if_any(struct reading *r, const struct parts *p, const char *type, struct xml x,
	struct err *e)
{
	const struct relation *to = relation_of_type(r, type);

	if (!to)
		return OK;
	if (to->external)
		return err_set(e, BAD, "the %s of the workbook lie outside it; that is not "
			"followed", type);
	return xml_read(p, to->part, &x, e);
}

enum status
book_read(struct arena *a, const struct parts *p, struct book *ret, struct err *e)
{
	struct reading r = {.a = a, .book = ret};
	struct xml sheets = {.to = &r, .start = book_start, .end = ignore_end};
	struct xml strings = {.to = &r, .start = strings_start, .end = strings_end};
	struct xml styles = {.to = &r, .start = styles_start, .end = styles_end};
	const struct relation *main_part;
	struct str part;
	enum status s;

	if (!p->has(p->from, S("_rels/.rels")))
		return kind_explain(p, e);
	if ((s = read_relations(&r, p, S(""), e)))
		return s;
	main_part = relation_of_type(&r, "officeDocument");
	if (!main_part || main_part->external || !p->has(p->from, main_part->part)
		|| !str_ends(main_part->part, ".xml") || str_starts(main_part->part, "word/")
		|| str_starts(main_part->part, "ppt/"))
		return kind_explain(p, e);
	part = main_part->part;
	if ((s = read_relations(&r, p, part, e)) || (s = xml_read(p, part, &sheets, e)))
		return s;
	if (ret->sheets.n == 0)
		return err_set(e, BAD, "the workbook has no sheet; open it and save it again");
	if ((s = read_if_any(&r, p, "styles", styles, e)))
		return s;
	return read_if_any(&r, p, "sharedStrings", strings, e);
}
