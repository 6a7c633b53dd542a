/*
 * Does the model see the overlaps that were seen?  For each pair of lists the people on
 * both are binomial given the parameters: n listed people, each with probability
 * sum_k nu_k lambda_ik lambda_jk / (1 - p0).  Posterior predictive probabilities (Gelman,
 * Meng & Stern 1996) are the binomial's own, averaged over states: no simulated copies,
 * so that small ones are exact.  All pairs together are judged state by state (a realised
 * discrepancy): a model with a class too few gives up one overlap in this state and another
 * in that, so that each pair alone looks well enough on average.
 */
#include "reckon/latent_int.h"

size_t
latent_fit_pairs(const struct latent_data *d)
{
	return (size_t)d->n_lists * (d->n_lists - 1) / 2;
}

void
latent_fit_init(struct arena *a, const struct latent_data *d, struct latent_fit *f)
{
	size_t n = latent_fit_pairs(d);

	*f = (struct latent_fit){.below = NEWS(a, double, n), .expected = NEWS(a, double, n),
		.seen = NEWS(a, uint64_t, n)};
	for (size_t m = 0; m < d->n_cells; m++)
		for (uint32_t x = d->from[m]; x < d->from[m + 1]; x++)
			for (uint32_t y = x + 1; y < d->from[m + 1]; y++) {
				/* Rows above i hold n-1, n-2, ... pairs. */
				size_t i = d->lists[x], row = i * (2 * d->n_lists - i - 1) / 2;
				f->seen[row + d->lists[y] - i - 1] += d->count[m];
			}
}

/* P(X < k) + P(X = k)/2 of a binomial; by summing while that is short, normal beyond. */
static double
binomial_mid(double k, double n, double p)
{
	double mean = n * p, f, sum = 0.0, odds;

	if (!(p > 0.0))
		return k > 0.0 ? 1.0 : 0.5;
	if (!(p < 1.0))
		return k < n ? 0.0 : 0.5;
	if (mean > 500.0 || k > 2000.0)
		return special_normal_cdf((k - mean) / sqrt(mean * (1.0 - p)));
	odds = p / (1.0 - p);
	f = special_exp(n * special_log1p(-p));
	for (double i = 0.0; i < k; i += 1.0) {
		sum += f;
		f *= (n - i) / (i + 1.0) * odds;
	}
	sum += 0.5 * f;
	return sum < 1.0 ? sum : 1.0;
}

void
latent_fit_add(const struct latent_data *d, const struct latent_state *s, struct latent_fit *f)
{
	const size_t w = d->width;
	double seen = 0.0, least = 1.0;
	size_t at = 0;

	for (size_t k = 0; k < d->n_classes; k++)
		seen += s->nu[k] * s->seen[k];
	for (unsigned i = 0; i < d->n_lists; i++)
		for (unsigned j = i + 1; j < d->n_lists; j++, at++) {
			double both = 0.0, below, p;
			for (size_t k = 0; k < d->n_classes; k++) {
				double x = s->odds[i * w + k], y = s->odds[j * w + k];
				both += s->nu[k] * (x / (1.0 + x)) * (y / (1.0 + y));
			}
			both = seen > 0.0 ? both / seen : 0.0;
			f->expected[at] += both * (double)d->n;
			below = binomial_mid((double)f->seen[at], (double)d->n, both);
			f->below[at] += below;
			p = 2.0 * (below < 0.5 ? below : 1.0 - below);
			least = p < least ? p : least;
		}
	least *= (double)at;
	f->worst += least < 0.0 ? 0.0 : least < 1.0 ? least : 1.0;
	f->states++;
}
