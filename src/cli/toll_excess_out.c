/* `habeas toll excess`: the JSON, the files. */
#include <math.h>
#include "cli/toll_int.h"

/* ---- JSON ---------------------------------------------------------------------------- */

static void
json_interval(struct toll_excess *x, struct json *j, const char *method,
	const struct reckon_excess_interval *i)
{
	json_object(j);
	json_field_text(j, "method", str_of(method));
	json_field_real(j, "estimate", x->r.excess);
	json_field_real(j, "lower", i->lower);
	json_field_real(j, "upper", i->upper);
	json_field_real(j, "level", 0.95);
	json_field_real(j, "sd", i->sd);
	json_key(j, "df");
	if (i->df)
		json_int(j, i->df);
	else
		json_null(j);
	json_field_text(j, "withheld", str_of(i->withheld));
	json_field_real(j, "ratio", x->r.excess / x->official);
	json_field_real(j, "ratio_lower", i->lower / x->official);
	json_field_real(j, "ratio_upper", i->upper / x->official);
	json_object_end(j);
}

static void
json_question(struct toll_excess *x, struct json *j)
{
	const struct reckon_excess_ask *q = &x->ask;
	struct arena *a = x->t->a;

	json_field_text(j, "unit", str_of(deaths_unit(&x->d)));
	json_field_text(j, "calendar", str_of(x->d.solar ? "solar-hijri" : "as in the file"));
	json_field_text(j, "country", x->d.country);
	json_field_int(j, "strata", x->d.n_strata);
	json_key(j, "baseline");
	json_object(j);
	json_field_int(j, "first", q->base_first);
	json_field_int(j, "last", q->base_last);
	json_field_int(j, "periods", (int64_t)x->r.n_baseline);
	json_field_bool(j, "flat", q->flat);
	json_field_bool(j, "fixed", q->fixed);
	json_field_real(j, "slope", x->r.slope);
	json_object_end(j);
	json_key(j, "window");
	json_object(j);
	json_field_text(j, "from", period_text(a, &x->d, q->window.from));
	json_field_text(j, "to", period_text(a, &x->d, q->window.to));
	json_field_int(j, "periods", (int64_t)x->r.periods);
	json_field_int(j, "missing", (int64_t)x->r.missing);
	json_object_end(j);
	json_key(j, "excluded");
	json_array(j);
	for (size_t i = 0; i < q->n_excluded; i++)
		json_text(j, str_fmt(a, "%s..%s", period_text(a, &x->d, q->excluded[i].from).p,
			period_text(a, &x->d, q->excluded[i].to).p));
	json_array_end(j);
}

static void
json_diagnostics(struct toll_excess *x, struct json *j)
{
	json_key(j, "diagnostics");
	json_object(j);
	json_field_real(j, "residual_sd", x->r.residual_sd);
	json_field_real(j, "overdispersion", x->r.overdispersion);
	json_key(j, "years");
	json_array(j);
	for (size_t i = 0; i < x->r.n_years; i++) {
		json_object(j);
		json_field_int(j, "year", x->r.years[i].year);
		json_field_real(j, "residuals", x->r.years[i].residuals);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}

static void
json_sensitivity(struct toll_excess *x, struct json *j)
{
	json_key(j, "sensitivity");
	json_array(j);
	for (size_t i = 0; i < x->n_sense; i++) {
		const struct toll_sense *s = &x->sense[i];
		json_object(j);
		json_field_text(j, "change", s->id);
		json_field_real(j, "estimate", s->excess);
		json_field_real(j, "sd_published", s->published_sd);
		json_field_real(j, "sd_years", s->block_sd);
		json_object_end(j);
	}
	json_array_end(j);
}

void
excess_json(struct toll_excess *x, struct buf *out)
{
	struct json j = json_to(out);

	json_object(&j);
	json_question(x, &j);
	json_field_real(&j, "deaths", x->r.deaths);
	json_field_real(&j, "expected", x->r.expected);
	json_field_real(&j, "excess", x->r.excess);
	json_field_real(&j, "official", x->official);
	json_key(&j, "methods");
	json_array(&j);
	json_interval(x, &j, "karlinsky-kobak", &x->r.published);
	json_interval(x, &j, "year-blocks", &x->r.block);
	json_array_end(&j);
	json_sensitivity(x, &j);
	json_diagnostics(x, &j);
	json_field_text(&j, "sentence", excess_sentence(x));
	json_field_text(&j, "prisons", S("national excess is never scaled to prisons"));
	toll_json_notes(x->t, &j);
	toll_receipt(x->t, &j, NULL);
	json_object_end(&j);
	buf_byte(out, '\n');
}

/* ---- Files --------------------------------------------------------------------------- */

static const char *const roles[] = {
	[RECKON_BASELINE] = "baseline", [RECKON_COUNTED] = "counted",
	[RECKON_EXCLUDED] = "excluded", [RECKON_BETWEEN] = "between",
};

static struct str
csv_real(struct arena *a, double v)
{
	return isfinite(v) ? str_fmt(a, "%.1f", v) : S("");
}

static void
put_points(struct toll_excess *x, struct buf *out)
{
	struct str cells[6] = {S("period"), S("role"), S("deaths"), S("expected"), S("lower"),
		S("upper")};

	csv_write_row(out, cells, 6, ',');
	for (size_t i = 0; i < x->r.n_points; i++) {
		const struct reckon_excess_point *p = &x->r.points[i];
		double q = reckon_t_quantile(0.95, 0) * p->sd;
		cells[0] = period_text(x->t->a, &x->d, p->at);
		cells[1] = str_of(roles[p->role]);
		cells[2] = csv_real(x->t->a, p->deaths);
		cells[3] = csv_real(x->t->a, p->expected);
		cells[4] = csv_real(x->t->a, p->expected - q);
		cells[5] = csv_real(x->t->a, p->expected + q);
		csv_write_row(out, cells, 6, ',');
	}
}

static void
put_sensitivity(struct toll_excess *x, struct buf *out)
{
	struct str cells[4] = {S("change"), S("excess"), S("sd_published"), S("sd_years")};

	csv_write_row(out, cells, 4, ',');
	for (size_t i = 0; i < x->n_sense; i++) {
		const struct toll_sense *s = &x->sense[i];
		cells[0] = s->id;
		cells[1] = csv_real(x->t->a, s->excess);
		cells[2] = csv_real(x->t->a, s->published_sd);
		cells[3] = csv_real(x->t->a, s->block_sd);
		csv_write_row(out, cells, 4, ',');
	}
}

enum status
excess_write(struct toll_excess *x, struct err *e)
{
	static const struct {
		const char *name;
		void (*put)(struct toll_excess *x, struct buf *out);
	} files[] = {
		{"excess.json", excess_json}, {"excess.csv", put_points},
		{"sensitivity.csv", put_sensitivity},
	};
	struct bytes png;
	enum status st = excess_chart(x, &png, e);

	if (st == OK)
		st = toll_write(x->t, "excess.png", png, e);
	for (size_t i = 0; i < sizeof files / sizeof *files && st == OK; i++) {
		struct buf out;
		buf_init(&out, (size_t)256 << 20);
		files[i].put(x, &out);
		st = toll_write(x->t, files[i].name, buf_bytes(&out), e);
		buf_finish(&out);
	}
	return toll_keep(x->t, st, e);
}
