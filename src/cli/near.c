/* Before a person is written: who is likely there already, and what is to be done. */
#include "cli/cli_int.h"

enum { REASONS_TOLD = 4 };

static struct str
reasons(struct args *x, const struct reg_near *p)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	for (size_t i = 0, told = 0; i < p->n_reasons; i++) {
		const struct reg_reason *w = &p->reasons[i];
		/* The strongest, and whatever speaks against. */
		if (told++ < REASONS_TOLD || w->bits < -1)
			buf_fmt(&b, "%s%s: %s %+.1f", b.n ? "; " : "", tr(x->lang, w->field),
				tr(x->lang, w->level), w->bits);
	}
	struct str s = str_dup(x->a, buf_str(&b));
	buf_finish(&b);
	return s;
}

static struct str
line(struct args *x, const struct reg_near *p)
{
	struct str list = p->list.n ? p->list : str_of(tr(x->lang, "by hand"));

	return str_fmt(x->a, STR_FMT "  " STR_FMT "%s" STR_FMT ", " STR_FMT "; " STR_FMT " (" STR_FMT ")",
		STR_ARG(p->person), STR_ARG(p->name), p->birth.n ? ", " : "", STR_ARG(p->birth),
		STR_ARG(list), STR_ARG(fill(x->a, tr(x->lang, "probability %s"), (struct str[]){
		probability_words(x, p->probability)}, 1)), STR_ARG(reasons(x, p)));
}

/* False: there is no more.  What is no text is no answer. */
static bool
typed(struct arena *a, struct str *ret)
{
	enum { LINE_MOST = 200 };
	char words[LINE_MOST];
	int c;

	fflush(stdout);
	if (!fgets(words, sizeof words, stdin))
		return false;
	struct str s = str_of(words);
	if (!str_ends(s, "\n"))
		while ((c = getchar()) != EOF && c != '\n')
			;
	*ret = utf8_valid(str_bytes(s)) ? text_clean(a, s, NULL) : S("?");
	return true;
}

/* a, c, or the number of one of them. */
static enum status
ask(struct args *x, struct near_found *f, bool may_judge, struct err *e)
{
	struct str answer;
	uint64_t number;

	for (;;) {
		if (may_judge)
			say("%s", tr(x->lang, "[a] write it anyway  [1, 2 …] write it, and that it is "
				"the same person as that one  [c] cancel: "));
		else
			say("%s", tr(x->lang, "[a] write it anyway  [c] cancel: "));
		if (!typed(x->a, &answer) || str_starts(answer, "c"))
			return err_set(e, NO, "nothing written");
		if (str_starts(answer, "a"))
			return OK;
		if (may_judge && str_u64(text_digits(x->a, answer), &number) && number >= 1
		    && number <= f->n) {
			f->same = f->v[number - 1].record;
			return OK;
		}
	}
}

enum status
check_near(struct args *x, struct reg *r, struct str amends, const struct reg_change *c, size_t n,
	struct near_found *ret, struct err *e)
{
	struct near_found f = {.same = S("")};
	bool asks = os_asks() && !x->json;
	enum status st = reg_near(x->a, r, amends, c, n, x->lang, &f.v, &f.n, e);

	if (st)
		return st;
	if (f.n && !x->json)
		(asks ? say : warn)("%s\n", tr(x->lang, "Likely the same as somebody who is there:"));
	for (size_t i = 0; i < f.n && !x->json; i++)
		(asks ? say : warn)("  %zu  " STR_FMT "\n", i + 1, STR_ARG(line(x, &f.v[i])));
	if (f.n && asks)
		st = ask(x, &f, role_may_write(node_info(reg_node(r))->role,
			kind_number("judgement")), e);
	if (st == OK)
		*ret = f;
	return st;
}

void
near_json(struct json *j, const struct near_found *f)
{
	json_array(j);
	for (size_t i = 0; i < f->n; i++) {
		const struct reg_near *p = &f->v[i];
		json_object(j);
		json_field_text(j, "person", p->person);
		json_field_text(j, "record", p->record);
		json_field_text(j, "name", p->name);
		json_field_text(j, "birth", p->birth);
		json_field_text(j, "list", p->list);
		json_key(j, "probability");
		json_real(j, p->probability);
		reasons_json(j, p->reasons, p->n_reasons);
		json_object_end(j);
	}
	json_array_end(j);
}
