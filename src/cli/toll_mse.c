/* `habeas toll mse`: what is asked, and in which order. */
#include "cli/mse_int.h"

static enum status
ask_methods(struct mse *m, struct err *e)
{
	struct str rest = opt_str(m->t->x, "--method");

	for (unsigned k = 0; k < MSE_METHODS; k++)
		m->asked[k] = rest.n == 0;
	while (rest.n) {
		struct str name = str_trim(str_cut(&rest, ','));
		unsigned k = 0;
		while (k < MSE_METHODS && !str_is(name, mse_names[k]))
			k++;
		if (k == MSE_METHODS)
			return err_set(e, BAD, "--method " STR_FMT ": latent, graphs, loglinear, stepwise, "
				"spread or chao, several with commas between", STR_ARG(name));
		m->asked[k] = true;
	}
	/* Never one number alone. */
	m->asked[MSE_LEAST] = m->asked[MSE_CHAO] = true;
	return OK;
}

static enum status
ask_number(struct mse *m, const char *option, uint64_t least, uint64_t most, uint64_t *ret,
	struct err *e)
{
	const char *s = opt(m->t->x, option);

	if (s && (!str_u64(str_of(s), ret) || *ret < least || *ret > most))
		return err_set(e, BAD, "%s %s: a number from %llu to %llu would be right", option, s,
			(unsigned long long)least, (unsigned long long)most);
	return OK;
}

static enum status
ask(struct mse *m, struct err *e)
{
	uint64_t classes = 0, replicates = 0;
	const char *delta = opt(m->t->x, "--delta");
	enum status st;

	m->seed = 1;
	if ((st = ask_methods(m, e)) != OK
	    || (st = ask_number(m, "--seed", 0, UINT64_MAX, &m->seed, e)) != OK
	    || (st = ask_number(m, "--classes", 2, 64, &classes, e)) != OK
	    || (st = ask_number(m, "--replicates", 100, 100000, &replicates, e)) != OK)
		return st;
	if (delta && (!toll_number(m->t, str_of(delta), &m->delta) || m->delta <= 0
		|| m->delta > 1000))
		return err_set(e, BAD, "--delta %s: a number above 0, at most 1000, would be right", delta);
	m->classes = (unsigned)classes;
	m->replicates = (unsigned)replicates;
	return OK;
}

static enum status
answer(struct mse *m, struct err *e)
{
	struct buf json;
	enum status st = toll_may_write(m->t, e);

	if (st == OK)
		st = m->n_strata ? mse_add_up(m, e) : mse_run(m, &m->all, e);
	if (st || (st = mse_sensitivity(m, e)) != OK)
		return st;
	mse_linkages(m);
	os_progress_end();
	if (opt(m->t->x, "--out") && (st = mse_write(m, e)) != OK)
		return st;
	if (!m->t->x->json) {
		mse_say(m);
		return OK;
	}
	buf_init(&json, (size_t)64 << 20);
	mse_json(m, &json);
	fwrite(json.p, 1, json.n, stdout);
	buf_finish(&json);
	return OK;
}

enum status
run_toll_mse(struct args *x, struct err *e)
{
	struct toll t = {.x = x, .a = x->a};
	struct mse *m = NEW(x->a, struct mse);
	enum status st;

	m->t = &t;
	if ((st = ask(m, e)) != OK)
		return st;
	if (os_is_dir(x->arg[0]))
		return mse_register(m, answer, e);
	if (opt(x, "--held-on") || opt(x, "--event") || opt(x, "--commit"))
		return err_set(e, BAD, "%s: not a register; --held-on, --event and --commit are for "
			"registers", x->arg[0]);
	m->strata = NEWS(x->a, struct mse_part, MSE_STRATA);
	if (mse_are_people(x))
		return (st = counts_matched(&t, m, e)) != OK ? st : answer(m, e);
	if ((st = toll_read(&t, x->arg[0], e)) != OK)
		return st;
	return (st = counts_read(&t, m, e)) != OK ? st : answer(m, e);
}
