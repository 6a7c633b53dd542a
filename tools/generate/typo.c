/* Typing errors: one slip of the hand in a name, of the kinds each script invites. */
#include "gen_int.h"

enum { LETTERS_MAX = 64 };

struct letters {
	uint32_t v[LETTERS_MAX];
	size_t n;
};

/* Beside each other on the keyboard (QWERTY), for 'a' to 'z'. */
static const char *const beside[26] = {
	"sqwz", "vghn", "xdfv", "serfcx", "wsdr", "drtgvc", "ftyhbv", "gyujnb", "ujko",
	"huikmn", "jiolm", "kop", "njk", "bhjm", "iklp", "ol", "wa", "edft", "awedxz",
	"rfgy", "yhji", "cfgb", "qase", "zsdc", "tghu", "asx",
};

/* Letters taken for each other: of one sound in Persian, or one key with and
 * without its diacritic in Azerbaijani. */
static const char *const confused_fa[] = {"زذضظ", "سصث", "تط", "حه", "غق"};
static const char *const confused_az[] = {"əe", "ıi", "şs", "ğg", "çc", "üu", "öo", "qg",
	"xh"};

static void
insert_at(struct letters *l, size_t at, uint32_t c)
{
	invariant(l->n < LETTERS_MAX && at <= l->n);
	memmove(&l->v[at + 1], &l->v[at], (l->n - at) * sizeof l->v[0]);
	l->v[at] = c;
	l->n++;
}

static void
remove_at(struct letters *l, size_t at)
{
	memmove(&l->v[at], &l->v[at + 1], (l->n - at - 1) * sizeof l->v[0]);
	l->n--;
}

static bool
is_letter(uint32_t c)
{
	return c != '_' && c != ' ' && c != '-' && c != '\'';
}

/* Another letter of the same group, or 0. */
static uint32_t
confuse(struct rng *r, uint32_t c, const char *const *groups, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str s = str_of(groups[i]);
		uint32_t member[8];
		size_t k = 0, own = SIZE_MAX;

		for (size_t at = 0; at < s.n && k < 8; k++) {
			member[k] = utf8_next(s, &at);
			if (member[k] == c)
				own = k;
		}
		if (own != SIZE_MAX)
			return member[(own + 1 + rng_below(r, (uint32_t)k - 1)) % k];
	}
	return 0;
}

static uint32_t
slip(struct rng *r, uint32_t c, enum writing w)
{
	const char *near;

	if (w == FA)
		return confuse(r, c, confused_fa, sizeof confused_fa / sizeof confused_fa[0]);
	if (w == AZ)
		return confuse(r, c, confused_az, sizeof confused_az / sizeof confused_az[0]);
	if (c < 'a' || c > 'z')
		return 0;
	near = beside[c - 'a'];
	return (uint32_t)(unsigned char)near[rng_below(r, (uint32_t)strlen(near))];
}

/* One slip at `at`; false when this kind changes nothing there. */
static bool
apply(struct rng *r, struct letters *l, size_t at, uint32_t kind, enum writing w)
{
	uint32_t c = l->v[at];

	if (!is_letter(c))
		return false;
	if (kind < 40) {
		uint32_t other = slip(r, c, w);

		if (other)
			l->v[at] = other;
		return other != 0;
	}
	if (kind < 65) {
		remove_at(l, at);
		return true;
	}
	if (kind < 88) {
		if (at + 1 >= l->n || !is_letter(l->v[at + 1]) || l->v[at + 1] == c)
			return false;
		l->v[at] = l->v[at + 1];
		l->v[at + 1] = c;
		return true;
	}
	insert_at(l, at, c);
	return true;
}

static struct str
spelled(const struct gen *g, const struct letters *l)
{
	struct buf b;
	struct str ret;

	buf_init(&b, LETTERS_MAX * 4);
	for (size_t i = 0; i < l->n; i++)
		utf8_put(&b, l->v[i]);
	ret = str_dup(g->row, buf_str(&b));
	buf_finish(&b);
	return ret;
}

struct str
typo(const struct gen *g, struct rng *r, struct str s, enum writing w)
{
	struct letters l = {.n = 0};

	for (size_t at = 0; at < s.n; l.n++) {
		invariant(l.n < LETTERS_MAX - 1);
		l.v[l.n] = utf8_next(s, &at);
	}
	if (l.n < 4)
		return s;
	/* The first letter is seldom the wrong one (Pollock, Zamora 1984: 7.8 %).
	 * A place where the drawn kind cannot happen is drawn again. */
	for (unsigned tries = 0; tries < 12; tries++) {
		size_t at = rng_chance(r, 920) ? 1 + rng_below(r, (uint32_t)l.n - 1) : 0;

		if (apply(r, &l, at, rng_below(r, 100), w))
			return spelled(g, &l);
	}
	return s;
}
