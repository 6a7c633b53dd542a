/*
 * From texts to layouts: what may stand in a text, what is isolated from its
 * neighbours, and which face sets which letters.
 */
#include "helpers/typeset/typeset_int.h"

enum {
	LRI = 0x2066, RLI = 0x2067, FSI = 0x2068, PDI = 0x2069,
	NBSP = 0xa0, LINE_SEPARATOR = 0x2028,
};

static bool
is_isolate(uint32_t c)
{
	return c >= LRI && c <= FSI;
}

/* Never drawn, never obeyed: controls, marks, embeddings, overrides, and the
 * invisible ones with which a text could hide another (tags, BOM). */
static const struct {
	uint32_t from, to;
} dropped[] = {
	{0, 0x8}, {0xb, 0x1f}, {0x7f, 0x9f}, {0x61c, 0x61c}, {0x200e, 0x200f},
	{0x2029, 0x202e}, {0x206a, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb},
	{0xe0000, 0xe007f},
};

static bool
is_dropped(uint32_t c)
{
	for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
		if (c >= dropped[i].from && c <= dropped[i].to)
			return true;
	return false;
}

void
text_put_clean(struct buf *out, struct str s)
{
	unsigned open = 0;

	for (size_t at = 0; at < s.n;) {
		uint32_t c = utf8_next(s, &at);
		if (is_dropped(c) || (c == PDI && open == 0))
			continue;
		if (c == '\n' || c == '\t')
			c = ' ';
		if (is_isolate(c))
			open++;
		else if (c == PDI)
			open--;
		utf8_put(out, c == RLI ? FSI : c);
	}
	while (open-- > 0)
		utf8_put(out, PDI);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word(char c)
{
	return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The end of a reference, date, time or telephone number at `at`: ASCII letters
 * and digits joined by - / : . _ and, in a telephone number (it begins with + or
 * 0), by single spaces.  0: none begins here, or one word alone, which the
 * bidirectional algorithm treats well. */
static size_t
sequence_end(struct str s, size_t at)
{
	bool phone = s.p[at] == '+' || s.p[at] == '0', digits = false;
	size_t end = at + (s.p[at] == '+'), joints = end - at;

	if (end == s.n || !is_word(s.p[end]))
		return 0;
	while (end < s.n) {
		char c = s.p[end], next = end + 1 < s.n ? s.p[end + 1] : '\0';
		if (is_digit(c))
			digits = true;
		else if (c == ' ' ? phone && is_digit(next) && is_digit(s.p[end - 1])
			 : c != '\0' && strchr("-/:._", c) && is_word(next))
			joints++;
		else if (!is_word(c))
			break;
		end++;
	}
	return joints && digits ? end : 0;
}

/* A telephone number is not broken over lines. */
static void
put_sequence(struct buf *out, struct str s)
{
	utf8_put(out, LRI);
	for (size_t i = 0; i < s.n; i++)
		utf8_put(out, s.p[i] == ' ' ? NBSP : (unsigned char)s.p[i]);
	utf8_put(out, PDI);
}

void
text_put_isolated(struct buf *out, struct str s)
{
	bool in_word = false;

	for (size_t at = 0; at < s.n;) {
		size_t end = in_word ? 0 : sequence_end(s, at);
		if (end) {
			put_sequence(out, str_upto(str_from(s, at), end - at));
			at = end;
			in_word = true;
		} else {
			in_word = is_word(s.p[at]) || (unsigned char)s.p[at] >= 0x80;
			buf_byte(out, (uint8_t)s.p[at++]);
		}
	}
}

static bool
is_arabic(uint32_t c)
{
	return (c >= 0x600 && c <= 0x6ff) || (c >= 0x750 && c <= 0x77f)
		|| (c >= 0x870 && c <= 0x8ff) || (c >= 0xfb50 && c <= 0xfdff)
		|| (c >= 0xfe70 && c <= 0xfefe);
}

/* Hebrew, Syriac, Thaana, N'Ko and others too. */
static bool
is_rtl_letter(uint32_t c)
{
	return is_arabic(c) || (c >= 0x590 && c <= 0x8ff) || (c >= 0xfb1d && c <= 0xfb4f);
}

static bool
is_letter(uint32_t c)
{
	return c >= 0xc0 ? g_unichar_isalpha(c) : g_ascii_isalpha((gchar)c);
}

/* Rules P2 and P3 of UAX 9: what is isolated does not count. */
bool
text_starts_rtl(struct str s, bool otherwise)
{
	unsigned open = 0;

	for (size_t at = 0; at < s.n;) {
		uint32_t c = utf8_next(s, &at);
		if (is_isolate(c))
			open++;
		else if (c == PDI && open > 0)
			open--;
		if (open > 0 || (c >= 0x6f0 && c <= 0x6f9) || (c >= 0x660 && c <= 0x669))
			continue;
		if (is_rtl_letter(c))
			return true;
		if (is_letter(c))
			return false;
	}
	return otherwise;
}

/* ---- Which face ------------------------------------------------------------ */

enum side { LATIN, ARABIC, NEUTRAL };

static enum side
side_of(uint32_t c)
{
	if (is_arabic(c))
		return ARABIC;
	return (c >= '0' && c <= '9') || is_letter(c) ? LATIN : NEUTRAL;
}

static void
add(PangoAttrList *l, PangoAttribute *at, size_t from, size_t to)
{
	at->start_index = (guint)from;
	at->end_index = (guint)to;
	pango_attr_list_insert(l, at);
}

/* Replaces what was set there before. */
static void
change(PangoAttrList *l, PangoAttribute *at, size_t from, size_t to)
{
	at->start_index = (guint)from;
	at->end_index = (guint)to;
	pango_attr_list_change(l, at);
}

static void
set_face(PangoAttrList *l, const char *families, double pt, size_t from, size_t to)
{
	if (from == to)
		return;
	change(l, pango_attr_family_new(families), from, to);
	change(l, pango_attr_size_new((int)(pt * PANGO_SCALE + 0.5)), from, to);
}

/* Letters choose; what stands between two letters of one kind follows them, the
 * rest follows the paragraph, so that both brackets of a pair are of one face. */
static void
set_faces(PangoAttrList *l, struct str s, const struct face *f, bool rtl)
{
	enum side paragraph = rtl ? ARABIC : LATIN, now = paragraph;
	size_t from = 0, neutral = 0;
	static const char *const families[] = {
		[LATIN] = "Gentium Plus, Noto Sans, Noto Naskh Arabic",
		[ARABIC] = "Noto Naskh Arabic, Gentium Plus, Noto Sans",
	};
	const double pt[] = {[LATIN] = f->latin_pt, [ARABIC] = f->arabic_pt};
	bool strong = false;

	for (size_t at = 0, was = 0; at < s.n; was = at) {
		enum side side = side_of(utf8_next(s, &at));
		if (side == NEUTRAL)
			continue;
		/* [neutral, was) are the neutral ones before this letter. */
		if (side != now || !strong) {
			size_t cut = side == paragraph ? neutral : was;
			set_face(l, families[now], pt[now], from, cut);
			from = cut;
			now = side;
		}
		strong = true;
		neutral = at;
	}
	size_t cut = now == paragraph ? s.n : neutral;
	set_face(l, families[now], pt[now], from, cut);
	set_face(l, families[paragraph], pt[paragraph], cut, s.n);
}

/* Noto Naskh 2.004 sets the Urdu forms of 4, 6 and 7 in every language: its
 * localised forms are switched off for digits. */
static void
set_digits(PangoAttrList *l, struct str s)
{
	for (size_t at = 0, was = 0; at < s.n; was = at) {
		uint32_t c = utf8_next(s, &at);
		if (c == 0x6f4 || c == 0x6f6 || c == 0x6f7)
			add(l, pango_attr_font_features_new("locl=0"), was, at);
	}
}

/* The face that sets code has no Arabic letters, and no business with them. */
static void
set_style(PangoAttrList *l, struct str s, unsigned style, const struct face *f,
	size_t from, size_t to)
{
	if (style & RUN_STRONG)
		add(l, pango_attr_weight_new(PANGO_WEIGHT_BOLD), from, to);
	/* Naskh has no italic: emphasis there is weight. */
	if (style & RUN_EMPHASIS) {
		if (text_starts_rtl(str_from(str_upto(s, to), from), false))
			add(l, pango_attr_weight_new(PANGO_WEIGHT_BOLD), from, to);
		else
			add(l, pango_attr_style_new(PANGO_STYLE_ITALIC), from, to);
	}
	if (style & RUN_CODE)
		set_face(l, "Noto Sans Mono, Noto Naskh Arabic, Noto Sans", f->code_pt, from, to);
}

static void
put_run(struct buf *out, const struct run *r)
{
	struct buf clean;

	buf_init(&clean, 4 * r->text.n + 64);
	text_put_clean(&clean, r->text);
	if (r->style & RUN_CODE) {
		utf8_put(out, LRI);
		buf_put(out, clean.p, clean.n);
		utf8_put(out, PDI);
	} else {
		text_put_isolated(out, buf_str(&clean));
	}
	buf_finish(&clean);
}

PangoLayout *
text_layout(const struct directions *d, const struct run *runs, size_t n, const struct face *f,
	bool rtl, enum lang l)
{
	PangoContext *c = rtl ? d->rtl : d->ltr;
	PangoLayout *layout = pango_layout_new(c);
	PangoAttrList *list = pango_attr_list_new();
	size_t *ends = mem_alloc(n + 1, sizeof *ends);
	struct buf text;

	buf_init(&text, TYPESET_MAX_REQUEST);
	for (size_t i = 0; i < n; i++) {
		put_run(&text, &runs[i]);
		ends[i] = text.n;
	}
	set_faces(list, buf_str(&text), f, rtl);
	set_digits(list, buf_str(&text));
	/* A word that must be broken is broken without a sign: in a name or a code it
	 * would be read as part of it. */
	add(list, pango_attr_insert_hyphens_new(FALSE), 0, text.n);
	if (f->bold)
		add(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), 0, text.n);
	if (f->italic)
		add(list, pango_attr_style_new(PANGO_STYLE_ITALIC), 0, text.n);
	for (size_t i = 0, from = 0; i < n; from = ends[i++])
		set_style(list, buf_str(&text), runs[i].style, f, from, ends[i]);
	add(list, pango_attr_language_new(pango_language_from_string(lang_code(l))), 0, text.n);
	pango_layout_set_text(layout, text.n ? (const char *)text.p : "", (int)text.n);
	pango_layout_set_attributes(layout, list);
	pango_attr_list_unref(list);
	/* The direction is told, never guessed: so LEFT and RIGHT are what they say. */
	pango_layout_set_auto_dir(layout, FALSE);
	pango_layout_set_alignment(layout, rtl ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	buf_finish(&text);
	mem_free(ends);
	return layout;
}

PangoContext *
text_context(PangoFontMap *map, PangoDirection dir, enum lang l)
{
	PangoContext *c = pango_font_map_create_context(map);
	cairo_font_options_t *o = cairo_font_options_create();

	/* Paper has no pixels: no hinting, no rounding of advances. */
	cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_antialias(o, CAIRO_ANTIALIAS_GRAY);
	pango_cairo_context_set_font_options(c, o);
	cairo_font_options_destroy(o);
	pango_cairo_context_set_resolution(c, 72);
	pango_context_set_round_glyph_positions(c, FALSE);
	pango_context_set_base_dir(c, dir);
	pango_context_set_language(c, pango_language_from_string(lang_code(l)));
	return c;
}
