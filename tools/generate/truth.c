/* What is true: who each row is, who each person is, and the sums. */
#include "gen_int.h"

void
truth_row(struct out *o, const char *file, size_t row, uint32_t person)
{
	buf_fmt(out_buf(o), "%s,%zu,%u\r\n", file, row, person);
	out_flush_some(o);
}

static struct str
iso(const struct gen *g, int32_t day)
{
	return written_iso(g, (struct claim){day, BY_DAY});
}

static struct str
word(const struct name *n)
{
	struct str rest = str_of(n->w[EN]);

	return str_cut(&rest, '|');
}

static const char people_header[] = "person,lists,on,"
	"given_az,family_az,father_az,given_fa,family_fa,father_fa,given_en,family_en,father_en,"
	"seyed,sex,born,city,arrested,prison,charge,months,suspended,sentenced,transferred,"
	"transferred_to,released,died,cause,furlough_from,furlough_to\r\n";

static void
people_names(const struct gen *g, const struct person *p, struct str *c)
{
	struct rng r = {0};            /* the usual forms: nothing is drawn that shows */

	for (enum writing w = 0; w < WRITINGS; w++) {
		const struct hand usual = {0, 0, w};

		c[3 * w] = spell_given(g, &r, &p->given, &usual);
		c[3 * w + 1] = spell_family(g, &r, &p->family, &usual);
		c[3 * w + 2] = spell_given(g, &r, &p->father, &usual);
	}
	for (unsigned i = 3 * FA; i < 3 * FA + 3; i++)
		c[i] = spell_persian(g, c[i], "\u200c", false);
}

static void
people_row(const struct gen *g, const struct person *p, const struct list *const *lists,
	struct buf *b)
{
	struct str c[29], on = S("");
	size_t n = 0;

	for (unsigned i = 0; i < g->lists; i++)
		if (list_has(g, lists[i], i, p)) {
			on = str_fmt(g->row, STR_FMT "%s%s", STR_ARG(on), n ? " " : "",
				list_file(g, lists[i], i));
			n++;
		}
	c[0] = str_fmt(g->row, "%u", p->id);
	c[1] = str_fmt(g->row, "%zu", n);
	c[2] = on;
	people_names(g, p, c + 3);
	c[12] = p->seyed ? S("yes") : S("no");
	c[13] = p->woman ? S("female") : S("male");
	c[14] = iso(g, p->born);
	c[15] = word(&cities[p->city]);
	c[16] = iso(g, p->arrested);
	c[17] = word(&prisons[p->prison].name);
	c[18] = word(&charges[p->charge].name);
	c[19] = p->sentenced == NEVER ? S("") : str_fmt(g->row, "%u", (unsigned)p->months);
	c[20] = p->sentenced == NEVER ? S("") : p->suspended ? S("yes") : S("no");
	c[21] = iso(g, p->sentenced);
	c[22] = iso(g, p->transferred);
	c[23] = p->prison_then == NONE ? S("") : word(&prisons[p->prison_then].name);
	c[24] = iso(g, p->released);
	c[25] = iso(g, p->died);
	c[26] = p->cause == NONE ? S("") : word(&causes[p->cause]);
	c[27] = iso(g, p->furlough_from);
	c[28] = iso(g, p->furlough_to);
	csv_write_row(b, c, 29, ',');
}

enum status
truth_people(const struct gen *g, const struct list *const *lists)
{
	struct out *o = out_open(g, "people.csv");

	buf_cstr(out_buf(o), people_header);
	for (uint32_t id = 1; id <= g->people; id++) {
		struct person p = person_make(g, id);

		arena_reset(g->row);
		people_row(g, &p, lists, out_buf(o));
		out_flush_some(o);
	}
	return out_close(o);
}

static int
by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* How many share given and family name with somebody else: 8 bytes per person. */
static size_t
count_namesakes(uint64_t *names, size_t n)
{
	size_t namesakes = 0;

	qsort(names, n, sizeof *names, by_value);
	for (size_t i = 0; i < n; i++)
		if ((i > 0 && names[i] == names[i - 1])
			|| (i + 1 < n && names[i] == names[i + 1]))
			namesakes++;
	return namesakes;
}

static void
overlap_line(const struct gen *g, const struct list *const *lists, unsigned set, size_t n,
	struct buf *b)
{
	const char *between = "";

	if (set == 0) {
		buf_fmt(b, "on no list: %zu\n", n);
		return;
	}
	buf_cstr(b, "only on ");
	for (unsigned i = 0; i < g->lists; i++)
		if (set >> i & 1) {
			buf_fmt(b, "%s%s", between, list_file(g, lists[i], i));
			between = " + ";
		}
	buf_fmt(b, ": %zu\n", n);
}

enum status
truth_summary(const struct gen *g, const struct list *const *lists, const size_t *rows,
	const char *style)
{
	struct out *o = out_open(g, "summary.txt");
	struct buf *b = out_buf(o);
	uint64_t *names = mem_alloc(g->people, sizeof *names);
	size_t of_set[1 << LISTS_MAX] = {0}, sum = 0;

	for (uint32_t id = 1; id <= g->people; id++) {
		struct person p = person_make(g, id);
		unsigned set = 0;

		for (unsigned i = 0; i < g->lists; i++)
			set |= (unsigned)list_has(g, lists[i], i, &p) << i;
		of_set[set]++;
		names[id - 1] = person_name_hash(&p);
	}
	buf_fmt(b, "style: %s\nseed: %llu\npeople: %u\n", style, (unsigned long long)g->seed,
		g->people);
	for (unsigned i = 0; i < g->lists; i++) {
		buf_fmt(b, "rows of %s: %zu\n", list_file(g, lists[i], i), rows[i]);
		sum += rows[i];
	}
	buf_fmt(b, "rows: %zu\non at least one list: %zu\n", sum, g->people - of_set[0]);
	buf_fmt(b, "sharing given and family name with another person: %zu\n",
		count_namesakes(names, g->people));
	for (unsigned set = 0; set < 1u << g->lists; set++)
		overlap_line(g, lists, set, of_set[set], b);
	mem_free(names);
	return out_close(o);
}
