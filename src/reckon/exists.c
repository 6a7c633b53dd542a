/*
 * Does the maximum likelihood estimate exist?  Fienberg & Rinaldo (2012), theorem 2: when
 * the sufficient statistics A'y are those of some strictly positive table, A'x with all
 * x > 0.  Their linear programme maximises the least x.
 *
 * Seen from the other side the counts themselves drop out: there must be no direction of
 * the parameters that leaves all cells with people alone, lowers no empty cell and moves
 * one.  The directions that leave the cells with people alone are a null space, mostly
 * of dimension 0, and then nothing remains to be asked.  Otherwise the empty cells'
 * rows R in a basis of it must have strictly positive x with R'x = 0 (Stiemke 1915): the
 * same linear programme with as many equations as that space has dimensions.
 */
#include "reckon/loglinear_int.h"

static const double nearly = 1e-9;    /* entries are small fractions */

/* Reduced echelon form, grown row by row. */
struct echelon {
	double *row;                  /* rank x width */
	unsigned width, rank;
	unsigned pivot[RECKON_PARAMETERS];
};

/* False: v depends on the rows there are. */
static bool
echelon_add(struct echelon *e, const double *v)
{
	double *r = e->row + (size_t)e->rank * e->width, by;
	unsigned at = 0;

	if (e->rank == e->width)
		return false;
	memcpy(r, v, e->width * sizeof *r);
	for (unsigned i = 0; i < e->rank; i++) {
		const double *x = e->row + (size_t)i * e->width;
		by = r[e->pivot[i]];
		for (unsigned j = 0; by != 0 && j < e->width; j++)
			r[j] -= by * x[j];
	}
	for (unsigned j = 1; j < e->width; j++)
		at = fabs(r[j]) > fabs(r[at]) ? j : at;
	if (fabs(r[at]) < nearly)
		return false;
	by = 1 / r[at];
	for (unsigned j = 0; j < e->width; j++)
		r[j] *= by;
	for (unsigned i = 0; i < e->rank; i++) {
		double *x = e->row + (size_t)i * e->width;
		by = x[at];
		for (unsigned j = 0; by != 0 && j < e->width; j++)
			x[j] -= by * r[j];
	}
	e->pivot[e->rank++] = at;
	return true;
}

/* A basis of what is orthogonal to all rows: basis[i * q + d] is entry i of vector d. */
static unsigned
null_space(const struct echelon *e, double *basis)
{
	unsigned q = e->width - e->rank, d = 0;
	bool pivots[RECKON_PARAMETERS] = {0};

	for (unsigned i = 0; i < e->rank; i++)
		pivots[e->pivot[i]] = true;
	for (unsigned j = 0; j < e->width; j++) {
		if (pivots[j])
			continue;
		for (unsigned i = 0; i < e->width; i++)
			basis[i * q + d] = i == j;
		for (unsigned i = 0; i < e->rank; i++)
			basis[e->pivot[i] * q + d] = -e->row[(size_t)i * e->width + j];
		d++;
	}
	return q;
}

/* ---- The programme ------------------------------------------------------------- */

/* q rows; columns 0 to m - 1 are the empty cells', column m is s, the least x.  All right
 * sides are 0: every pivot is degenerate, and Bland's rule ends it. */
struct programme {
	double *t;                    /* t[row * (m + 1) + column] */
	unsigned q;
	size_t m, basis[RECKON_PARAMETERS];
};

static void
pivot(struct programme *p, unsigned row, size_t column)
{
	size_t w = p->m + 1;
	double *r = p->t + row * w, by = 1 / r[column];

	for (size_t j = 0; j < w; j++)
		r[j] *= by;
	for (unsigned i = 0; i < p->q; i++) {
		double *x = p->t + i * w;
		by = x[column];
		if (i == row || by == 0)
			continue;
		for (size_t j = 0; j < w; j++)
			x[j] -= by * r[j];
		x[column] = 0;
	}
	p->basis[row] = column;
}

/* The row with an entry above 0 in this column whose basic variable comes first, or q. */
static unsigned
leaving(const struct programme *p, size_t column)
{
	unsigned best = p->q;

	for (unsigned i = 0; i < p->q; i++)
		if (p->t[i * (p->m + 1) + column] > nearly
			&& (best == p->q || p->basis[i] < p->basis[best]))
			best = i;
	return best;
}

/* Can s grow?  Its columns span the space (the caller made sure). */
static bool
can_grow(struct programme *p)
{
	size_t w = p->m + 1;
	unsigned s_row;

	for (unsigned i = 0; i < p->q; i++) {
		size_t at = 0;
		for (size_t j = 1; j < p->m; j++)
			at = fabs(p->t[i * w + j]) > fabs(p->t[i * w + at]) ? j : at;
		pivot(p, i, at);
	}
	s_row = leaving(p, p->m);
	if (s_row == p->q)
		return true;
	pivot(p, s_row, p->m);
	for (int k = 0; k < 100000; k++) {
		size_t j = 0;
		unsigned row;
		while (j < p->m && p->t[s_row * w + j] > -nearly)
			j++;
		if (j == p->m)
			return false;
		row = leaving(p, j);
		if (row == p->q)
			return true;
		pivot(p, row, j);
	}
	return false;
}

/* ---- The empty cells' rows ------------------------------------------------------ */

enum { ROWS_MAX = 1 << 16, ACTIVE_LISTS = 20 };

/* Rows that differ, by a hash of their values in 2^-20ths: many cells share one. */
struct distinct {
	double *row;                  /* n x q */
	uint32_t *slot;               /* 1 + number; 0: free */
	size_t n, room;
	unsigned q;
};

static void
distinct_add(struct distinct *d, const double *r)
{
	int64_t key[RECKON_PARAMETERS];
	size_t bytes = d->q * sizeof *r, at;

	for (unsigned i = 0; i < d->q; i++)
		key[i] = (int64_t)rint(r[i] * 1048576);
	at = hash64((struct bytes){(const uint8_t *)key, d->q * sizeof *key}, 0);
	for (;; at++) {
		uint32_t *s = &d->slot[at % (2 * ROWS_MAX)];
		bool same = true;
		if (*s == 0) {
			*s = (uint32_t)d->n + 1;
			break;
		}
		for (unsigned i = 0; i < d->q; i++)
			same &= fabs(d->row[(*s - 1) * d->q + i] - r[i]) < nearly;
		if (same)
			return;
	}
	if (d->n == d->room) {
		d->room = d->room ? 2 * d->room : 64;
		d->row = mem_grow(d->row, d->room, bytes);
	}
	memcpy(d->row + d->n++ * d->q, r, bytes);
}

/* Of the model, what has a part in the directions that are left. */
struct active {
	uint64_t lists;               /* that its terms are of */
	uint64_t bit[ACTIVE_LISTS];
	unsigned n_lists, n;
	unsigned term[RECKON_PARAMETERS];
};

static bool
active_of(const struct fitter *f, const double *basis, unsigned q, struct active *ret)
{
	*ret = (struct active){0};
	for (unsigned i = 0; i < f->k; i++) {
		double most = 0;
		for (unsigned j = 0; j < q; j++)
			most = fmax(most, fabs(basis[i * q + j]));
		if (most > nearly) {
			ret->term[ret->n++] = i;
			ret->lists |= f->term[i];
		}
	}
	for (uint64_t l = ret->lists; l; l &= l - 1) {
		if (ret->n_lists == ACTIVE_LISTS)
			return false;
		ret->bit[ret->n_lists++] = l & -l;
	}
	return true;
}

/* Is the cell observable?  Not if it holds a term that is -infinity.  The cell of none of
 * the active lists stands for those of some other list. */
static bool
observable(const struct fitter *f, uint64_t cell, uint64_t active)
{
	bool some = cell != 0;

	for (unsigned i = 0; i < f->empty; i++)
		if ((f->gone[i] & ~cell) == 0)
			return false;
	for (unsigned i = 0; i < f->k && !some; i++)
		some = (f->term[i] & ~active) != 0;
	return some;
}

/* All of the empty cells' rows that are not zero; those of cells with people are.  A row
 * depends on the active lists alone, and any part of an observable cell is observable, so
 * that the subsets of these lists stand for all cells.  False: too many. */
static bool
collect(const struct fitter *f, const double *basis, struct distinct *d)
{
	double r[RECKON_PARAMETERS];
	struct active v;

	if (!active_of(f, basis, d->q, &v))
		return false;
	for (uint32_t s = 0; s < 1u << v.n_lists; s++) {
		uint64_t cell = 0;
		double most = 0;
		for (unsigned i = 0; i < v.n_lists; i++)
			cell |= s >> i & 1 ? v.bit[i] : 0;
		if (!observable(f, cell, v.lists))
			continue;
		memset(r, 0, sizeof r);
		for (unsigned i = 0; i < v.n; i++)
			for (unsigned j = 0; (f->term[v.term[i]] & ~cell) == 0 && j < d->q; j++)
				r[j] += basis[v.term[i] * d->q + j];
		for (unsigned j = 0; j < d->q; j++)
			most = fmax(most, fabs(r[j]));
		if (most > nearly)
			distinct_add(d, r);
		if (d->n >= ROWS_MAX)
			return false;
	}
	return true;
}

static enum reckon_fit_state
decide(const struct distinct *d)
{
	struct programme p = {.q = d->q, .m = d->n};
	double square[RECKON_PARAMETERS * RECKON_PARAMETERS];
	struct echelon span = {.row = square, .width = d->q};
	bool grows;

	for (size_t c = 0; c < d->n && span.rank < d->q; c++)
		echelon_add(&span, d->row + c * d->q);
	if (span.rank < d->q)
		return RECKON_FIT_NOT_IDENTIFIED;
	p.t = mem_alloc((d->n + 1) * d->q, sizeof *p.t);
	for (size_t c = 0; c < d->n; c++)
		for (unsigned i = 0; i < d->q; i++) {
			p.t[i * (d->n + 1) + c] = d->row[c * d->q + i];
			p.t[i * (d->n + 1) + d->n] += d->row[c * d->q + i];
		}
	grows = can_grow(&p);
	mem_free(p.t);
	return grows ? RECKON_FIT_OK : RECKON_FIT_NO_MLE;
}

enum reckon_fit_state
fitter_exists(struct fitter *f, const struct cross *x)
{
	struct echelon seen = {.row = f->rows, .width = f->k};
	double row[RECKON_PARAMETERS];
	struct distinct d = {0};
	enum reckon_fit_state s = RECKON_FIT_TOO_LARGE;

	for (size_t c = 0; c < x->n_cells && seen.rank < f->k; c++) {
		if (!(x->y[c] > 0))
			continue;
		for (unsigned i = 0; i < f->k; i++)
			row[i] = (f->term[i] & ~x->on[c]) == 0;
		echelon_add(&seen, row);
	}
	if (seen.rank == f->k)
		return RECKON_FIT_OK;
	d.q = null_space(&seen, f->h);
	d.slot = mem_alloc(2 * ROWS_MAX, sizeof *d.slot);
	if (collect(f, f->h, &d))
		s = decide(&d);
	mem_free(d.slot);
	mem_free(d.row);
	return s;
}
