/* habeas names: how names are read, and why two of them met. */
#include "cli/cli_int.h"
#include "reconcile/reconcile.h"

/* Above this many names only the pairs that meet are said. */
enum { ALL_PAIRS_UP_TO = 8, JSON_MOST = 64 << 20 };

static const char *const scripts[] = {
	[SCRIPT_NONE] = N_("none"), [SCRIPT_LATN] = N_("Latin"), [SCRIPT_ARAB] = N_("Arabic script"),
	[SCRIPT_CYRL] = N_("Cyrillic"), [SCRIPT_OTHER] = N_("another script"),
	[SCRIPT_MIXED] = N_("several scripts"),
};
/* What becomes of a word; of part of the name proper nothing is said. */
static const char *const roles[] = {
	[MATCH_NAME] = "", [MATCH_PARTICLE] = N_("particle, may be left out"),
	[MATCH_TITLE] = N_("title, may be left out"), [MATCH_CHILD_OF] = N_("child of"),
	[MATCH_NUMBER] = N_("number"),
};

/* Keys that two names share: of the whole names, else of some words. */
struct meeting {
	uint64_t keys[MATCH_TOKENS * MATCH_KEYS];
	size_t n;
	bool whole;
	double alike;
};

static void
meet(struct meeting *m, const uint64_t *a, size_t na, const uint64_t *b, size_t nb)
{
	m->n = 0;
	for (size_t i = 0; i < na; i++)
		for (size_t j = 0; j < nb; j++)
			if (a[i] == b[j] && m->n < sizeof m->keys / sizeof *m->keys)
				m->keys[m->n++] = a[i];
}

static struct meeting
meeting_of(const struct match_name *a, const struct match_name *b)
{
	uint64_t x[MATCH_TOKENS * MATCH_KEYS], y[MATCH_TOKENS * MATCH_KEYS];
	struct meeting m = {.alike = match_name_similarity(a, b)};

	meet(&m, a->keys, a->n_keys, b->keys, b->n_keys);
	m.whole = m.n > 0;
	if (!m.whole)
		meet(&m, x, match_name_keys(a, x, sizeof x / sizeof *x),
			y, match_name_keys(b, y, sizeof y / sizeof *y));
	return m;
}

/* ---- For people ------------------------------------------------------------------ */

static struct str
keys_text(struct arena *a, const uint64_t *keys, size_t n)
{
	struct str s = S("");

	for (size_t i = 0; i < n; i++) {
		struct str k = match_key_text(a, keys[i]);
		s = str_fmt(a, STR_FMT "%s" STR_FMT, STR_ARG(s), i ? ", " : "", STR_ARG(k));
	}
	return s;
}

/* "guseynov KSNV, huseynov 'SNV" */
static struct str
readings_text(struct arena *a, const struct str *sounds, const uint64_t *keys, unsigned n)
{
	struct str s = S("");

	for (unsigned i = 0; i < n; i++) {
		struct str sound = match_sound_text(a, sounds[i]), k = match_key_text(a, keys[i]);
		s = str_fmt(a, STR_FMT "%s" STR_FMT " " STR_FMT, STR_ARG(s), i ? ", " : "",
			STR_ARG(sound), STR_ARG(k));
	}
	return s;
}

static void
say_words(struct args *x, const struct match_name *n)
{
	for (size_t i = 0; i < n->n && n->n > 1; i++) {
		const struct match_token *t = &n->tokens[i];
		struct str read = readings_text(x->a, t->sounds, t->keys, t->n_keys);
		const char *role = roles[t->role];
		say("    " STR_FMT ": %s%s" STR_FMT "\n", STR_ARG(t->text),
			*role ? tr(x->lang, role) : "", *role && read.n ? "; " : "", STR_ARG(read));
	}
}

static void
say_name(struct args *x, const char *text, const struct match_name *n)
{
	const char *lang = match_lang_name(n->lang);
	struct str read = readings_text(x->a, n->sounds, n->keys, n->n_keys);

	say("%s\n  %s: " STR_FMT "\n", text, tr(x->lang, "normal form"), STR_ARG(n->normal));
	say("  %s: %s\n", tr(x->lang, "script"), tr(x->lang, scripts[n->script]));
	say("  %s: %s\n", tr(x->lang, "spelling"),
		tr(x->lang, *lang ? lang : N_("not told by its letters")));
	if (n->n_keys)
		say("  %s: " STR_FMT "\n", tr(x->lang, "read as, with its key"), STR_ARG(read));
	else
		say("  %s\n", tr(x->lang, "nothing that sounds: no key"));
	say_words(x, n);
}

static void
say_meeting(struct args *x, size_t i, size_t j, const struct meeting *m)
{
	struct str keys = keys_text(x->a, m->keys, m->n);
	const char *how = m->whole ? N_("share the key") : m->n ? N_("share the key of a word")
		: N_("share no key");

	say("%s – %s: %s%s" STR_FMT "; %s %.0f %%\n", x->arg[i], x->arg[j], tr(x->lang, how),
		m->n ? " " : "", STR_ARG(keys), tr(x->lang, "alike"), 100 * m->alike);
}

static void
say_all(struct args *x, const struct match_name *n)
{
	size_t silent = 0;

	for (size_t i = 0; i < x->n; i++)
		say_name(x, x->arg[i], &n[i]);
	for (size_t i = 0; i < x->n; i++)
		for (size_t j = i + 1; j < x->n; j++) {
			struct meeting m = meeting_of(&n[i], &n[j]);
			if (x->n <= ALL_PAIRS_UP_TO || m.n)
				say_meeting(x, i, j, &m);
			else
				silent++;
		}
	if (silent)
		say(tr(x->lang, "%zu other pairs share no key\n"), silent);
}

/* ---- For programs ------------------------------------------------------------------ */

static void
json_readings(struct json *j, struct arena *a, const struct str *sounds, const uint64_t *keys,
	unsigned n)
{
	json_key(j, "readings");
	json_array(j);
	for (unsigned i = 0; i < n; i++) {
		json_object(j);
		json_field_text(j, "sound", match_sound_text(a, sounds[i]));
		json_field_text(j, "key", match_key_text(a, keys[i]));
		json_object_end(j);
	}
	json_array_end(j);
}

static void
json_name(struct json *j, struct arena *a, const char *text, const struct match_name *n)
{
	static const char *const codes[] = {"name", "particle", "title", "child of", "number"};

	json_object(j);
	json_field_text(j, "text", str_of(text));
	json_field_text(j, "normal", n->normal);
	json_field_text(j, "script", str_of(script_code(n->script)));
	json_field_text(j, "spelling", *match_lang_name(n->lang)
		? str_of(match_lang_name(n->lang)) : STR_NONE);
	json_readings(j, a, n->sounds, n->keys, n->n_keys);
	json_key(j, "words");
	json_array(j);
	for (size_t i = 0; i < n->n; i++) {
		const struct match_token *t = &n->tokens[i];
		json_object(j);
		json_field_text(j, "text", t->text);
		json_field_text(j, "role", str_of(codes[t->role]));
		json_readings(j, a, t->sounds, t->keys, t->n_keys);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}

static void
json_meeting(struct json *j, struct arena *a, size_t left, size_t right, const struct meeting *m)
{
	json_object(j);
	json_field_int(j, "left", (int64_t)left);
	json_field_int(j, "right", (int64_t)right);
	json_key(j, m->whole ? "keys" : "word_keys");
	json_array(j);
	for (size_t i = 0; i < m->n; i++)
		json_text(j, match_key_text(a, m->keys[i]));
	json_array_end(j);
	json_key(j, "alike");
	json_real(j, m->alike);
	json_object_end(j);
}

static void
print_json(struct args *x, const struct match_name *n)
{
	struct buf b;
	struct json j;

	buf_init(&b, JSON_MOST);
	j = json_to(&b);
	json_object(&j);
	json_key(&j, "names");
	json_array(&j);
	for (size_t i = 0; i < x->n; i++)
		json_name(&j, x->a, x->arg[i], &n[i]);
	json_array_end(&j);
	json_key(&j, "pairs");
	json_array(&j);
	for (size_t i = 0; i < x->n; i++)
		for (size_t k = i + 1; k < x->n; k++) {
			struct meeting m = meeting_of(&n[i], &n[k]);
			json_meeting(&j, x->a, i, k, &m);
		}
	json_array_end(&j);
	json_object_end(&j);
	buf_byte(&b, '\n');
	fwrite(b.p, 1, b.n, stdout);
	buf_finish(&b);
}

static enum status
run_names(struct args *x, struct err *e)
{
	struct match_name *n = NEWS(x->a, struct match_name, x->n);

	(void)e;
	for (size_t i = 0; i < x->n; i++)
		n[i] = match_name_of(x->a, str_of(x->arg[i]));
	if (x->json)
		print_json(x, n);
	else
		say_all(x, n);
	return OK;
}

const struct command names_commands[] = {
	{"names", "WORD …", "how names are read, and why two of them meet\n"
		"Shows the normal form, the script, the language that the letters tell, and the\n"
		"readings with their keys: two names are looked at together when they share a key.\n"
		"Of two names and more it says which share one, and how alike they are.",
		1, ARGS_MOST, NULL, run_names},
	{NULL, NULL, NULL, 0, 0, NULL, NULL},
};
