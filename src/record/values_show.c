/* Values in words, for people. */
#include "record/record.h"
#include "record/record_int.h"

enum { SHOWN_MOST = 1 << 24, DAY_SECONDS = 86400 };

static const char *const yes_no[2][LANG_COUNT] = {
	{"no", "خیر", "xeyr", "خیر"}, {"yes", "بله", "bəli", "بله"},
};
static const char *const withdrawn[LANG_COUNT] = {
	"withdrawn", "پس گرفته شده", "geri götürülüb", "پس گرفته شده",
};
static const char *const version_row[LANG_COUNT] = {
	"version %u, row %u", "نسخه %u، ردیف %u", "versiya %u, sətir %u", "نسخه %u، ردیف %u",
};

static struct str
show_item(struct arena *a, struct bytes v)
{
	struct buf b;
	struct str s;

	buf_init(&b, SHOWN_MOST);
	cbor_show(&b, v);
	s = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return s;
}

static struct str
show_hex(struct arena *a, struct bytes v, size_t most)
{
	struct bytes b = {0};

	if (!get_bytes(v, &b))
		return show_item(a, v);
	return hex_encode(a, (struct bytes){b.p, b.n < most ? b.n : most});
}

static struct str
join(struct arena *a, const struct str *v, size_t n, const char *between)
{
	struct buf b;
	struct str s;

	buf_init(&b, SHOWN_MOST);
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_cstr(&b, between);
		buf_put(&b, v[i].p, v[i].n);
	}
	s = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return s;
}

static struct str
show_refs(struct arena *a, struct bytes v)
{
	uint8_t (*hashes)[SEAL_HASH];
	struct str *hex;
	size_t n;

	if (!get_refs(a, v, &hashes, &n))
		return show_item(a, v);
	hex = NEWS(a, struct str, n);
	for (size_t i = 0; i < n; i++)
		hex[i] = hex_encode(a, (struct bytes){hashes[i], 8});
	return join(a, hex, n, ", ");
}

static struct str
show_cells(struct arena *a, struct bytes v)
{
	struct cell *cells;
	struct str *line;
	size_t n;

	if (!get_cells(a, v, &cells, &n))
		return show_item(a, v);
	line = NEWS(a, struct str, n);
	for (size_t i = 0; i < n; i++)
		line[i] = str_fmt(a, STR_FMT ": " STR_FMT, STR_ARG(cells[i].header),
			STR_ARG(cells[i].words));
	return join(a, line, n, "; ");
}

static struct str
show_texts(struct arena *a, struct bytes v)
{
	struct str *texts;
	size_t n;

	return get_texts(a, v, &texts, &n) ? join(a, texts, n, " · ") : show_item(a, v);
}

static struct str
show_code(struct arena *a, const struct field *f, struct bytes v, enum lang l)
{
	const struct vocabulary *voc = vocabulary_named(f->of);
	const struct code *c;
	unsigned version;
	struct str code;

	if (!get_code(v, &version, &code))
		return show_item(a, v);
	c = voc ? code_of(voc, code) : NULL;
	return c ? c->label[l] : code;
}

/* UTC, to the minute. */
static struct str
show_time(struct arena *a, struct bytes v, enum lang l)
{
	int64_t t = 0, second;

	if (!get_time(v, &t) || t / DAY_SECONDS >= DAY_MAX || t / DAY_SECONDS <= DAY_MIN)
		return show_item(a, v);
	second = (t % DAY_SECONDS + DAY_SECONDS) % DAY_SECONDS;
	return text_localise_digits(a, str_fmt(a, STR_FMT " %02d:%02d UTC",
		STR_ARG(day_iso(a, (int32_t)((t - second) / DAY_SECONDS))),
		(int)(second / 3600), (int)(second / 60 % 60)), l);
}

static struct str
show_row(struct arena *a, struct bytes v, enum lang l)
{
	struct row_ref r;

	if (!get_row(v, &r))
		return show_item(a, v);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	return text_localise_digits(a, str_fmt(a, version_row[l], r.version, r.row), l);
#pragma GCC diagnostic pop
}

struct str
value_show(struct arena *a, const struct field *f, struct bytes v, enum lang l)
{
	struct str s;
	struct name name;
	struct place place;
	struct date date;
	int64_t number;
	bool flag;

	if (get_withdrawn(v, &s))
		return str_fmt(a, "%s: " STR_FMT, withdrawn[l], STR_ARG(s));
	if (!f)
		return show_item(a, v);
	switch (f->type) {
	case VALUE_TEXT: return get_text(v, &s) ? s : show_item(a, v);
	case VALUE_NAME: return get_name(v, &name) ? name.text : show_item(a, v);
	case VALUE_DATE: return get_date(v, &date) ? date_show(a, &date, l, (enum calendar)0)
		: show_item(a, v);
	case VALUE_PLACE: return get_place(v, &place) ? place.text : show_item(a, v);
	case VALUE_CODE: return show_code(a, f, v, l);
	case VALUE_REF: return show_hex(a, v, 8);
	case VALUE_REFS: return show_refs(a, v);
	case VALUE_NUMBER: return get_number(v, &number)
		? text_localise_digits(a, str_fmt(a, "%lld", (long long)number), l)
		: show_item(a, v);
	case VALUE_FLAG: return get_flag(v, &flag) ? str_of(yes_no[flag][l]) : show_item(a, v);
	case VALUE_BYTES:
	case VALUE_KEY:
	case VALUE_BLOB: return show_hex(a, v, SIZE_MAX);
	case VALUE_ROW: return show_row(a, v, l);
	case VALUE_CELLS: return show_cells(a, v);
	case VALUE_TIME: return show_time(a, v, l);
	case VALUE_TEXTS: return show_texts(a, v);
	}
	return show_item(a, v);
}
