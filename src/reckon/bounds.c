/* Lower bounds, two lists, and how N depends on what no data tell. */
#include "reckon/alone_int.h"
#include "reckon/tails_int.h"

enum { BOUNDS_LISTS = 16 };           /* 2^16 cells */

static enum status
people(const struct reckon_counts *c, const char *what, struct err *e)
{
	if (c->n_lists < 2)
		return err_set(e, BAD, "%s: one list; two that overlap would be right", what);
	if (c->n == 0)
		return err_set(e, BAD, "%s: nobody is on any list; people on some would be right",
			what);
	return OK;
}

enum status
reckon_chao(const struct reckon_counts *c, double level, struct reckon_estimate *ret,
	struct err *e)
{
	double f1 = 0, f2 = 0, t = c->n_lists, n0, var;
	enum status s = people(c, "Chao's bound", e);

	if (s == OK)
		s = tails_level(&level, e);
	if (s != OK)
		return s;
	for (size_t i = 0; i < c->n_cells; i++) {
		int k = __builtin_popcountll(c->cells[i].on);
		if (k == 1)
			f1 += (double)c->cells[i].count;
		if (k == 2)
			f2 += (double)c->cells[i].count;
	}
	n0 = (t - 1) / t * f1 * (f1 - 1) / (2 * (f2 + 1));
	var = n0 + (t - 1) * (t - 1) / (t * t) * f1 * (f1 - 1)
		* (f1 * f1 + 4 * f1 * f2 + 3 * f1 - 6 * f2 - 6)
		/ (4 * (f2 + 1) * (f2 + 1) * (f2 + 2));
	/* With a few people the correction's variance can come out below the Poisson one. */
	*ret = tails_log_normal((double)c->n, n0, sqrt(fmax(var, n0)), level);
	return OK;
}

void
alone_add(struct alone *x, uint64_t on, double people)
{
	uint64_t rest = on & (on - 1);

	if (rest == 0)
		x->y[__builtin_ctzll(on)] = people;
	else if ((rest & (rest - 1)) == 0)
		x->both[__builtin_ctzll(on)][__builtin_ctzll(rest)] = people;
}

void
alone_sums(const struct alone *x, double *ret_products, double *ret_both)
{
	*ret_products = *ret_both = 0;
	for (unsigned i = 0; i < x->n; i++)
		for (unsigned j = i + 1; j < x->n; j++)
			if (!x->out[i][j]) {
				*ret_products += x->y[i] * x->y[j];
				*ret_both += x->both[i][j];
			}
}

/* The pair whose overlap is clearly smaller than the other pairs let expect, by one-sided
 * 1 %, the difference of logarithms taken as normal; false: there is none. */
static bool
find_apart(const struct alone *x, unsigned *ret_i, unsigned *ret_j)
{
	const double clearly = 2.326;
	double products, both, worst = clearly;

	alone_sums(x, &products, &both);
	for (unsigned i = 0; i < x->n; i++)
		for (unsigned j = i + 1; j < x->n; j++) {
			double own = x->y[i] * x->y[j], others = products - own, f = x->both[i][j];
			if (x->out[i][j] || !(own > 0) || !(others > 0))
				continue;
			double z = log(own / (f + 1) / (others / (both - f + 1)))
				/ sqrt(1 / (f + 1) + 1 / (both - f + 1));
			if (z > worst) {
				worst = z;
				*ret_i = i;
				*ret_j = j;
			}
		}
	return worst > clearly;
}

/* Half of the pairs stay, so that what excludes is the exception. */
void
alone_leave_apart(struct alone *x)
{
	unsigned counting = 0, a = 0, b = 0;

	for (unsigned i = 0; i < x->n; i++)
		for (unsigned j = i + 1; j < x->n; j++)
			counting += !x->out[i][j];
	for (unsigned left = counting / 2; left && find_apart(x, &a, &b); left--)
		x->out[a][b] = true;
}

enum status
reckon_chao_lists(const struct reckon_counts *c, double level, struct reckon_estimate *ret,
	struct err *e)
{
	struct alone x = {.n = c->n_lists};
	double products, both, var = 0;
	enum status s = people(c, "Chao's bound", e);

	if (s == OK)
		s = tails_level(&level, e);
	if (s != OK)
		return s;
	for (size_t i = 0; i < c->n_cells; i++)
		alone_add(&x, c->cells[i].on, (double)c->cells[i].count);
	alone_leave_apart(&x);
	alone_sums(&x, &products, &both);
	/* Of the logarithm: the derivative of the products by y_i is the sum of its partners. */
	for (unsigned i = 0; i < x.n && products > 0; i++) {
		double partners = 0;
		for (unsigned j = 0; j < x.n; j++)
			if (j != i && !x.out[i < j ? i : j][i < j ? j : i])
				partners += x.y[j];
		var += x.y[i] * partners * partners / (products * products);
	}
	var += 1 / (both + 1);
	products /= both + 1;
	*ret = tails_log_normal((double)c->n, products, products * sqrt(expm1(var)), level);
	return OK;
}

enum status
reckon_least(const struct reckon_counts *c, double level, struct reckon_estimate *ret,
	struct err *e)
{
	struct reckon_estimate alike, own;
	double n = (double)c->n;
	uint64_t shared = 0;
	enum status s = reckon_chao(c, level, &alike, e);

	if (s == OK)
		s = reckon_chao_lists(c, level, &own, e);
	if (s != OK)
		return s;
	for (size_t i = 0; i < c->n_cells; i++)
		if (c->cells[i].on & (c->cells[i].on - 1))
			shared += c->cells[i].count;
	if (shared < RECKON_GATE_SHARED)
		*ret = (struct reckon_estimate){n, 0, {n, n}};
	else
		*ret = alike.interval.lower < own.interval.lower ? alike : own;
	return OK;
}

enum status
reckon_chapman(const struct reckon_counts *c, double level, struct reckon_estimate *ret,
	struct err *e)
{
	double n1 = 0, n2 = 0, m = 0, n0, var;
	enum status s = people(c, "Chapman's estimate", e);

	if (s == OK)
		s = tails_level(&level, e);
	if (s != OK)
		return s;
	if (c->n_lists != 2)
		return err_set(e, BAD, "Chapman's estimate: %u lists; two would be right", c->n_lists);
	for (size_t i = 0; i < c->n_cells; i++) {
		double y = (double)c->cells[i].count;
		n1 += c->cells[i].on & 1 ? y : 0;
		n2 += c->cells[i].on & 2 ? y : 0;
		m += c->cells[i].on == 3 ? y : 0;
	}
	/* (n1+1)(n2+1)/(m+1) - 1 - (n1+n2-m), without the difference of large numbers. */
	n0 = (n1 - m) * (n2 - m) / (m + 1);
	var = (n1 + 1) * (n2 + 1) * (n1 - m) * (n2 - m) / ((m + 1) * (m + 1) * (m + 2));
	*ret = tails_log_normal((double)c->n, n0, sqrt(var), level);
	return OK;
}

/* Mean and variance of ln r: every cell takes part with +1 or -1, and the signs of all
 * cells but the empty one add up to 1, which brings in the total once. */
static void
log_ratio(const struct reckon_counts *c, double *ret_mean, double *ret_var)
{
	double total = (double)c->n, mean = 0, var = 0;
	uint64_t all = (uint64_t)1 << c->n_lists;
	double empty = tails_digamma(0.5), empty_var = tails_trigamma(0.5);
	double signs = 1;                 /* of the cells that have nobody */

	for (size_t i = 0; i < c->n_cells; i++) {
		double alpha = (double)c->cells[i].count + 0.5;
		double sign = __builtin_popcountll(c->cells[i].on) & 1 ? 1 : -1;
		mean += sign * tails_digamma(alpha);
		var += tails_trigamma(alpha);
		signs -= sign;
	}
	mean += signs * empty;
	var += (double)(all - 1 - c->n_cells) * empty_var;
	total += 0.5 * (double)(all - 1);
	*ret_mean = mean - tails_digamma(total);
	*ret_var = var - tails_trigamma(total);
}

enum status
reckon_bounds(const struct reckon_counts *c, double level, const double *xi, size_t n_xi,
	struct reckon_estimate *out, struct err *e)
{
	double mean, var, half, n = (double)c->n;
	enum status s = people(c, "N by assumption", e);

	if (s == OK)
		s = tails_level(&level, e);
	if (s != OK)
		return s;
	if (c->n_lists > BOUNDS_LISTS)
		return err_set(e, BAD, "N by assumption: %u lists; %d at most would be right",
			c->n_lists, BOUNDS_LISTS);
	for (size_t i = 0; i < n_xi; i++)
		if (!(xi[i] > 0 && xi[i] < 1e9))
			return err_set(e, BAD, "N by assumption: xi %g; a factor above 0 would be right",
				xi[i]);
	log_ratio(c, &mean, &var);
	half = special_normal_cdf_inverse(0.5 + level / 2) * sqrt(var);
	for (size_t i = 0; i < n_xi; i++) {
		double n0 = n * exp(mean) / xi[i];
		out[i] = (struct reckon_estimate){n + n0, n0 * sqrt(expm1(var)),
			{n + n0 * exp(-half), n + n0 * exp(half)}};
	}
	return OK;
}

struct reckon_estimate
reckon_at_xi(struct reckon_estimate at_1, uint64_t seen, double xi)
{
	double n = (double)seen;

	return (struct reckon_estimate){n + (at_1.n - n) / xi, at_1.se / xi,
		{n + (at_1.interval.lower - n) / xi, n + (at_1.interval.upper - n) / xi}};
}

struct reckon_counts
reckon_counts_without(struct arena *a, const struct reckon_counts *c, unsigned list)
{
	uint64_t all = ((uint64_t)1 << c->n_lists) - 1;

	return reckon_counts_keep(a, c, all & ~((uint64_t)1 << list));
}
