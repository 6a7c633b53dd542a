/* The density of the data under one graph, for many numbers of unseen people at once. */
#include "reckon/graphs_int.h"

/* How the people seen fall into the cells of the lists A, without the cell "none". */
static void
margin(struct sums *s, const struct reckon_counts *c, unsigned set)
{
	double y[CHORDAL_SETS] = {0};
	unsigned k = (unsigned)__builtin_popcount(set);
	double delta = s->delta * (double)(1u << (s->p - k)), zero = special_lgamma(delta);

	for (size_t i = 0; i < c->n_cells; i++)
		y[c->cells[i].on & set] += (double)c->cells[i].count;
	s->none[set] = y[0] + delta;
	s->base[set] = -zero;
	for (unsigned a = set; a; a = (a - 1) & set)
		if (y[a] > 0)                         /* empty cells: lnG(d) - lnG(d) */
			s->base[set] += special_lgamma(y[a] + delta) - zero;
}

void
sums_init(struct sums *s, const struct reckon_counts *c, const struct reckon_graphs_options *o)
{
	s->p = c->n_lists;
	s->n = (double)c->n;
	s->o = o;
	s->delta = o->delta > 0 ? o->delta : 1.0 / (double)(1u << s->p);
	s->alpha = s->delta * (double)(1u << s->p);
	for (unsigned set = 1; set < 1u << s->p; set++)
		margin(s, c, set);
}

static double
log_prior(const struct reckon_graphs_options *o, double n)
{
	switch (o->prior) {
	case RECKON_PRIOR_UNIFORM:
		return 0;
	case RECKON_PRIOR_NEGATIVE_BINOMIAL:
		return n * special_log(o->b) - (n + o->a) * special_log1p(o->b)
			+ special_lgamma(n + o->a) - special_lgamma(n + 1) - special_lgamma(o->a);
	case RECKON_PRIOR_INVERSE:
		break;
	}
	return -special_log(n);
}

/* g(A) = sum over cells of lnG(y + delta_A) - lnG(delta_A); the empty separator stands
 * once per component and brings lnG(alpha) - lnG(N + alpha). */
void
block_prepare(const struct sums *s, struct block *b)
{
	for (unsigned j = b->n; j < BLOCK; j++) {
		b->n0[j] = b->n0[b->n - 1];
		b->width[j] = 0;
	}
	for (unsigned j = 0; j < BLOCK; j++) {
		double n = s->n + b->n0[j];
		b->common[j] = j < b->n ? special_lgamma(n + 1) - special_lgamma(b->n0[j] + 1)
			+ log_prior(s->o, n) + special_log(b->width[j]) : -INFINITY;
		b->g[0][j] = special_lgamma(n + s->alpha) - special_lgamma(s->alpha);
	}
	for (unsigned set = 1; set < 1u << s->p; set++)
		for (unsigned j = 0; j < BLOCK; j++)
			b->g[set][j] = s->base[set] + special_lgamma(s->none[set] + b->n0[j]);
}

double
block_weigh(struct block *b, const struct chordal *g)
{
	double *w = b->log_weight, most = -INFINITY;
	unsigned k = 0;

	memcpy(w, b->common, sizeof b->common);
	for (; k < g->n_cliques; k++) {
		const double *row = b->g[g->set[k]];
		for (unsigned j = 0; j < BLOCK; j++)
			w[j] += row[j];
	}
	for (; k < (unsigned)g->n_cliques + g->n_separators; k++) {
		const double *row = b->g[g->set[k]];
		for (unsigned j = 0; j < BLOCK; j++)
			w[j] -= row[j];
	}
	for (unsigned j = 0; j < BLOCK; j++)
		most = w[j] > most ? w[j] : most;
	return most;
}
