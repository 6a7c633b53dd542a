/* Whole names divided into given name, family and father, where a list does not say. */
#include "reconcile/reconcile_int.h"

static struct str
join(struct arena *a, const struct match_name *n, size_t from, size_t to)
{
	struct buf b;
	struct str s;

	buf_init(&b, 8 * MATCH_NAME_LETTERS);
	for (size_t i = from; i < to; i++) {
		if (b.n)
			buf_byte(&b, ' ');
		buf_put(&b, n->tokens[i].text.p, n->tokens[i].text.n);
	}
	s = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return s;
}

/* The Russian ending stands in family names only. */
static bool
looks_like_family(const struct match_token *t)
{
	struct str s = t->n_keys ? t->sounds[0] : S("");

	return s.n > 2 && (s.p[s.n - 1] == 'W' || s.p[s.n - 2] == 'W');
}

/* "oglu" follows the father's name, "bin" goes before it.  Returns which words are
 * left for given and family, [*from, *to). */
static void
take_father(struct arena *a, const struct match_name *n, struct name_parts *p, size_t *from,
	size_t *to)
{
	for (size_t i = 1; i < n->n; i++) {
		if (n->tokens[i].role != MATCH_CHILD_OF)
			continue;
		if (i + 1 == n->n && i >= 2) {
			p->father = join(a, n, i - 1, i);
			*to = i - 1;
		} else if (i + 1 < n->n) {
			p->father = join(a, n, i + 1, i + 2);
			/* "Ali bin Hasan al-Basri": what follows the father is the family. */
			p->given = join(a, n, 0, i);
			*from = i + 2;
		}
		return;
	}
}

/* Which part is which is a guess: comparing tries the other order too. */
struct name_parts
whole_divide(struct arena *a, struct str whole)
{
	struct match_name n = match_name_of(a, whole);
	struct name_parts p = {STR_NONE, STR_NONE, STR_NONE};
	size_t comma = str_find(whole, ','), from = 0, to = n.n;

	if (comma < whole.n) {
		p.family = str_upto(whole, comma);
		p.given = str_from(whole, comma + 1);
		return p;
	}
	take_father(a, &n, &p, &from, &to);
	if (p.given.p) {
		if (from < to)
			p.family = join(a, &n, from, to);
	} else if (to - from == 1) {
		p.given = join(a, &n, from, to);
	} else if (to > from && (looks_like_family(&n.tokens[from]) || p.father.p)
		&& !looks_like_family(&n.tokens[to - 1])) {
		/* Azerbaijani documents: family, given, father. */
		p.family = join(a, &n, from, from + 1);
		p.given = join(a, &n, from + 1, to);
	} else if (to > from) {
		p.given = join(a, &n, from, to - 1);
		p.family = join(a, &n, to - 1, to);
	}
	return p;
}
