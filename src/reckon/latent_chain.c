/*
 * One state of Manrique-Vallier's model (Biometrics 72, 2016, "Bayesian population size
 * estimation using Dirichlet process mixtures") and the moves that keep its posterior.
 *
 * K classes, shares nu by truncated stick-breaking, V_k ~ Beta(1, alpha), V_K = 1,
 * alpha ~ Gamma(a, rate b); on list j with probability lambda_jk ~ U(0, 1);
 * p(N) proportional to 1/N.
 */
#include "reckon/latent_int.h"

struct latent_state *
latent_state_create(struct arena *a, const struct latent_data *d)
{
	struct latent_state *s = NEW(a, struct latent_state);
	size_t w = d->width, t = w * d->n_lists;

	s->odds = NEWS(a, double, t);
	s->on = NEWS(a, double, t);
	s->lambda = NEWS(a, double, t);
	s->base = NEWS(a, double, w);
	s->nu = NEWS(a, double, w);
	s->seen = NEWS(a, double, w);
	s->size = NEWS(a, double, w);
	s->n0 = NEWS(a, double, w);
	s->weight = NEWS(a, double, w);
	s->v = NEWS(a, double, w);
	s->q = NEWS(a, double, t + w);
	s->p = NEWS(a, double, t + w);
	s->g = NEWS(a, double, t + w);
	s->keep = NEWS(a, double, t + w);
	return s;
}

/* All that lasts from one move to the next; not the scratch. */
void
latent_state_copy(const struct latent_data *d, struct latent_state *to,
	const struct latent_state *from)
{
	const size_t w = d->width * sizeof(double), t = w * d->n_lists;

	memcpy(to->odds, from->odds, t);
	memcpy(to->on, from->on, t);
	memcpy(to->base, from->base, w);
	memcpy(to->nu, from->nu, w);
	memcpy(to->seen, from->seen, w);
	memcpy(to->v, from->v, w);
	memcpy(to->size, from->size, w);
	memcpy(to->n0, from->n0, w);
	to->alpha = from->alpha;
	to->capped = from->capped;
}

void
latent_prior_set(const struct latent_data *d, double strength, struct latent_prior *p)
{
	p->strength = strength;
	p->ln_beta = 0.0;
	for (size_t j = 0; j < d->n_lists; j++) {
		p->on[j] = 1.0 + strength * d->rate[j];
		p->off[j] = 1.0 + strength * (1.0 - d->rate[j]);
		p->ln_beta += special_lgamma(p->on[j]) + special_lgamma(p->off[j])
			- special_lgamma(2.0 + strength);
	}
}

/* ---- Weights ---------------------------------------------------------------- */

/* The same as weigh(), where products over lists leave the range of doubles (people on
 * dozens of lists, of which nearly everybody is on each). */
static double
weigh_in_logs(const struct latent_data *d, const struct latent_state *s, size_t cell)
{
	const size_t w = d->width;
	double *out = s->weight, most = -INFINITY, sum = 0.0;

	for (size_t k = 0; k < d->n_classes; k++) {
		out[k] = s->nu[k] > 0.0 ? special_log(s->nu[k]) : -1e300;
		for (size_t j = 0; j < d->n_lists; j++)
			out[k] -= special_log1p(s->odds[j * w + k]);
		for (uint32_t i = d->from[cell]; i < d->from[cell + 1]; i++)
			out[k] += special_log(s->odds[d->lists[i] * w + k]);
		if (out[k] > most)
			most = out[k];
	}
	for (size_t k = 0; k < d->n_classes; k++)
		sum += out[k] = special_exp(out[k] - most);
	return sum;
}

/* Shares of the classes in one cell into s->weight; their sum.  Linear: a product over the lists the cell is on only. */
static double
weigh(const struct latent_data *d, const struct latent_state *s, size_t cell)
{
	const size_t w = d->width;
	double *restrict out = s->weight, sum = 0.0;

	memcpy(out, s->base, w * sizeof *out);
	for (uint32_t i = d->from[cell]; i < d->from[cell + 1]; i++) {
		const double *restrict odds = s->odds + d->lists[i] * w;
		for (size_t k = 0; k < w; k++)
			out[k] *= odds[k];
	}
	for (size_t k = 0; k < w; k++)
		sum += out[k];
	return sum > 1e-250 && sum < 1e250 ? sum : weigh_in_logs(d, s, cell);
}

static void
add(const struct latent_data *d, struct latent_state *s, size_t cell, size_t k, uint64_t people)
{
	s->size[k] += (double)people;
	for (uint32_t i = d->from[cell]; i < d->from[cell + 1]; i++)
		s->on[d->lists[i] * d->width + k] += (double)people;
}

/* People of one cell to classes by s->weight: few one by one, many class by class. */
static void
place(const struct latent_data *d, struct latent_state *s, struct reckon_random *r, size_t cell,
	double sum)
{
	const double *weight = s->weight;
	uint64_t f = d->count[cell], got[LATENT_CLASSES];

	if (f > 12) {
		reckon_random_multinomial(r, f, weight, d->n_classes, got);
		for (size_t k = 0; k < d->n_classes; k++)
			if (got[k])
				add(d, s, cell, k, got[k]);
		return;
	}
	for (; f > 0; f--) {
		double u = reckon_random_uniform(r) * sum;
		size_t k = 0;
		while ((u -= weight[k]) >= 0.0 && k + 1 < d->n_classes)
			k++;
		add(d, s, cell, k, 1);
	}
}

static void
allocate(const struct latent_data *d, struct latent_state *s, struct reckon_random *r)
{
	memset(s->on, 0, d->n_lists * d->width * sizeof *s->on);
	memset(s->size, 0, d->width * sizeof *s->size);
	for (size_t m = 0; m < d->n_cells; m++)
		place(d, s, r, m, weigh(d, s, m));
}

/* n0 given the parameters: n0 ~ NegBin, as Poisson(Gamma(n) p0/(1-p0)). */
static void
unseen(const struct latent_data *d, struct latent_state *s, struct reckon_random *r)
{
	double p0 = 0.0, seen = 0.0, mean;
	uint64_t n0, got[LATENT_CLASSES];

	for (size_t k = 0; k < d->n_classes; k++) {
		p0 += s->base[k];
		seen += s->nu[k] * s->seen[k];
	}
	mean = reckon_random_gamma(r, (double)d->n) * p0 / seen;
	if (!(mean < LATENT_N0_CAP)) {
		s->capped = true;           /* stay: N is below the cap a priori */
		return;
	}
	n0 = reckon_random_poisson(r, mean);
	reckon_random_multinomial(r, n0, s->base, d->n_classes, got);
	for (size_t k = 0; k < d->n_classes; k++)
		s->n0[k] = (double)got[k];
}

/* ---- With shares and capture probabilities integrated out -------------------- */

/* ln of prior times P(sizes | alpha), as a density of ln alpha. */
static double
ln_alpha(const struct latent_data *d, const struct latent_state *s, double alpha)
{
	double sum = d->a * special_log(alpha) - d->b * alpha, behind = 0.0, all;

	behind = s->size[d->n_classes - 1] + s->n0[d->n_classes - 1];
	for (size_t k = d->n_classes - 1; k-- > 0; behind = all) {
		all = behind + s->size[k] + s->n0[k];
		if (all == 0.0)
			continue;                   /* alpha B(1, alpha) = 1 */
		sum += special_log(alpha) + special_lgamma(alpha + behind)
			- special_lgamma(1.0 + alpha + all);
	}
	return sum;
}

static void
move_alpha(const struct latent_data *d, struct latent_state *s, struct reckon_random *r)
{
	double now = ln_alpha(d, s, s->alpha);

	for (int i = 0; i < 2; i++) {
		double to = s->alpha * special_exp((i ? 2.0 : 0.7) * reckon_random_normal(r)), then;
		if (!(to > 1e-200 && to < 1e9))
			continue;
		then = ln_alpha(d, s, to);
		if (special_log(reckon_random_uniform(r)) < then - now) {
			s->alpha = to;
			now = then;
		}
	}
}

/* ln of what depends on the unseen of class k. */
static double
ln_unseen(const struct latent_data *d, const struct latent_prior *p, const struct latent_state *s,
	size_t k, double all, double n0)
{
	double size = s->size[k] + n0, sum, behind = 0.0, rest = all + n0;

	sum = special_lgamma(rest) - special_lgamma(n0 + 1.0)
		- d->n_lists * special_lgamma(2.0 + p->strength + size);
	for (size_t j = 0; j < d->n_lists; j++)
		sum += special_lgamma(p->off[j] + size - s->on[j * d->width + k]);
	/* Sticks up to k; all: everybody but the unseen of k. */
	for (size_t h = 0; h <= k && h + 1 < d->n_classes; h++) {
		double here = h == k ? size : s->size[h] + s->n0[h];
		behind = rest - here;
		if (behind < 0.0)
			behind = 0.0;
		sum += special_lgamma(s->alpha + behind) - special_lgamma(1.0 + s->alpha + rest);
		rest = behind;
	}
	return k + 1 < d->n_classes ? sum + special_lgamma(1.0 + size) : sum;
}

/* The unseen of one class with lambda and V integrated out: a walk on ln(n0 + 1), n0
 * spread evenly over [n0, n0 + 1) to make a density of it. */
static void
move_unseen(const struct latent_data *d, const struct latent_prior *p, struct latent_state *s,
	struct reckon_random *r, size_t k, double step)
{
	double all = 0.0, y, to, floor_to, ln;

	for (size_t h = 0; h < d->n_classes; h++)
		all += s->size[h] + (h == k ? 0.0 : s->n0[h]);
	y = s->n0[k] + reckon_random_uniform(r) + 1.0;
	to = y * special_exp(step * reckon_random_normal(r));
	if (to < 1.0 || to > LATENT_N0_CAP)
		return;
	floor_to = floor(to) - 1.0;
	if (floor_to == s->n0[k])
		return;
	ln = special_log(to / y) + ln_unseen(d, p, s, k, all, floor_to)
		- ln_unseen(d, p, s, k, all, s->n0[k]);
	if (special_log(reckon_random_uniform(r)) < ln)
		s->n0[k] = floor_to;
}

/* ---- Parameters given the classes ------------------------------------------- */

static double
gamma_whole(struct reckon_random *r, double shape)
{
	return shape == 1.0 ? reckon_random_exponential(r) : reckon_random_gamma(r, shape);
}

static void
draw_lists(const struct latent_data *d, const struct latent_prior *p, struct latent_state *s,
	struct reckon_random *r)
{
	const size_t w = d->width;

	for (size_t k = 0; k < d->n_classes; k++) {
		double size = s->size[k] + s->n0[k], unseen_share = 1.0, seen = 0.0;
		for (size_t j = 0; j < d->n_lists; j++) {
			double on = s->on[j * w + k];
			double x = gamma_whole(r, p->on[j] + on);
			double y = gamma_whole(r, p->off[j] + size - on);
			double rest = y / (x + y);
			s->odds[j * w + k] = x / y;
			unseen_share *= rest;
			seen = seen * rest + x / (x + y);
		}
		s->seen[k] = seen;
		s->base[k] = unseen_share;          /* times nu: draw_shares */
	}
}

static void
draw_shares(const struct latent_data *d, struct latent_state *s, struct reckon_random *r)
{
	double behind = 0.0, left = 1.0, rest[LATENT_CLASSES];

	for (size_t k = d->n_classes; k-- > 0; ) {
		rest[k] = behind;
		behind += s->size[k] + s->n0[k];
	}
	for (size_t k = 0; k < d->n_classes; k++) {
		double size = s->size[k] + s->n0[k], v = 1.0, v_rest = 0.0;
		if (k + 1 < d->n_classes) {
			double x, y;
			reckon_random_log_beta(r, 1.0 + size, s->alpha + rest[k], &x, &y);
			s->v[k] = x - y;
			v = special_exp(x);
			v_rest = special_exp(y);
		}
		s->nu[k] = left * v;
		left *= v_rest;
		s->base[k] *= s->nu[k];
	}
}

void
latent_state_start(const struct latent_data *d, struct latent_state *s, struct reckon_random *r,
	unsigned number)
{
	/* Capture probabilities uniform to this power, the concentration at that. */
	static const double power[] = {1.0, 4.0, 0.5, 10.0, 2.0, 0.2}, alpha[] = {1.0, 0.1, 5.0};
	const double e = power[number % 6];

	memset(s->size, 0, d->width * sizeof *s->size);
	memset(s->n0, 0, d->width * sizeof *s->n0);
	memset(s->on, 0, d->width * d->n_lists * sizeof *s->on);
	s->alpha = alpha[number % 3];
	draw_shares(d, s, r);
	for (size_t k = 0; k < d->n_classes; k++) {
		s->base[k] = s->nu[k];
		s->seen[k] = 0.0;
		for (size_t j = 0; j < d->n_lists; j++) {
			double on = special_exp(e * special_log(reckon_random_uniform(r)));
			double rest = 1.0 - on > 1e-9 ? 1.0 - on : 1e-9;
			s->odds[j * d->width + k] = on / rest;
			s->base[k] *= rest;
			s->seen[k] = s->seen[k] * rest + on;
		}
	}
}

void
latent_draw_classes(const struct latent_data *d, const struct latent_prior *p,
	struct latent_state *s, struct reckon_random *r)
{
	s->capped = false;
	allocate(d, s, r);
	unseen(d, s, r);
	latent_reorder(d, s, r);
	move_alpha(d, s, r);
	for (int i = 0; i < 3; i++)
		move_unseen(d, p, s, r, reckon_random_below(r, d->n_classes), i == 1 ? 0.3 : 1.0);
}

void
latent_draw_parameters(const struct latent_data *d, const struct latent_prior *p,
	struct latent_state *s, struct reckon_random *r)
{
	draw_lists(d, p, s, r);
	draw_shares(d, s, r);
}

double
latent_marginal(const struct latent_data *d, const struct latent_prior *p,
	const struct latent_state *s)
{
	double ln = 0.0;

	for (size_t k = 0; k < d->n_classes; k++) {
		double size = s->size[k] + s->n0[k];
		if (size == 0.0)
			continue;
		ln -= p->ln_beta + d->n_lists * special_lgamma(2.0 + p->strength + size);
		for (size_t j = 0; j < d->n_lists; j++) {
			double on = s->on[j * d->width + k];
			ln += special_lgamma(p->on[j] + on) + special_lgamma(p->off[j] + size - on);
		}
	}
	return ln;
}

double
latent_total(const struct latent_data *d, const struct latent_state *s)
{
	double n = (double)d->n;

	for (size_t k = 0; k < d->n_classes; k++)
		n += s->n0[k];
	return n;
}
