/* Hierarchical models: sets of terms that hold every part of each of their terms. */
#include "reckon/loglinear_int.h"

void
model_main(struct model *m, unsigned n_lists)
{
	m->n = 0;
	m->term[m->n++] = 0;
	for (unsigned i = 0; i < n_lists; i++)
		m->term[m->n++] = (uint64_t)1 << i;
}

static bool
has(const struct model *m, uint64_t term)
{
	for (unsigned i = 0; i < m->n; i++)
		if (m->term[i] == term)
			return true;
	return false;
}

bool
model_add(struct model *m, uint64_t term)
{
	struct model was = *m;

	for (uint64_t part = term;; part = (part - 1) & term) {
		if (!has(m, part)) {
			if (m->n == RECKON_PARAMETERS) {
				*m = was;
				return false;
			}
			m->term[m->n++] = part;
		}
		if (part == 0)
			return true;
	}
}

uint64_t
term_spread(uint64_t term, uint64_t keep)
{
	uint64_t out = 0;

	for (; keep; keep &= keep - 1, term >>= 1)
		out |= term & 1 ? keep & -keep : 0;
	return out;
}

/* Bigger ones first, then as words: [123] [14] [34]. */
static int
by_size(const void *x, const void *y)
{
	uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y, differ = a ^ b;
	int p = __builtin_popcountll(a), q = __builtin_popcountll(b);

	if (p != q)
		return q - p;
	return differ == 0 ? 0 : a & differ & -differ ? -1 : 1;
}

const uint64_t *
model_show(struct arena *a, const struct model *m, uint64_t keep, unsigned *ret_n)
{
	uint64_t top[RECKON_PARAMETERS];
	unsigned n = 0;

	for (unsigned i = 0; i < m->n; i++) {
		bool largest = m->term[i] != 0;
		for (unsigned j = 0; j < m->n; j++)
			largest &= j == i || (m->term[i] & ~m->term[j]) != 0;
		if (largest)
			top[n++] = term_spread(m->term[i], keep);
	}
	qsort(top, n, sizeof *top, by_size);
	*ret_n = n;
	return arena_copy(a, top, n * sizeof *top);
}

struct str
reckon_terms_show(struct arena *a, const uint64_t *terms, size_t n, const struct str *names)
{
	struct buf b;
	struct str out;

	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < n; i++) {
		bool first = true, wide = terms[i] >> 9 != 0;
		buf_byte(&b, '[');
		for (uint64_t t = terms[i]; t; t &= t - 1, first = false) {
			unsigned list = (unsigned)__builtin_ctzll(t);
			if (!first && (names || wide))
				buf_byte(&b, ':');
			if (names)
				buf_put(&b, names[list].p, names[list].n);
			else
				buf_fmt(&b, "%u", list + 1);
		}
		buf_byte(&b, ']');
	}
	out = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return out;
}

/* ---- All of them ----------------------------------------------------------------- */

struct all {
	uint32_t *v;
	size_t n, room;
	unsigned n_lists;
};

static void
take(struct all *all, uint32_t terms)
{
	if (all->n == all->room) {
		all->room = all->room ? 2 * all->room : 128;
		all->v = mem_grow(all->v, all->room, sizeof *all->v);
	}
	all->v[all->n++] = terms;
}

/* Every choice of terms of this size whose parts are all in, and with each every choice
 * of larger ones.  The recursion is as deep as there are lists. */
static void
extend(struct all *all, uint32_t terms, int size)
{
	uint32_t can = 0;

	for (uint32_t s = 1; s < 1u << all->n_lists; s++) {
		bool whole = __builtin_popcount(s) == size && size < (int)all->n_lists;
		for (uint32_t i = s; whole && i; i &= i - 1)
			whole = terms >> (s & ~(i & -i)) & 1;
		can |= (uint32_t)whole << s;
	}
	if (can == 0) {
		take(all, terms);
		return;
	}
	for (uint32_t some = can;; some = (some - 1) & can) {
		if (some)
			extend(all, terms | some, size + 1);
		else
			take(all, terms);
		if (some == 0)
			return;
	}
}

uint32_t *
models_all(unsigned n_lists, size_t *ret_n)
{
	struct all all = {.n_lists = n_lists};
	uint32_t terms = 1;

	invariant(n_lists >= 2 && n_lists <= RECKON_MODEL_LISTS);
	for (unsigned i = 0; i < n_lists; i++)
		terms |= 1u << (1u << i);
	extend(&all, terms, 2);
	*ret_n = all.n;
	return all.v;
}

void
model_of_set(struct model *m, uint32_t terms)
{
	for (m->n = 0; terms; terms &= terms - 1)
		m->term[m->n++] = (uint64_t)__builtin_ctz(terms);
}
