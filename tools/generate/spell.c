/*
 * How a name gets written: one of its spellings, joined or apart, by somebody
 * with habits.  What the tables hold is the usual form; people vary it.
 */
#include "gen_int.h"

enum { PIECES_MAX = 8 };

static size_t
split(const char *variants, struct str *ret, size_t max)
{
	struct str rest = str_of(variants);
	size_t n = 0;

	while (rest.p && n < max)
		ret[n++] = str_cut(&rest, '|');
	return n;
}

/* Romanisation habits, for names whose variants the table does not list (and now
 * and then for the others): one applicable change, in English writing. */
static const char *const habits_en[][2] = {
	{"gh", "q"}, {"ou", "oo"}, {"ou", "u"}, {"ei", "ey"}, {"ey", "ei"}, {"ss", "s"},
	{"q", "gh"}, {"aei", "aee"}, {"ia", "iya"}, {"kh", "x"}, {"ee", "i"}, {"oo", "ou"},
	{"mm", "m"}, {"ll", "l"}, {"rr", "r"}, {"j", "dj"}, {"eh", "e"}, {"v", "w"},
};

static struct str
habit(const struct gen *g, struct rng *r, struct str s)
{
	size_t n = sizeof habits_en / sizeof habits_en[0];
	size_t start = rng_below(r, (uint32_t)n);

	for (size_t i = 0; i < n; i++) {
		const char *const *h = habits_en[(start + i) % n];
		size_t len = strlen(h[0]);

		for (size_t at = 1; at + len <= s.n; at++)
			if (memcmp(s.p + at, h[0], len) == 0)
				return str_fmt(g->row, STR_FMT "%s" STR_FMT,
					STR_ARG(str_upto(s, at)), h[1],
					STR_ARG(str_from(s, at + len)));
	}
	return s;
}

static struct str
choose(const struct gen *g, struct rng *r, const char *variants, bool vary, enum writing w)
{
	struct str piece[PIECES_MAX];
	size_t n = split(variants, piece, PIECES_MAX);

	if (!vary)
		return piece[0];
	if (w == EN && (n == 1 || rng_chance(r, 150)))
		return habit(g, r, piece[0]);
	return n == 1 ? piece[0] : piece[1 + rng_below(r, (uint32_t)n - 1)];
}

/* The first letter small: "Rza" in Məhəmmədrza. */
static struct str
small_first(const struct gen *g, struct str s)
{
	static const char *const pairs[][2] = {
		{"Ə", "ə"}, {"İ", "i"}, {"I", "ı"}, {"Ö", "ö"}, {"Ü", "ü"}, {"Ş", "ş"},
		{"Ç", "ç"},
	};

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		if (str_starts(s, pairs[i][0]))
			return str_fmt(g->row, "%s" STR_FMT, pairs[i][1],
				STR_ARG(str_from(s, strlen(pairs[i][0]))));
	invariant(s.n > 0);
	if (s.p[0] < 'A' || s.p[0] > 'Z')
		return s;
	return str_fmt(g->row, "%c" STR_FMT, s.p[0] + ('a' - 'A'), STR_ARG(str_from(s, 1)));
}

struct str
gen_join(const struct gen *g, struct str a, const char *between, struct str b)
{
	return str_fmt(g->row, STR_FMT "%s" STR_FMT, STR_ARG(a), between, STR_ARG(b));
}

/* Usually joined in Azerbaijani and Persian, apart in English; two people of
 * five do it the other way. */
static struct str
spell_two(const struct gen *g, struct rng *r, const struct name *one,
	const struct name *two, const char *join_fa, const struct hand *h, bool vary)
{
	bool other = h->variant > 0 && rng_chance(r, 400);
	struct str a = choose(g, r, one->w[h->writing], vary && rng_chance(r, 500), h->writing);
	struct str b = choose(g, r, two->w[h->writing], vary && rng_chance(r, 500), h->writing);

	switch (h->writing) {
	case AZ:
		return other ? gen_join(g, a, " ", b) : gen_join(g, a, "", small_first(g, b));
	case FA:
		return gen_join(g, a, other ? " " : join_fa, b);
	default:
		if (!other)
			return gen_join(g, a, " ", b);
		return rng_chance(r, 250) ? gen_join(g, a, "-", b)
			: gen_join(g, a, "", small_first(g, b));
	}
}

static struct str
spell_compound(const struct gen *g, struct rng *r, uint16_t index, const struct hand *h,
	bool vary)
{
	const uint16_t *part = g->tables.compound_parts[index];

	return spell_two(g, r, &names_male[part[0]], &names_male[part[1]],
		compounds[index].join, h, vary);
}

static struct str
mistype(const struct gen *g, struct rng *r, struct str s, const struct hand *h)
{
	return rng_chance(r, h->typo) ? typo(g, r, s, h->writing) : s;
}

struct str
spell_given(const struct gen *g, struct rng *r, const struct given *n, const struct hand *h)
{
	const struct name *table = n->woman ? names_female : names_male;
	bool vary = rng_chance(r, h->variant);
	struct str s;

	if (n->compound != NONE)
		s = spell_compound(g, r, n->compound, h, vary);
	else if (n->too)
		s = spell_two(g, r, &table[n->one], &table[n->too - 1], " ", h, vary);
	else
		s = choose(g, r, table[n->one].w[h->writing], vary, h->writing);
	return mistype(g, r, s, h);
}

struct str
spell_seyed(struct rng *r, const struct hand *h)
{
	static const char *const seyed_en[] = {"Seyed ", "Seyyed ", "Sayyed ", "Seyid "};

	switch (h->writing) {
	case AZ:
		return S("Seyid ");
	case FA:
		return S("سید ");
	default:
		return str_of(rng_chance(r, h->variant) ? seyed_en[1 + rng_below(r, 3)]
			: seyed_en[0]);
	}
}

static bool
ends_in_vowel(struct str s, enum writing w)
{
	static const char *const vowels[] = {"a", "e", "i", "o", "u", "ə", "ı", "ö", "ü"};

	if (w == FA)
		return str_ends(s, "ی");
	for (size_t i = 0; i < sizeof vowels / sizeof vowels[0]; i++)
		if (str_ends(s, vowels[i]))
			return true;
	return false;
}

/* Persian letters that do not join to the next one need no ZWNJ after them. */
static bool
joins_on(struct str s)
{
	static const char *const apart[] = {"ا", "آ", "د", "ذ", "ر", "ز", "ژ", "و"};

	for (size_t i = 0; i < sizeof apart / sizeof apart[0]; i++)
		if (str_ends(s, apart[i]))
			return false;
	return true;
}

static struct str
suffix_az(const struct gen *g, struct str stem, const struct family *f, struct str suffix)
{
	bool vowel = ends_in_vowel(stem, AZ);

	switch (f->suffix) {
	case SUFFIX_LI:
		return gen_join(g, stem, stems[f->stem].li, STR_NONE);
	case SUFFIX_YAN:
		return gen_join(g, stem, vowel ? "yan" : "iyan", STR_NONE);
	case SUFFIX_OV:
		return gen_join(g, stem, vowel ? "yev" : "ov", STR_NONE);
	default:
		return gen_join(g, stem, "", suffix);
	}
}

static struct str
suffix_fa(const struct gen *g, struct str stem, const struct family *f, struct str suffix)
{
	if (f->suffix == SUFFIX_YAN)
		return gen_join(g, stem, ends_in_vowel(stem, FA) ? "ان" : "یان", STR_NONE);
	if (f->suffix == SUFFIX_OV && str_ends(stem, "ا"))       /* بابایف */
		return gen_join(g, stem, "یف", STR_NONE);
	if (str_starts(suffix, "="))     /* joins directly, but never to a final heh */
		return gen_join(g, stem, str_ends(stem, "ه") ? "_" : "", str_from(suffix, 1));
	return gen_join(g, stem, joins_on(stem) ? "_" : "", suffix);
}

static struct str
suffix_en(const struct gen *g, struct rng *r, struct str stem, const struct family *f,
	struct str suffix, bool vary)
{
	bool vowel = ends_in_vowel(stem, EN);

	switch (f->suffix) {
	case SUFFIX_YAN:
		return str_ends(stem, "i") ? gen_join(g, stem, vary ? "yan" : "an", STR_NONE)
			: gen_join(g, stem, "", suffix);
	case SUFFIX_OV:
		return vowel ? gen_join(g, stem, vary ? "ev" : "yev", STR_NONE)
			: gen_join(g, stem, "", suffix);
	case SUFFIX_ZADEH: case SUFFIX_PUR: case SUFFIX_NEJAD:
		if (vary && rng_chance(r, 350)) {
			if (rng_chance(r, 400))
				return gen_join(g, stem, "-", suffix);
			return str_fmt(g->row, STR_FMT " %c" STR_FMT, STR_ARG(stem),
				suffix.p[0] - ('a' - 'A'), STR_ARG(str_from(suffix, 1)));
		}
		/* fall through */
	default:
		return gen_join(g, stem, "", suffix);
	}
}

/* A variant of a formed name varies the stem, the suffix, or both. */
static struct str
spell_formed(const struct gen *g, struct rng *r, const struct family *f,
	const struct hand *h, bool vary)
{
	enum writing w = h->writing;
	uint32_t which = rng_below(r, 3);
	bool vary_stem = vary && which != 0, vary_suffix = vary && which != 1;
	struct str stem = choose(g, r, stems[f->stem].name.w[w], vary_stem, w);
	struct str suffix = choose(g, r, suffixes[f->suffix].w[w],
		vary_suffix && strchr(suffixes[f->suffix].w[w], '|'), w);

	if (w == AZ)
		return suffix_az(g, stem, f, suffix);
	if (w == FA)
		return suffix_fa(g, stem, f, suffix);
	return suffix_en(g, r, stem, f, suffix, vary_suffix);
}

/* "Gholamhosseinzadeh"; two people of five write it apart. */
static struct str
put_front(const struct gen *g, struct rng *r, const struct family *f, const struct hand *h,
	bool vary, struct str s)
{
	enum writing w = h->writing;
	bool apart = h->variant > 0 && rng_chance(r, 400);
	struct str front = choose(g, r, names_male[f->front - 1].w[w],
		vary && rng_chance(r, 500), w);

	return apart ? gen_join(g, front, " ", s)
		: gen_join(g, front, w == FA ? "_" : "", w == FA ? s : small_first(g, s));
}

struct str
spell_family(const struct gen *g, struct rng *r, const struct family *f, const struct hand *h)
{
	enum writing w = h->writing;
	bool vary = rng_chance(r, h->variant);
	const struct name *second = f->second != NONE ? &names_second[f->second]
		: f->second_nisba != NONE ? &names_nisba[f->second_nisba] : NULL;
	struct str s;

	if (f->stem != NONE)
		s = spell_formed(g, r, f, h, vary);
	else if (f->nisba != NONE)
		s = choose(g, r, names_nisba[f->nisba].w[w], vary, w);
	else
		s = choose(g, r, names_family[f->base].w[w], vary, w);
	if (f->front)
		s = put_front(g, r, f, h, vary, s);
	s = mistype(g, r, s, h);
	/* The second word is what gets left out first. */
	if (second && !(h->variant > 0 && rng_chance(r, 250)))
		s = gen_join(g, s, " ", choose(g, r, second->w[w], vary && rng_chance(r, 300), w));
	return s;
}

struct str
spell_word(const struct gen *g, struct rng *r, const struct name *n, const struct hand *h)
{
	struct str piece[PIECES_MAX];
	size_t k = split(n->w[h->writing], piece, PIECES_MAX);

	(void)g;
	if (k == 1 || !rng_chance(r, h->variant))
		return piece[0];
	return piece[1 + rng_below(r, (uint32_t)k - 1)];
}

/* Replace every occurrence of table[i][0] by table[i][1]. */
static struct str
replace(const struct gen *g, struct str s, const char *const (*table)[2], size_t n)
{
	struct buf b;
	struct str ret;

	buf_init(&b, 4096);
	for (size_t at = 0; at < s.n; ) {
		size_t i = 0;

		while (i < n && !str_starts(str_from(s, at), table[i][0]))
			i++;
		if (i < n) {
			buf_cstr(&b, table[i][1]);
			at += strlen(table[i][0]);
		} else {
			buf_byte(&b, (uint8_t)s.p[at++]);
		}
	}
	invariant(!b.over);
	ret = str_dup(g->row, buf_str(&b));
	buf_finish(&b);
	return ret;
}

struct str
spell_persian(const struct gen *g, struct str s, const char *zwnj, bool arabic)
{
	const char *const table[][2] = {
		{"_", zwnj}, {"ی", arabic ? "ي" : "ی"}, {"ک", arabic ? "ك" : "ک"},
	};

	return replace(g, s, table, sizeof table / sizeof table[0]);
}

struct str
spell_without_diacritics(const struct gen *g, struct str s)
{
	static const char *const table[][2] = {
		{"ə", "e"}, {"Ə", "E"}, {"ı", "i"}, {"İ", "I"}, {"ğ", "g"}, {"ş", "s"},
		{"Ş", "S"}, {"ç", "c"}, {"Ç", "C"}, {"ö", "o"}, {"Ö", "O"}, {"ü", "u"},
		{"Ü", "U"},
	};

	return replace(g, s, table, sizeof table / sizeof table[0]);
}
