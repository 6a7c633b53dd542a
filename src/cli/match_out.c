/*
 * What a run of `habeas match` leaves behind: pairs.csv, clusters.csv, model.json, and
 * histories.csv where linkages are drawn.
 * They get their names when all are whole, so that a run that is interrupted leaves
 * nothing.
 */
#include <math.h>
#include "cli/match_int.h"

enum { OUT_MOST = (size_t)16 << 30 };

bool
match_field_used(const struct match_result *r, unsigned f)
{
	for (size_t i = 0; i < r->n_patterns; i++)
		if (r->patterns[i].level[f])
			return true;
	return false;
}

struct str
match_field_label(struct matching *m, unsigned f)
{
	if (f >= MATCH_F_EXTRA && f - MATCH_F_EXTRA < m->n_extra)
		return m->extra[f - MATCH_F_EXTRA];
	return str_of(match_field_name(f));
}

/* A file being written, its bytes gathered first. */
struct out {
	struct os_new_file *file;
	const char *path;
	struct buf b;
	struct err *e;
	enum status st;
};
enum { GATHER = 1 << 16 };

static void
flush(struct out *o, size_t above)
{
	if (o->b.n <= above)
		return;
	if (o->st == OK && o->b.over)
		o->st = err_set(o->e, FAIL, "match: a line of more than 16 GiB");
	if (o->st == OK)
		o->st = os_new_file_write(o->file, buf_bytes(&o->b), o->e);
	buf_clear(&o->b);
}

static void
put_number(struct buf *b, uint64_t n)
{
	char digits[20];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + n % 10);
	} while (n /= 10);
	buf_put(b, digits + at, sizeof digits - at);
}

/* A number of `places` decimal places, given as a whole number of those. */
static void
put_decimal(struct buf *b, int64_t n, unsigned places)
{
	uint64_t abs = n < 0 ? (uint64_t)-n : (uint64_t)n, one = 1;

	for (unsigned i = 0; i < places; i++)
		one *= 10;
	if (n < 0)
		buf_byte(b, '-');
	put_number(b, abs / one);
	buf_byte(b, '.');
	for (uint64_t left = abs % one; one /= 10; left %= one)
		buf_byte(b, (uint8_t)('0' + left / one));
}

/* Names of records, without making texts of them where they are FILE:ROW. */
static void
put_name(struct matching *m, struct buf *b, size_t i)
{
	size_t f = m->n_files - 1;

	if (m->id.n) {
		csv_write_cell(b, m->id.v[i], ',');
		return;
	}
	while (m->files[f].first > i)
		f--;
	if (m->files[f].plain_name) {
		buf_cstr(b, m->files[f].path);
		buf_byte(b, ':');
		put_number(b, i - m->files[f].first + 1);
	} else {
		struct arena *a = arena_create(1 << 20);
		csv_write_cell(b, record_name(m, a, i), ',');
		arena_destroy(a);
	}
}

/* Whether a path stands in CSV as it is. */
static bool
is_plain(const char *path)
{
	for (const char *p = path; *p; p++)
		if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')
		    || (*p >= '0' && *p <= '9') || strchr("._/", *p) || (*p == '-' && p != path)))
			return false;
	return true;
}

static void
put_pairs(struct matching *m, const struct match_result *r, struct out *o)
{
	struct str heads[4 + MATCH_FIELDS] = {S("left"), S("right"), S("weight"),
		S("probability")};
	unsigned fields[MATCH_FIELDS], n = 0;

	for (unsigned f = 0; f < MATCH_FIELDS; f++)
		if (match_field_used(r, f)) {
			heads[4 + n] = match_field_label(m, f);
			fields[n++] = f;
		}
	csv_write_row(&o->b, heads, 4 + n, ',');
	for (size_t i = 0; i < r->n_pairs; i++) {
		const struct match_edge *p = &r->pairs[i];
		put_name(m, &o->b, p->left);
		buf_byte(&o->b, ',');
		put_name(m, &o->b, p->right);
		buf_byte(&o->b, ',');
		put_decimal(&o->b, llround((double)p->weight * 1000), 3);
		buf_byte(&o->b, ',');
		put_decimal(&o->b, llround((double)p->probability * 1e6), 6);
		for (unsigned k = 0; k < n; k++) {
			buf_byte(&o->b, ',');
			csv_write_cell(&o->b,
				str_of(match_level_name(fields[k], p->level[fields[k]])), ',');
		}
		buf_cstr(&o->b, "\r\n");
		flush(o, GATHER);
	}
}

/* Clusters are numbered from 1 in the order of their first records. */
static void
put_clusters(struct matching *m, const struct match_result *r, struct out *o)
{
	uint32_t *number = mem_alloc(m->n + 1, sizeof *number), n = 0;

	buf_cstr(&o->b, "record,cluster\r\n");
	for (size_t i = 0; i < m->n; i++) {
		if (r->cluster[i] == i)
			number[i] = ++n;
		put_name(m, &o->b, i);
		buf_byte(&o->b, ',');
		put_number(&o->b, number[r->cluster[i]]);
		buf_cstr(&o->b, "\r\n");
		flush(o, GATHER);
	}
	mem_free(number);
}

static void
put_fields(struct matching *m, const struct match_result *r, struct json *j)
{
	json_key(j, "fields");
	json_array(j);
	for (unsigned f = 0; f < MATCH_FIELDS; f++) {
		if (!match_field_used(r, f))
			continue;
		json_object(j);
		json_field_text(j, "field", match_field_label(m, f));
		json_key(j, "levels");
		json_array(j);
		for (unsigned l = 1; l < match_field_levels(f); l++) {
			json_object(j);
			json_field_text(j, "level", str_of(match_level_name(f, l)));
			json_key(j, "m");
			json_real(j, r->model.m[f][l]);
			json_key(j, "u");
			json_real(j, r->model.u[f][l]);
			json_object_end(j);
		}
		json_array_end(j);
		json_object_end(j);
	}
	json_array_end(j);
}

/* One row per pattern: the levels of the fields above, in their order, then pairs. */
static void
put_histogram(const struct match_result *r, struct json *j)
{
	bool used[MATCH_FIELDS];

	for (unsigned f = 0; f < MATCH_FIELDS; f++)
		used[f] = match_field_used(r, f);
	json_key(j, "patterns");
	json_array(j);
	for (size_t i = 0; i < r->n_patterns; i++) {
		json_array(j);
		for (unsigned f = 0; f < MATCH_FIELDS; f++)
			if (used[f])
				json_int(j, r->patterns[i].level[f]);
		json_int(j, (int64_t)r->patterns[i].pairs);
		json_array_end(j);
	}
	json_array_end(j);
}

static void
put_model(struct matching *m, const struct match_result *r, struct out *o)
{
	struct json j = json_to(&o->b);

	json_object(&j);
	json_field_int(&j, "records", (int64_t)m->n);
	json_field_int(&j, "persons", (int64_t)r->n_clusters);
	const struct { const char *key; double value; } reals[] = {
		{"prior", r->model.prior}, {"pair_threshold", r->model.pair_threshold},
		{"cluster_threshold", r->model.cluster_threshold},
		{"log_likelihood", r->model.log_likelihood},
		{"estimated_precision", r->precision}, {"estimated_recall", r->recall},
	};
	for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
		json_key(&j, reals[i].key);
		json_real(&j, reals[i].value);
	}
	json_field_bool(&j, "identified", r->model.identified);
	json_field_int(&j, "iterations", r->model.iterations);
	json_field_int(&j, "pairs_compared", (int64_t)r->compared);
	json_key(&j, "seeds");        /* only linkages are drawn by lot */
	json_array(&j);
	if (m->linkages.n)
		json_text(&j, str_fmt(m->a, "%llu", (unsigned long long)m->seed));
	json_array_end(&j);
	put_fields(m, r, &j);
	json_key(&j, "passes");
	json_array(&j);
	for (size_t p = 0; p < r->n_passes; p++) {
		if (!r->pass[p].pairs)
			continue;
		json_object(&j);
		json_field_text(&j, "pass", str_of(r->pass[p].name));
		json_field_int(&j, "pairs", (int64_t)r->pass[p].pairs);
		json_key(&j, "matches");
		json_real(&j, r->pass[p].matches);
		json_object_end(&j);
	}
	json_array_end(&j);
	put_histogram(r, &j);
	json_object_end(&j);
	buf_byte(&o->b, '\n');
}

static void
put_linkage(struct matching *m, const struct match_linkage *l, size_t number, struct out *o)
{
	for (size_t i = 0; i < l->n; i++) {
		put_number(&o->b, number);
		for (size_t f = 0; f < m->n_files; f++)
			buf_cstr(&o->b, l->histories[i].on >> f & 1 ? ",1" : ",0");
		buf_byte(&o->b, ',');
		put_number(&o->b, l->histories[i].count);
		buf_cstr(&o->b, "\r\n");
		flush(o, GATHER);
	}
}

/* 0 is the linkage itself. */
static void
put_histories(struct matching *m, const struct match_result *r, struct out *o)
{
	(void)r;
	buf_cstr(&o->b, "linkage");
	for (size_t f = 0; f < m->n_files; f++) {
		buf_byte(&o->b, ',');
		csv_write_cell(&o->b, str_of(m->files[f].path), ',');
	}
	buf_cstr(&o->b, ",count\r\n");
	put_linkage(m, &m->linkages.point, 0, o);
	for (size_t i = 0; i < m->linkages.n; i++)
		put_linkage(m, &m->linkages.drawn[i], i + 1, o);
}

/* All of them under no name yet; then all get theirs. */
enum status
match_write(struct matching *m, const struct match_result *r, const char *dir, struct err *e)
{
	static const struct {
		const char *name;
		void (*put)(struct matching *m, const struct match_result *r, struct out *o);
	} files[] = {
		{"pairs.csv", put_pairs}, {"clusters.csv", put_clusters}, {"model.json", put_model},
		{"histories.csv", put_histories},
	};
	enum { FILES = sizeof files / sizeof *files };
	struct out o[FILES] = {{0}};
	bool fresh[FILES] = {false};
	size_t n = m->linkages.n ? FILES : FILES - 1;
	enum status st = os_make_dirs(dir, 0777, e);

	for (size_t i = 0; i < m->n_files; i++)
		m->files[i].plain_name = is_plain(m->files[i].path);
	for (size_t i = 0; i < n && st == OK; i++) {
		o[i].path = str_cstr(m->a, str_fmt(m->a, "%s/%s", dir, files[i].name));
		buf_init(&o[i].b, OUT_MOST);
		o[i].e = e;
		if ((st = os_new_file(o[i].path, &o[i].file, e)) != OK)
			break;
		files[i].put(m, r, &o[i]);
		flush(&o[i], 0);
		st = o[i].st;
	}
	for (size_t i = 0; i < n && st == OK; i++)
		st = os_new_file_sync(o[i].file, 0666, e);
	for (size_t i = 0; i < n && st == OK; i++) {
		fresh[i] = !os_exists(o[i].path);
		st = os_new_file_keep(o[i].file, 0666, e);
		o[i].file = NULL;
		/* Some of a result is none. */
		for (size_t k = 0; st != OK && k <= i; k++)
			if (fresh[k])
				(void)!os_remove(o[k].path, NULL);
	}
	for (size_t i = 0; i < FILES; i++) {
		os_new_file_drop(o[i].file);
		buf_finish(&o[i].b);
	}
	return st;
}
