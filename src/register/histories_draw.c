/*
 * The same question put to linkages as likely as the one in force: the lists' words stay
 * the same, whose they are changes.  Only records that the linkage in force counts, or
 * would count, take part, so that no linkage knows more than it does; people's judgements
 * hold in every one (docs/methods/match.md, "Linkages drawn").
 */
#include "reconcile/reconcile.h"
#include "register/histories_int.h"

struct drawing {
	struct historian *h;
	struct light_person *all;    /* those that take part, by position */
	uint64_t *key;               /* number of the person, then of the record */
	size_t n;
	enum status st;              /* of the first that failed */
	struct err *e;
};

static int
by_pos(const void *x, const void *y)
{
	const struct light_person *l = x, *r = y;

	return (l->pos > r->pos) - (l->pos < r->pos);
}

static void
take_part(struct historian *h, struct drawing *d)
{
	d->all = NEWS(h->a, struct light_person, h->v.n);
	d->key = NEWS(h->a, uint64_t, h->v.n);
	for (size_t i = 0, k; i < h->v.n; i = k) {
		for (k = i + 1; k < h->v.n && h->v.persons[k].cluster == h->v.persons[i].cluster; k++)
			;
		if (!histories_seen(h, i, k))
			continue;
		memcpy(d->all + d->n, h->v.persons + i, (k - i) * sizeof *d->all);
		d->n += k - i;
	}
	if (d->n)
		qsort(d->all, d->n, sizeof *d->all, by_pos);
}

static int
by_key(const void *x, const void *y)
{
	uint64_t l = *(const uint64_t *)x, r = *(const uint64_t *)y;

	return (l > r) - (l < r);
}

static void
one_linkage(void *context, size_t linkage, const uint32_t *cluster)
{
	struct drawing *d = context;
	struct historian *h = d->h;

	for (size_t i = 0; i < d->n; i++)
		d->key[i] = (uint64_t)cluster[i] << 32 | i;
	qsort(d->key, d->n, sizeof *d->key, by_key);
	for (size_t i = 0; i < d->n; i++) {
		h->v.persons[i] = d->all[(uint32_t)d->key[i]];
		h->v.persons[i].cluster = d->key[i] >> 32;
	}
	histories_hear(h);
	if (d->st == OK)
		d->st = histories_count(h, &h->out->linkage[linkage], d->e);
}

enum status
histories_draw(struct historian *h, struct err *e)
{
	struct reg_histories ignored = {0}, *out = h->out;
	struct drawing d = {.h = h, .e = e};
	struct match_resample_options o = {.n = h->ask->linkages, .seed = h->ask->seed,
		.progress = os_progress, .each = one_linkage, .context = &d};
	uint64_t *pos = NEWS(h->a, uint64_t, h->v.n);
	enum status st;

	/* More lists than the matcher can keep apart: the linkage in force alone. */
	if (h->v.n_lists + 1 > MATCH_HISTORY_LISTS)
		return OK;
	take_part(h, &d);
	for (size_t i = 0; i < d.n; i++)
		pos[i] = d.all[i].pos;
	h->v.n = d.n;
	/* What is left out was told of the linkage in force. */
	ignored.linkage = out->linkage = NEWS(h->a, struct reckon_counts, h->ask->linkages);
	h->out = &ignored;
	st = link_draw(h->v.r, pos, d.n, &o, e);
	h->out = out;
	out->n_linkages = h->ask->linkages;
	return st ? st : d.st;
}
