/* habeas-generate: the command line.  See gen_int.h. */
#include "gen_int.h"
#include <errno.h>
#include <getopt.h>
#include <sys/stat.h>

static const char usage[] =
"usage: habeas-generate --people N [--seed S] [--style demo|plain] [--lists K] -o DIR\n"
"\n"
"Writes lists of invented prisoners, and what is true of them, into DIR.\n"
"  --people N    how many people, 10 to 2000000 (demo: at most 200000)\n"
"  --seed S      the same seed gives the same bytes (default 1)\n"
"  --style demo  birlik.csv (Azerbaijani), nesim.csv (Persian), registry.xlsx (English),\n"
"                birlik-2.csv (a later version, with birlik-2.changes.csv), hostile.csv,\n"
"                truth.csv, people.csv, summary.txt\n"
"  --style plain list-1.csv ... list-K.csv in English, truth.csv, summary.txt\n"
"  --lists K     of style plain, 2 to 8 (default 4)\n";

enum { PEOPLE_MIN = 10, PEOPLE_MAX = 2000000, DEMO_MAX = 200000, DEMO_LISTS = 3 };
enum { RUN_CAP = 64 << 20, ROW_CAP = 16 << 20 };

struct options {
	uint64_t people, seed, lists;
	bool plain;
	const char *dir;
};

static enum status
number(const char *name, const char *text, uint64_t min, uint64_t max, uint64_t *ret,
	struct err *e)
{
	uint64_t v;

	if (!str_u64(str_of(text), &v) || v < min || v > max)
		return err_set(e, BAD, "--%s: \"%s\"; write a number from %llu to %llu", name,
			text, (unsigned long long)min, (unsigned long long)max);
	*ret = v;
	return OK;
}

static enum status
style(const char *text, struct options *o, struct err *e)
{
	o->plain = str_is(str_of(text), "plain");
	if (!o->plain && !str_is(str_of(text), "demo"))
		return err_set(e, BAD, "--style: \"%s\"; write demo or plain", text);
	return OK;
}

static enum status
options_read(int argc, char **argv, struct options *o, struct err *e)
{
	static const struct option longs[] = {
		{"people", required_argument, NULL, 'n'}, {"seed", required_argument, NULL, 's'},
		{"style", required_argument, NULL, 't'}, {"lists", required_argument, NULL, 'k'},
		{"help", no_argument, NULL, 'h'}, {0},
	};
	enum status st = OK;
	int c;

	while (!st && (c = getopt_long(argc, argv, "o:h", longs, NULL)) != -1)
		switch (c) {
		case 'n': st = number("people", optarg, PEOPLE_MIN, PEOPLE_MAX, &o->people, e); break;
		case 's': st = number("seed", optarg, 0, UINT64_MAX, &o->seed, e); break;
		case 'k': st = number("lists", optarg, 2, LISTS_MAX, &o->lists, e); break;
		case 't': st = style(optarg, o, e); break;
		case 'o': o->dir = optarg; break;
		case 'h': st = NO; break;
		default: st = err_set(e, BAD, "unknown option; see --help"); break;
		}
	if (st)
		return st;
	if (!o->people || !o->dir || optind < argc)
		return err_set(e, BAD, "--people N and -o DIR are needed, and no more; see --help");
	if (!o->plain && o->people > DEMO_MAX)
		return err_set(e, BAD, "--people: the demo has at most %d; use --style plain",
			DEMO_MAX);
	return OK;
}

static enum status
demo(const struct gen *g)
{
	static const struct list *const lists[DEMO_LISTS] = {&list_birlik, &list_nesim,
		&list_registry};
	struct out *truth = out_open(g, "truth.csv");
	size_t rows[DEMO_LISTS];
	enum status st[4];

	buf_cstr(out_buf(truth), "list,row,person\r\n");
	rows[0] = list_write(g, lists[0], 0, truth, &st[0]);
	rows[1] = list_write(g, lists[1], 1, truth, &st[1]);
	rows[2] = registry_write(g, 2, truth, &st[2]);
	st[3] = out_close(truth);
	for (int i = 0; i < 4; i++)
		if (st[i])
			return st[i];
	if ((st[0] = second_write(g, 0)) || (st[0] = hostile_write(g))
		|| (st[0] = truth_people(g, lists)))
		return st[0];
	return truth_summary(g, lists, rows, "demo");
}

static enum status
plain(const struct gen *g)
{
	const struct list *lists[LISTS_MAX];
	struct out *truth = out_open(g, "truth.csv");
	size_t rows[LISTS_MAX];
	enum status worst = OK, st;

	buf_cstr(out_buf(truth), "list,row,person\r\n");
	for (unsigned i = 0; i < g->lists; i++) {
		lists[i] = &list_plain;
		rows[i] = list_write(g, lists[i], i, truth, &st);
		if (st)
			worst = st;
	}
	st = out_close(truth);
	if (worst || st)
		return worst ? worst : st;
	return truth_summary(g, lists, rows, "plain");
}

static enum status
run(const struct options *o, struct err *e)
{
	struct gen g = {
		.seed = o->seed, .people = (uint32_t)o->people, .dir = o->dir, .err = e,
		.lists = o->plain ? (unsigned)o->lists : DEMO_LISTS,
	};
	enum status st;

	if (mkdir(o->dir, 0777) && errno != EEXIST)
		return err_errno(e, "make", o->dir);
	g.arena = arena_create(RUN_CAP);
	g.row = arena_create(ROW_CAP);
	tables_make(&g.tables, g.arena);
	st = o->plain ? plain(&g) : demo(&g);
	arena_destroy(g.row);
	arena_destroy(g.arena);
	return st;
}

int
main(int argc, char **argv)
{
	struct options o = {.seed = 1, .lists = 4};
	struct err e = {0};
	enum status st = options_read(argc, argv, &o, &e);

	if (st == NO) {
		fputs(usage, stdout);
		return OK;
	}
	if (!st)
		st = run(&o, &e);
	if (st)
		fprintf(stderr, "habeas-generate: %s\n", e.text);
	return (int)st;
}
