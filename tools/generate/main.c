/* habeas-generate: the command line.  See gen_int.h. */
#include "gen_int.h"
#include <errno.h>
#include <getopt.h>
#include <sys/stat.h>

static const char usage[] =
"usage: habeas-generate --people N [--seed S] [--style demo|plain] [--lists K] -o DIR\n"
"\n"
"Writes lists of invented prisoners, and what is true of them, into DIR.\n"
"  --people N    how many people, 10 to 10000000 (demo: at most 2000000)\n"
"  --seed S      the same seed gives the same bytes (default 1)\n"
"  --style demo  birlik.csv (Azerbaijani), nesim.csv (Persian), registry.xlsx (English),\n"
"                birlik-2.csv (a later version, with birlik-2.changes.csv), hostile.csv,\n"
"                truth.csv, people.csv, summary.txt\n"
"  --style plain list-1.csv ... list-K.csv in English, truth.csv, summary.txt\n"
"\n"
"Of style plain, in permille where nothing else is said:\n"
"  --lists K     how many lists, 1 to 8 (default 4)\n"
"  --told        a last column, person, says in the lists who it is\n"
"  --typos N     of names: mistyped (default 70)\n"
"  --variants N  of names: spelled another way (default 250)\n"
"  --copies N    of people on a list: on it twice (default 10)\n"
"  --no-father N, --no-birth N  of rows: without them (default 450, 100)\n"
"  --rare N      of people: a family name that few share; of a quarter of N: such a\n"
"                given name (default 0; 180 is like real lists of a million)\n"
"  --siblings N  of every second person: arrested with a brother or sister (default 0)\n";

/* A sheet of XLSX has 1,048,576 rows; some 31 % of the people are on that list. */
enum { PEOPLE_MIN = 10, PEOPLE_MAX = 10000000, DEMO_MAX = 2000000, DEMO_LISTS = 3 };
enum { RUN_CAP = 64 << 20, ROW_CAP = 16 << 20 };

enum number { PEOPLE, SEED, LISTS, TYPOS, VARIANTS, COPIES, NO_FATHER, NO_BIRTH, RARE, SIBLINGS,
	NUMBERS, STYLE, TOLD };

struct options {
	uint64_t number[NUMBERS];
	bool plain, told, of_plain;    /* of_plain: something that only plain has */
	const char *dir;
};

static const struct {
	const char *name;
	uint64_t min, max, usual;
} numbers[NUMBERS] = {
	[PEOPLE] = {"people", PEOPLE_MIN, PEOPLE_MAX, 0}, [SEED] = {"seed", 0, UINT64_MAX, 1},
	[LISTS] = {"lists", 1, LISTS_MAX, 4}, [TYPOS] = {"typos", 0, 1000, 70},
	[VARIANTS] = {"variants", 0, 1000, 250}, [COPIES] = {"copies", 0, 1000, COPY_PERMILLE},
	[NO_FATHER] = {"no-father", 0, 1000, 450},
	[NO_BIRTH] = {"no-birth", 0, 1000, NO_BIRTH_PERMILLE}, [RARE] = {"rare", 0, 1000, 0},
	[SIBLINGS] = {"siblings", 0, 1000, 0},
};

static enum status
number(enum number n, const char *text, struct options *o, struct err *e)
{
	uint64_t v;

	if (!str_u64(str_of(text), &v) || v < numbers[n].min || v > numbers[n].max)
		return err_set(e, BAD, "--%s: \"%s\"; write a number from %llu to %llu",
			numbers[n].name, text, (unsigned long long)numbers[n].min,
			(unsigned long long)numbers[n].max);
	o->number[n] = v;
	o->of_plain |= n >= LISTS;
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
check(const struct options *o, struct err *e)
{
	if (!o->number[PEOPLE] || !o->dir)
		return err_set(e, BAD, "--people N and -o DIR are needed; see --help");
	if (!o->plain && o->of_plain)
		return err_set(e, BAD, "--lists, --told and the options below it in --help are for"
			" --style plain");
	if (!o->plain && o->number[PEOPLE] > DEMO_MAX)
		return err_set(e, BAD, "--people: the demo has at most %d; use --style plain",
			DEMO_MAX);
	return OK;
}

static enum status
options_read(int argc, char **argv, struct options *o, struct err *e)
{
	struct option longs[NUMBERS + 4] = {
		[NUMBERS] = {"style", required_argument, NULL, STYLE},
		{"told", no_argument, NULL, TOLD}, {"help", no_argument, NULL, 'h'},
	};
	enum status st = OK;
	int c;

	for (int n = 0; n < NUMBERS; n++) {
		longs[n] = (struct option){numbers[n].name, required_argument, NULL, n};
		o->number[n] = numbers[n].usual;
	}
	while (!st && (c = getopt_long(argc, argv, "o:h", longs, NULL)) != -1)
		switch (c) {
		case STYLE: st = style(optarg, o, e); break;
		case TOLD: o->told = o->of_plain = true; break;
		case 'o': o->dir = optarg; break;
		case 'h': st = NO; break;
		case '?': st = err_set(e, BAD, "unknown option; see --help"); break;
		default: st = number((enum number)c, optarg, o, e); break;
		}
	if (!st && optind < argc)
		st = err_set(e, BAD, "\"%s\": every word needs its option; see --help",
			argv[optind]);
	return st ? st : check(o, e);
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
plain(const struct gen *g, const struct list *list)
{
	const struct list *lists[LISTS_MAX];
	struct out *truth = out_open(g, "truth.csv");
	size_t rows[LISTS_MAX];
	enum status worst = OK, st;

	buf_cstr(out_buf(truth), "list,row,person\r\n");
	for (unsigned i = 0; i < g->lists; i++) {
		lists[i] = list;
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
		.seed = o->number[SEED], .people = (uint32_t)o->number[PEOPLE],
		.dir = o->dir, .err = e,
		.lists = o->plain ? (unsigned)o->number[LISTS] : DEMO_LISTS,
		.rates = {
			.typo = (uint32_t)o->number[TYPOS],
			.variant = (uint32_t)o->number[VARIANTS],
			.copy = (uint32_t)o->number[COPIES],
			.no_father = (uint32_t)o->number[NO_FATHER],
			.no_birth = (uint32_t)o->number[NO_BIRTH],
			.rare = (uint32_t)o->number[RARE],
			.sibling = (uint32_t)o->number[SIBLINGS],
		},
	};
	enum status st;

	if (mkdir(o->dir, 0777) && errno != EEXIST)
		return err_errno(e, "make", o->dir);
	g.arena = arena_create(RUN_CAP);
	g.row = arena_create(ROW_CAP);
	tables_make(&g.tables, g.arena);
	st = o->plain ? plain(&g, o->told ? &list_plain_told : &list_plain) : demo(&g);
	arena_destroy(g.row);
	arena_destroy(g.arena);
	return st;
}

int
main(int argc, char **argv)
{
	struct options o = {0};
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
