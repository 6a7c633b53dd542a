/* Tails, quantiles and derivatives that the exact methods need beside special_int.h. */
#ifndef RECKON_TAILS_INT_H
#define RECKON_TAILS_INT_H

#include "reckon/reckon.h"
#include "reckon/special_int.h"

double tails_normal(double z);                        /* P(Z <= z) */
/* ln of the smaller of P(X <= k) and P(X >= k); mean > 0. */
double tails_poisson_log_p(double k, double mean);
double tails_t_quantile(double p, double df);         /* df > 0, INFINITY: the normal */
double tails_digamma(double x);                       /* x > 0 */
double tails_trigamma(double x);

/* n + n0 with the interval of Chao (1987), "Estimating the population size for
 * capture-recapture data with unequal catchability", equation 12: ln n0 is taken as
 * normal, so that no bound falls below the n people who were seen. */
struct reckon_estimate tails_log_normal(double n, double n0, double se, double level);
/* `level` where it is inside (0, 1); 0.95 for 0; anything else is refused. */
enum status tails_level(double *level, struct err *e) MUST;

#endif
