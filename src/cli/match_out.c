/*
 * What a run of `habeas match` leaves behind: pairs.csv, clusters.csv, model.json.
 * Written when everything is known, each under another name first, so that a run that
 * is interrupted leaves nothing.
 */
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

static void
put_pairs(struct matching *m, const struct match_result *r, struct buf *out)
{
	struct str cells[4 + MATCH_FIELDS] = {S("left"), S("right"), S("weight"),
		S("probability")};
	unsigned fields[MATCH_FIELDS], n = 0;
	struct arena *a = arena_create(1 << 20);

	for (unsigned f = 0; f < MATCH_FIELDS; f++)
		if (match_field_used(r, f)) {
			cells[4 + n] = match_field_label(m, f);
			fields[n++] = f;
		}
	csv_write_row(out, cells, 4 + n, ',');
	for (size_t i = 0; i < r->n_pairs; i++) {
		const struct match_edge *p = &r->pairs[i];
		cells[0] = record_name(m, a, p->left);
		cells[1] = record_name(m, a, p->right);
		cells[2] = str_fmt(a, "%.3f", (double)p->weight);
		cells[3] = str_fmt(a, "%.6f", (double)p->probability);
		for (unsigned k = 0; k < n; k++)
			cells[4 + k] = str_of(match_level_name(fields[k], p->level[fields[k]]));
		csv_write_row(out, cells, 4 + n, ',');
		if (i % 256 == 255)
			arena_reset(a);
	}
	arena_destroy(a);
}

/* Clusters are numbered from 1 in the order of their first records. */
static void
put_clusters(struct matching *m, const struct match_result *r, struct buf *out)
{
	struct str cells[2] = {S("record"), S("cluster")};
	uint32_t *number = mem_alloc(m->n + 1, sizeof *number), n = 0;
	struct arena *a = arena_create(1 << 20);

	csv_write_row(out, cells, 2, ',');
	for (size_t i = 0; i < m->n; i++) {
		if (r->cluster[i] == i)
			number[i] = ++n;
		cells[0] = record_name(m, a, i);
		cells[1] = str_fmt(a, "%u", number[r->cluster[i]]);
		csv_write_row(out, cells, 2, ',');
		if (i % 256 == 255)
			arena_reset(a);
	}
	arena_destroy(a);
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
put_model(struct matching *m, const struct match_result *r, struct buf *out)
{
	struct json j = json_to(out);

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
	json_key(&j, "seeds");        /* nothing is drawn by lot */
	json_array(&j);
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
	buf_byte(out, '\n');
}

enum status
match_write(struct matching *m, const struct match_result *r, const char *dir, struct err *e)
{
	static const char *const names[] = {"pairs.csv", "clusters.csv", "model.json"};
	struct buf out[3];
	enum status st;

	for (size_t i = 0; i < 3; i++)
		buf_init(&out[i], OUT_MOST);
	put_pairs(m, r, &out[0]);
	put_clusters(m, r, &out[1]);
	put_model(m, r, &out[2]);
	st = os_make_dirs(dir, 0777, e);
	for (size_t i = 0; i < 3 && st == OK; i++) {
		const char *path = str_cstr(m->a, str_fmt(m->a, "%s/%s", dir, names[i]));
		st = out[i].over ? err_set(e, FAIL, "%s: would be more than 16 GiB", path)
			: os_write_file(path, buf_bytes(&out[i]), 0666, e);
	}
	for (size_t i = 0; i < 3; i++)
		buf_finish(&out[i]);
	return st;
}
