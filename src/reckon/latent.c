/*
 * Chains side by side until they agree: rounds, threads, and what is handed back.
 *
 * Each chain has its own random stream and touches nothing of the others, and looks are
 * taken at fixed numbers of iterations: the result is the same for any number of threads.
 */
#include "reckon/latent_int.h"
#include <pthread.h>

enum {
	CHAINS = 8, CHAINS_MOST = 64, THREADS_MOST = 64,
	TRACE = 16384,                /* draws kept per chain; then every other one, and so on */
	WARMUP = 500,
	POPULATION = 32, ANNEAL = 500,
	POPULATION_AGAIN = 64, ANNEAL_AGAIN = 1200,
	POPULATION_MOST = 10000,
	SWEEPS = 15,                  /* Gibbs sweeps cost as much as one iteration, about */
	FIRST_LOOK = 250,             /* iterations after warm-up */
	LEAST = 300,                  /* iterations worth beginning for */
	FIT_EVERY = 16,               /* iterations between states for the overlaps */
	DRAWS = 4000,
};

/* Multiplications, some 2 in a nanosecond: after some 20 seconds of one core content with
 * 400 effective draws if the mean is sure enough; everything together, both populations and all chains, is at an
 * end after about a minute.  A table of which that is not enough for LEAST iterations is
 * refused: the bound holds for every table. */
#define WORK_SOFT 4e10
#define WORK_ALL 1.2e11
#define WORK_SLICE 2e8
/* Monte Carlo error of the mean, of the mean: eight seeds then lie within five of these,
 * 2 %, of each other in 99 of 100 cases. */
#define MEAN_SURE 0.004
/* Of R-hat^2 - 1 what 1.01 leaves, thrice: it falls as 1/iterations at best. */
#define RHAT_LEFT 0.06
#define ESS_WANTED 10000.0

struct run {
	const struct latent_data *d;
	const struct reckon_latent_options *o;
	unsigned chains, threads, population, anneal, warmup, soft, hard, slice;
	double ess, spent;            /* spent: multiplications of what came before */
	struct latent_chain *chain[CHAINS_MOST];
	double *trace[CHAINS_MOST];
	struct latent_fit fit[CHAINS_MOST];
	size_t n_trace;
	unsigned every;               /* iterations between draws kept */
	unsigned from, to;            /* iterations to do now */
};

struct worker {
	struct run *run;
	unsigned number;
	pthread_t thread;
};

/* ---- Work ------------------------------------------------------------------- */

/* Multiplications of one iteration of one chain, about. */
static double
work(const struct latent_data *d)
{
	double per = 30.0 * d->n_lists * d->width;

	for (size_t m = 0; m < d->n_cells; m++)
		per += (2.0 * (d->from[m + 1] - d->from[m]) + 4.0) * d->width;
	return per * (LATENT_STEPS + 3);
}

static void
move_chain(struct run *u, unsigned c)
{
	struct latent_chain *l = u->chain[c];

	if (u->from == 0)
		latent_anneal(l, c, u->population, u->anneal);
	for (unsigned i = u->from; i < u->to; i++) {
		unsigned kept = i - u->warmup;
		latent_chain_move(l, i < u->warmup);
		if (i < u->warmup)
			continue;
		if (kept % u->every == 0)
			u->trace[c][kept / u->every] = l->total;
		if (kept % FIT_EVERY == 0)
			latent_fit_add(u->d, l->s, &u->fit[c]);
	}
}

static void *
work_on(void *arg)
{
	const struct worker *w = arg;

	for (unsigned c = w->number; c < w->run->chains; c += w->run->threads)
		move_chain(w->run, c);
	return NULL;
}

/* Every chain from `from` to `to`.  A thread that cannot be had is done without. */
static void
move_all(struct run *u)
{
	struct worker w[THREADS_MOST];
	bool began[THREADS_MOST] = {false};

	for (unsigned t = 0; t < u->threads; t++) {
		w[t] = (struct worker){.run = u, .number = t};
		if (t > 0)
			began[t] = pthread_create(&w[t].thread, NULL, work_on, &w[t]) == 0;
	}
	for (unsigned t = 0; t < u->threads; t++)
		if (!began[t])
			work_on(&w[t]);
	for (unsigned t = 0; t < u->threads; t++)
		if (began[t])
			invariant(pthread_join(w[t].thread, NULL) == 0);
}

/* Full: every other draw goes. */
static void
halve(struct run *u)
{
	for (unsigned c = 0; c < u->chains; c++)
		for (size_t i = 0; i < TRACE / 2; i++)
			u->trace[c][i] = u->trace[c][2 * i];
	u->every *= 2;
}

/* Chains share the mean of their step sizes, so that none keeps one that only suited
 * where it began. */
static void
end_warmup(struct run *u)
{
	double sum = 0.0;

	for (unsigned c = 0; c < u->chains; c++)
		sum += u->chain[c]->ln_step;
	for (unsigned c = 0; c < u->chains; c++)
		u->chain[c]->ln_step = sum / u->chains;
}

/* Up to `to` iterations in slices, asking in between whether to go on. */
static enum status
advance(struct run *u, unsigned to, const struct reckon_mixing *m, struct err *e)
{
	while (u->to < to) {
		struct reckon_latent_state s = {u->to, u->hard, m->rhat,
			m->ess_bulk < m->ess_tail ? m->ess_bulk : m->ess_tail};
		if (u->o->progress && !u->o->progress(u->o->ctx, &s))
			return err_set(e, NO, "latent classes: stopped after %u iterations; nothing is "
				"estimated", u->to);
		if (u->to >= u->warmup && (u->to - u->warmup) / u->every >= TRACE)
			halve(u);
		u->from = u->to;
		u->to += u->slice;
		if (u->from < u->warmup && u->to > u->warmup)
			u->to = u->warmup;
		if (u->to > u->warmup && u->to > u->warmup + TRACE * u->every)
			u->to = u->warmup + TRACE * u->every;
		if (u->to > to)
			u->to = to;
		move_all(u);
		if (u->to == u->warmup)
			end_warmup(u);
	}
	return OK;
}

/* ---- Looks ------------------------------------------------------------------ */

/* A tenth after warm-up is left out as well: what steps still being adapted left behind. */
static size_t
first_used(const struct run *u)
{
	return u->n_trace / 10;
}

static void
look(struct run *u, struct reckon_mixing *ret)
{
	const double *x[CHAINS_MOST];

	u->n_trace = (u->to - u->warmup + u->every - 1) / u->every;
	for (unsigned c = 0; c < u->chains; c++)
		x[c] = u->trace[c] + first_used(u);
	reckon_mixing_of(u->chains, u->n_trace - first_used(u), x, ret);
}

static bool
agrees(const struct reckon_mixing *m, double ess)
{
	return m->rhat < RECKON_RHAT_MOST && m->ess_bulk >= ess && m->ess_tail >= ess;
}

/* Iterations for so much work, within bounds. */
static unsigned
iterations(double work, double least, double most)
{
	return (unsigned)(work < least ? least : work > most ? most : work);
}

/* Sweeps of one chain's population as dear as so much work of all chains. */
static double
sweeps_for(const struct run *u, double much)
{
	return much / u->chains * SWEEPS / work(u->d);
}

/* What keeps pieces apart is paid list by list. */
static void
populate(struct run *u)
{
	double sweeps = sweeps_for(u, WORK_SOFT / 4.0);

	u->anneal = iterations(25.0 * u->d->n_lists, 40.0, ANNEAL);
	u->population = iterations(2.0 * u->d->n_lists, 8.0, POPULATION);
	if (u->population > sweeps / u->anneal)
		u->population = iterations(sweeps / u->anneal, 4.0, POPULATION);
	if (u->anneal > sweeps / u->population)
		u->anneal = iterations(sweeps / u->population, 40.0, ANNEAL);
	if (u->o->population)
		u->population = u->o->population;
}

/* Greater populations, annealed more slowly; false: no work is left for any that are. */
static bool
populate_again(struct run *u)
{
	double sweeps = sweeps_for(u, (WORK_ALL - u->spent) / 2.0);
	unsigned most = iterations(sweeps / ANNEAL_AGAIN, 1.0, POPULATION_AGAIN);

	if (!u->o->population && most <= u->population)
		return false;
	u->population = u->o->population ? u->o->population : most;
	u->anneal = ANNEAL_AGAIN;
	return true;
}

static void
begin(struct arena *a, struct run *u, bool again)
{
	double per = work(u->d) * u->chains;

	u->spent += per / SWEEPS * u->population * (LATENT_SETTLE + u->anneal);
	u->hard = u->o->iterations ? u->o->iterations
		: iterations((WORK_ALL - u->spent) / per, LEAST, 1e9);
	u->warmup = WARMUP > u->hard / 4 ? u->hard / 4 : WARMUP;
	u->soft = iterations(WORK_SOFT / per, 2 * u->warmup, u->hard);
	u->slice = iterations(WORK_SLICE * u->chains / per, 1.0, 1e6);
	u->every = 1;
	u->from = u->to = 0;
	for (unsigned c = 0; c < u->chains; c++) {
		/* The second time on streams of their own. */
		u->chain[c] = latent_chain_create(a, u->d, u->o->seed, c + (again ? CHAINS_MOST : 0));
		u->trace[c] = NEWS(a, double, TRACE);
		latent_fit_init(a, u->d, &u->fit[c]);
	}
}

/* How much longer the next look is to be taken: a look costs, and effective draws come
 * evenly once chains agree. */
static double
growth(const struct reckon_mixing *m, double ess)
{
	double have = m->ess_bulk < m->ess_tail ? m->ess_bulk : m->ess_tail;
	double g = m->rhat < RECKON_RHAT_MOST ? 1.1 * ess / have : 1.4;

	return g < 1.2 ? 1.2 : g > 2.0 ? 2.0 : g;
}

/* Could R-hat still come below its threshold where patience ends? */
static bool
hopeless(const struct run *u, const struct reckon_mixing *m, unsigned patience)
{
	return u->o->iterations == 0 && u->to >= patience / 3
		&& (m->rhat * m->rhat - 1.0) * u->to / patience > RHAT_LEFT;
}

/* Enough where patience wears thin. */
static bool
will_do(const struct reckon_mixing *m)
{
	return agrees(m, RECKON_ESS_LEAST) && m->mcse_mean <= MEAN_SURE * m->mean;
}

/* Until the chains agree and are worth enough; with less content once `soft` is spent.
 * `patience`: where to give up; sooner where a chain lies in another piece. */
static enum status
rounds(struct run *u, unsigned patience, struct reckon_mixing *ret, struct err *e)
{
	double next = u->to > u->warmup ? 1.5 * (u->to - u->warmup) : FIRST_LOOK;
	struct reckon_mixing m = {0};

	for (;;) {
		double to = u->warmup + next;
		enum status s = advance(u, to < patience ? (unsigned)to : patience, &m, e);
		if (s)
			return s;
		look(u, &m);
		*ret = m;
		if (agrees(&m, u->ess) || u->to >= patience
			|| hopeless(u, &m, patience))
			return OK;
		if (u->to >= u->soft && will_do(&m))
			return OK;
		next *= growth(&m, u->ess);
	}
}

/* ---- Result ----------------------------------------------------------------- */

static void
overlaps(struct arena *a, const struct run *u, struct reckon_latent *ret)
{
	const struct latent_data *d = u->d;
	size_t n = latent_fit_pairs(d), at = 0;
	struct reckon_overlap *v = NEWS(a, struct reckon_overlap, n);
	double worst = 0.0, all = 0.0;

	for (unsigned c = 0; c < u->chains; c++) {
		worst += u->fit[c].worst;
		all += u->fit[c].states;
	}
	ret->overlap_p = worst / all;
	for (unsigned i = 0; i < d->n_lists; i++)
		for (unsigned j = i + 1; j < d->n_lists; j++, at++) {
			unsigned x = d->given[i], y = d->given[j];
			double below = 0.0, expected = 0.0, states = 0.0, p;
			for (unsigned c = 0; c < u->chains; c++) {
				below += u->fit[c].below[at];
				expected += u->fit[c].expected[at];
				states += u->fit[c].states;
			}
			below /= states;
			p = 2.0 * (below < 0.5 ? below : 1.0 - below);
			p = p < 0.0 ? 0.0 : p;
			v[at] = (struct reckon_overlap){x < y ? x : y, x < y ? y : x,
				u->fit[0].seen[at], expected / states, p};
		}
	ret->overlaps = v;
	ret->n_overlaps = n;
}

static void
hand_back(struct arena *a, const struct run *u, struct reckon_latent *ret)
{
	size_t skip = first_used(u), n = u->n_trace - skip, all = n * u->chains;
	const double **trace = NEWS(a, const double *, u->chains);
	double *draws;

	ret->n_trace = n;
	ret->n_draws = all < DRAWS ? all : DRAWS;
	draws = NEWS(a, double, ret->n_draws);
	ret->least_accepted = 1.0;
	for (unsigned c = 0; c < u->chains; c++) {
		const struct latent_chain *l = u->chain[c];
		double accepted = l->counted ? l->accepted / l->counted : 0.0;
		trace[c] = u->trace[c] + skip;
		ret->capped |= l->capped;
		if (accepted < ret->least_accepted)
			ret->least_accepted = accepted;
	}
	for (size_t i = 0; i < ret->n_draws; i++) {
		size_t at = (size_t)((double)i * (double)all / (double)ret->n_draws);
		draws[i] = trace[at / n][at % n];
	}
	ret->trace = trace;
	ret->draws = draws;
	overlaps(a, u, ret);
}

/* ---- Door ------------------------------------------------------------------- */

static enum status
check(const struct reckon_counts *c, const struct reckon_latent_options *o, struct err *e)
{
	uint64_t any = 0;

	for (size_t m = 0; m < c->n_cells; m++)
		any |= c->cells[m].on;
	if (__builtin_popcountll(any) < 2)
		return err_set(e, BAD, "latent classes: %d list with people on it; without two or "
			"more that overlap nothing can be said", __builtin_popcountll(any));
	if (o->classes == 1 || o->classes > LATENT_CLASSES)
		return err_set(e, BAD, "latent classes: %u classes; 2 to %d would be right",
			o->classes, LATENT_CLASSES);
	if (!(o->a >= 0.0 && o->a <= 1e6 && o->b >= 0.0 && o->b <= 1e6))
		return err_set(e, BAD, "latent classes: the prior's a and b are to lie between 0 "
			"and a million");
	if (o->chains == 1 || o->chains > CHAINS_MOST)
		return err_set(e, BAD, "latent classes: %u chains; 2 to %d would be right", o->chains,
			CHAINS_MOST);
	if (o->population > POPULATION_MOST)
		return err_set(e, BAD, "latent classes: a population of %u; at most %d would be right",
			o->population, POPULATION_MOST);
	if (o->iterations && o->iterations < 100)
		return err_set(e, BAD, "latent classes: %u iterations; 100 or more would be right",
			o->iterations);
	return OK;
}

static unsigned
classes_for(unsigned n_lists)
{
	return n_lists < 4 ? (1u << n_lists) - 1 : 15;
}

static enum status
run(struct arena *a, struct run *u, struct reckon_mixing *m, struct err *e)
{
	enum status s;

	populate(u);
	begin(a, u, false);
	s = rounds(u, u->soft, m, e);
	if (s || agrees(m, u->ess) || will_do(m))
		return s;
	if (agrees(m, RECKON_ESS_LEAST))
		return rounds(u, u->hard, m, e);
	u->spent += work(u->d) * u->chains * u->to;
	if (u->soft < u->hard && populate_again(u))
		begin(a, u, true);
	return rounds(u, u->hard, m, e);
}

/* Refused at the door: what is too much work to begin with. */
static enum status
check_work(const struct run *u, struct err *e)
{
	double per = work(u->d) * u->chains;

	if (u->o->iterations == 0 && LEAST * per > WORK_ALL)
		return err_set(e, BAD, "latent classes: %zu different sets of lists are too much work "
			"for a minute, %.0f times; fewer lists or strata would be right", u->d->n_cells,
			LEAST * per / WORK_ALL);
	return OK;
}

enum status
reckon_latent(struct arena *a, const struct reckon_counts *c,
	const struct reckon_latent_options *o, struct reckon_latent *ret, struct err *e)
{
	struct latent_data d = {.a = o->a > 0.0 ? o->a : 0.25, .b = o->b > 0.0 ? o->b : 0.25};
	struct run *u;
	struct reckon_latent out = {.seed = o->seed, .n = c->n};
	enum status s = check(c, o, e);

	if (s)
		return s;
	latent_data_of(a, c, &d);
	d.n_classes = o->classes ? o->classes : classes_for(d.n_lists);
	d.width = (d.n_classes + LATENT_PAD - 1) / LATENT_PAD * LATENT_PAD;
	u = NEW(a, struct run);
	*u = (struct run){.d = &d, .o = o, .chains = o->chains ? o->chains : CHAINS,
		.threads = o->threads ? o->threads : 2, .ess = o->ess > 0.0 ? o->ess : ESS_WANTED};
	u->threads = u->threads > THREADS_MOST ? THREADS_MOST : u->threads;
	s = check_work(u, e);
	if (s == OK)
		s = run(a, u, &out.mixing, e);
	if (s)
		return s;
	out.classes = d.n_classes;
	out.chains = u->chains;
	out.population = u->population;
	out.warmup = u->warmup + (unsigned)first_used(u) * u->every;
	out.iterations = u->to;
	out.converged = agrees(&out.mixing, RECKON_ESS_LEAST);
	hand_back(a, u, &out);
	*ret = out;
	return OK;
}
