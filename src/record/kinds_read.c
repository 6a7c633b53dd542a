/* Reading a kinds file, line by line, and then what one line could not know
 * (docs/formats.md, "The kinds file"). */
#include "record/kinds_int.h"

enum {
	TEXT_MOST = 1 << 20,          /* a kinds file larger than this is none of ours */
	NUMBER_MOST = 1 << 30,
	CELLS_MOST = 8,
};

struct cells { struct str v[CELLS_MOST]; size_t n; };
struct words { struct alias *v; size_t n, cap; };

struct parser {
	struct tables *t;
	size_t line;
	struct err *e;
	enum { IN_NOTHING, IN_VOCABULARY, IN_KIND } in;
	VEC(struct field) fields;             /* of the kind being read */
	VEC(struct code) codes;               /* of the vocabulary being read */
	VEC(size_t) field_lines;              /* of all kinds, in order */
};

static const struct { const char *name; enum value_type type; bool of; } types[] = {
	{"text", VALUE_TEXT}, {"name", VALUE_NAME}, {"date", VALUE_DATE},
	{"place", VALUE_PLACE}, {"code", VALUE_CODE, true}, {"ref", VALUE_REF, true},
	{"refs", VALUE_REFS, true}, {"number", VALUE_NUMBER}, {"flag", VALUE_FLAG},
	{"bytes", VALUE_BYTES}, {"key", VALUE_KEY}, {"row", VALUE_ROW},
	{"cells", VALUE_CELLS}, {"time", VALUE_TIME}, {"texts", VALUE_TEXTS},
	{"blob", VALUE_BLOB},
};

static const char *const audiences[] = {"sealed", "own", "partners", "un", "public"};

/* What the code relies on in the slots that every kind has. */
static const enum value_type common_types[SLOT_FIRST] = {
	VALUE_NUMBER, VALUE_KEY, VALUE_REF, VALUE_ROW, VALUE_CELLS, VALUE_REF, VALUE_TIME,
	VALUE_CODE,
};

#define LENGTH(a) (sizeof(a) / sizeof *(a))

static enum status
wrong(struct parser *p, const char *what, struct str found, const char *right)
{
	return err_set(p->e, BAD, "kinds file: line %zu: %s \"" STR_FMT "\"; %s", p->line, what,
		STR_ARG(str_upto(found, 60)), right);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The next word of *rest, which goes on behind it; n == 0 at the end. */
static struct str
next_word(struct str *rest)
{
	struct str s = str_trim(*rest);
	size_t n = 0;

	while (n < s.n && !is_blank(s.p[n]))
		n++;
	*rest = str_from(s, n);
	return str_upto(s, n);
}

static bool
name_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || s.p[i] == '-'
			|| (i > 0 && s.p[i] >= '0' && s.p[i] <= '9')))
			return false;
	return s.n > 0 && s.n <= 40;
}

static bool
small_number(struct str s, uint64_t most, uint64_t *ret)
{
	uint64_t v;

	if (s.n == 0 || (s.n > 1 && s.p[0] == '0') || !str_u64(s, &v) || v > most)
		return false;
	*ret = v;
	return true;
}

static enum status
split_cells(struct parser *p, struct str line, size_t most, struct cells *ret)
{
	struct str rest = line;

	*ret = (struct cells){0};
	while (rest.p) {
		struct str cell = str_trim(str_cut(&rest, '|'));
		if (ret->n == most) {
			if (cell.n == 0 && !rest.p)
				break;                /* a closing bar */
			return wrong(p, "one cell too many:", cell,
				"see docs/formats.md, \"The kinds file\"");
		}
		ret->v[ret->n++] = cell;
	}
	return OK;
}

/* Cells `from` on are the labels in English, Persian, Azerbaijani. */
static enum status
read_labels(struct parser *p, const struct cells *c, size_t from, struct str label[LANG_COUNT])
{
	static const enum lang order[] = {LANG_EN, LANG_FA, LANG_AZ};

	for (size_t i = 0; i < LENGTH(order); i++) {
		if (c->v[from + i].n == 0)
			return wrong(p, "a label is missing after", c->v[0],
				"write it in English, Persian and Azerbaijani");
		label[order[i]] = c->v[from + i];
	}
	label[LANG_AZB] = label[LANG_FA];
	return OK;
}

static enum status
push_word(struct parser *p, struct words *v, struct str role, struct str word)
{
	word = str_trim(word);
	if (word.n == 0)
		return wrong(p, "an empty word among", role, "separate words by single commas");
	VEC_PUSH(p->t->arena, v) = (struct alias){role, word};
	return OK;
}

/* "a, b; role: c, d" */
static enum status
read_aliases(struct parser *p, struct str cell, bool roles, const struct alias **ret,
	size_t *ret_n)
{
	struct words v = {0};
	struct str groups = cell;
	enum status s;

	while (cell.n > 0 && groups.p) {
		struct str words = str_cut(&groups, ';');
		size_t colon = str_find(words, ':');
		struct str role = S("");
		if (roles && colon < words.n) {
			role = str_trim(str_upto(words, colon));
			if (!name_ok(role))
				return wrong(p, "no role:", role, "write role: word, word; …");
			words = str_from(words, colon + 1);
		}
		while (words.p)
			if ((s = push_word(p, &v, role, str_cut(&words, ','))))
				return s;
	}
	*ret = v.v;
	*ret_n = v.n;
	return OK;
}

static enum status
read_code(struct parser *p, struct str line)
{
	struct cells c;
	const struct alias *words;
	struct str *plain;
	struct code code = {0};
	enum status s;

	if ((s = split_cells(p, line, 5, &c)))
		return s;
	code.code = c.v[0];
	if (!name_ok(code.code))
		return wrong(p, "no code:", c.v[0], "small letters, digits and \"-\" only");
	for (size_t i = 0; i < p->codes.n; i++)
		if (str_eq(p->codes.v[i].code, code.code))
			return wrong(p, "a second code", code.code, "each stands once");
	if ((s = read_labels(p, &c, 1, code.label))
		|| (s = read_aliases(p, c.v[4], false, &words, &code.n_words)))
		return s;
	plain = NEWS(p->t->arena, struct str, code.n_words);
	for (size_t i = 0; i < code.n_words; i++)
		plain[i] = words[i].word;
	code.words = plain;
	VEC_PUSH(p->t->arena, &p->codes) = code;
	return OK;
}

static enum status
read_flags(struct parser *p, struct str flags, struct field *f)
{
	if (str_is(flags, "-"))
		return OK;
	for (size_t i = 0; i < flags.n; i++) {
		switch (flags.p[i]) {
		case 'l': f->in_list = true; break;
		case 's': f->searched = true; break;
		case 'a': f->in_annex = true; break;
		case 'f': f->in_form = true; break;
		case 'w': f->must_match = true; break;
		default:
			return wrong(p, "unknown flags", flags, "\"-\" or letters of lsafw");
		}
	}
	if (flags.n == 0)
		return wrong(p, "flags are missing after", f->name, "\"-\" or letters of lsafw");
	if (f->must_match && f->type != VALUE_CODE)
		return wrong(p, "the flag w on", f->name, "only a code has a vocabulary");
	return OK;
}

static enum status
read_type(struct parser *p, struct str word, struct field *f)
{
	struct str rest = word, name = str_cut(&rest, ':');

	for (size_t i = 0; i < LENGTH(types); i++) {
		if (!str_is(name, types[i].name))
			continue;
		f->type = types[i].type;
		f->of = rest.p ? rest : S("");
		if (rest.p && (!types[i].of || !name_ok(rest)))
			return wrong(p, "no such type:", word,
				"only code:VOCABULARY, ref:KIND and refs:KIND say of what");
		if (!rest.p && f->type == VALUE_CODE)
			return wrong(p, "of which vocabulary is", word, "write code:VOCABULARY");
		return OK;
	}
	return wrong(p, "no such type:", word, "see docs/formats.md, \"Values\"");
}

static enum status
read_audience(struct parser *p, struct str word, struct field *f)
{
	for (size_t i = 0; i < LENGTH(audiences); i++)
		if (str_is(word, audiences[i])) {
			f->audience = (enum audience)i;
			return OK;
		}
	return wrong(p, "no such audience:", word, "sealed, own, partners, un or public");
}

/* "8 family name public lsaf" */
static enum status
read_field_head(struct parser *p, struct str head, struct field *f)
{
	bool common = p->t->kinds.v[p->t->kinds.n - 1].number == 0;
	uint64_t slot, first = common ? 0 : SLOT_FIRST, most = common ? SLOT_FIRST - 1 : SLOTS - 1;
	struct str word = next_word(&head);
	enum status s;

	if (!small_number(word, most, &slot) || slot < first)
		return wrong(p, "no slot number:", word,
			"8 to 31 in ascending order (0 to 7 in kind 0)");
	if (p->fields.n > 0 && p->fields.v[p->fields.n - 1].slot >= slot)
		return wrong(p, "out of order: slot", word, "slots ascend, each standing once");
	f->slot = (uint8_t)slot;
	f->name = next_word(&head);
	if (!name_ok(f->name))
		return wrong(p, "no name of a slot:", f->name,
			"small letters, digits and \"-\" only");
	if ((s = read_type(p, next_word(&head), f))
		|| (s = read_audience(p, next_word(&head), f))
		|| (s = read_flags(p, next_word(&head), f)))
		return s;
	if (str_trim(head).n > 0)
		return wrong(p, "one word too many:", str_trim(head),
			"slot name type audience flags");
	return OK;
}

static enum status
read_field(struct parser *p, struct str line)
{
	struct cells c;
	struct field f = {0};
	enum status s;

	if ((s = split_cells(p, line, 7, &c))
		|| (s = read_field_head(p, c.v[0], &f))
		|| (s = read_labels(p, &c, 1, f.label))
		|| (s = read_aliases(p, c.v[4], true, &f.aliases, &f.n_aliases)))
		return s;
	f.huridocs = c.v[5];
	f.ftm = c.v[6];
	for (size_t i = 0; i < p->fields.n; i++)
		if (str_eq(p->fields.v[i].name, f.name))
			return wrong(p, "a second slot", f.name, "names are unique in a kind");
	VEC_PUSH(p->t->arena, &p->fields) = f;
	VEC_PUSH(p->t->arena, &p->field_lines) = p->line;
	return OK;
}

/* The block above is whole: hand over what was gathered. */
static void
end_block(struct parser *p)
{
	if (p->in == IN_KIND) {
		struct kind *k = &p->t->kinds.v[p->t->kinds.n - 1];
		k->fields = p->fields.v;
		k->n_fields = p->fields.n;
	}
	if (p->in == IN_VOCABULARY) {
		struct vocabulary *v = &p->t->vocabularies.v[p->t->vocabularies.n - 1];
		v->codes = p->codes.v;
		v->n_codes = p->codes.n;
	}
	memset(&p->fields, 0, sizeof p->fields);
	memset(&p->codes, 0, sizeof p->codes);
}

static enum status
begin_vocabulary(struct parser *p, struct str rest)
{
	struct vocabulary v = {.name = next_word(&rest)};
	struct str word = next_word(&rest);
	uint64_t version;

	if (!name_ok(v.name))
		return wrong(p, "no name of a vocabulary:", v.name, "write vocab NAME VERSION");
	if (!small_number(word, NUMBER_MOST, &version) || version == 0 || str_trim(rest).n > 0)
		return wrong(p, "no version:", word, "write vocab NAME VERSION, from 1");
	for (size_t i = 0; i < p->t->vocabularies.n; i++)
		if (str_eq(p->t->vocabularies.v[i].name, v.name))
			return wrong(p, "a second vocabulary", v.name, "each stands once");
	v.version = (unsigned)version;
	VEC_PUSH(p->t->arena, &p->t->vocabularies) = v;
	p->in = IN_VOCABULARY;
	return OK;
}

static enum status
begin_kind(struct parser *p, struct str line)
{
	struct cells c;
	struct kind k = {0};
	struct str head, word;
	uint64_t number;
	enum status s;

	if ((s = split_cells(p, line, 6, &c)))
		return s;
	head = c.v[0];
	word = next_word(&head);
	k.name = next_word(&head);
	if (!small_number(word, NUMBER_MOST, &number))
		return wrong(p, "no number of a kind:", word, "write kind NUMBER name | …");
	if (!name_ok(k.name) || str_trim(head).n > 0)
		return wrong(p, "no name of a kind:", k.name, "write kind NUMBER name | …");
	for (size_t i = 0; i < p->t->kinds.n; i++)
		if (p->t->kinds.v[i].number == number || str_eq(p->t->kinds.v[i].name, k.name))
			return wrong(p, "a second kind", c.v[0], "numbers and names stand once");
	if ((s = read_labels(p, &c, 1, k.label)))
		return s;
	k.number = (uint32_t)number;
	k.huridocs = c.v[4];
	k.ftm = c.v[5];
	VEC_PUSH(p->t->arena, &p->t->kinds) = k;
	p->in = IN_KIND;
	return OK;
}

static enum status
read_line(struct parser *p, struct str line)
{
	struct str trimmed = str_trim(line), rest = line;

	if (trimmed.n == 0 || trimmed.p[0] == '#')
		return OK;
	if (is_blank(line.p[0])) {
		if (p->in == IN_VOCABULARY)
			return read_code(p, trimmed);
		if (p->in == IN_KIND)
			return read_field(p, trimmed);
		return wrong(p, "indented before any block:", trimmed, "begin with vocab or kind");
	}
	struct str word = next_word(&rest);
	if (!str_is(word, "vocab") && !str_is(word, "kind"))
		return wrong(p, "unknown block", word, "vocab or kind");
	end_block(p);
	return str_is(word, "vocab") ? begin_vocabulary(p, rest) : begin_kind(p, rest);
}

/* --- the whole: what one line could not know -------------------------------------- */

const struct vocabulary *
kinds_vocabulary_in(const struct tables *t, struct str name)
{
	for (size_t i = 0; i < t->vocabularies.n; i++)
		if (str_eq(t->vocabularies.v[i].name, name))
			return &t->vocabularies.v[i];
	return NULL;
}

const struct kind *
kinds_kind_in(const struct tables *t, struct str name)
{
	for (size_t i = 0; i < t->kinds.n; i++)
		if (str_eq(t->kinds.v[i].name, name))
			return &t->kinds.v[i];
	return NULL;
}

static enum status
check_field(struct parser *p, const struct field *f)
{
	const struct vocabulary *roles = kinds_vocabulary_in(p->t, S("event"));

	if (f->type == VALUE_CODE && !kinds_vocabulary_in(p->t, f->of))
		return wrong(p, "no such vocabulary:", f->of, "add a block vocab");
	if ((f->type == VALUE_REF || f->type == VALUE_REFS) && f->of.n > 0
		&& !kinds_kind_in(p->t, f->of))
		return wrong(p, "no such kind:", f->of, "add a block kind");
	for (size_t i = 0; i < f->n_aliases; i++)
		if (f->aliases[i].role.n > 0
			&& (!roles || !code_of(roles, f->aliases[i].role)))
			return wrong(p, "no such role:", f->aliases[i].role,
				"a role is a code of the vocabulary event");
	return OK;
}

static enum status
check_common(struct parser *p)
{
	const struct kind *k = kinds_kind_in(p->t, S("common"));
	bool ok = k && k->number == 0 && k->n_fields == SLOT_FIRST;

	for (size_t i = 0; ok && i < SLOT_FIRST; i++)
		ok = k->fields[i].type == common_types[i]
			&& k->fields[i].audience != AUDIENCE_SEALED;
	return ok ? OK : err_set(p->e, BAD, "kinds file: the slots 0 to 7 of \"kind 0 common\" "
		"are not those of docs/formats.md; put them back");
}

/* Where every kind's slots are, common ones included. */
static enum status
index_fields(struct parser *p)
{
	struct tables *t = p->t;
	const struct kind *common = kinds_kind_in(t, S("common"));
	size_t line = 0;
	enum status s;

	t->at = arena_alloc(t->arena, t->kinds.n, sizeof *t->at);
	for (size_t i = 0; i < t->kinds.n; i++) {
		const struct kind *k = &t->kinds.v[i];
		for (size_t j = 0; j < SLOT_FIRST; j++)
			t->at[i][j] = &common->fields[j];
		for (size_t j = 0; j < k->n_fields; j++) {
			p->line = p->field_lines.v[line++];
			if ((s = check_field(p, &k->fields[j])))
				return s;
			t->at[i][k->fields[j].slot] = &k->fields[j];
		}
	}
	return OK;
}

static enum status
fold_words(struct parser *p, size_t at)
{
	struct tables *t = p->t;
	const struct vocabulary *v = &t->vocabularies.v[at];
	VEC(struct folded) all = {0};

	for (size_t i = 0; i < v->n_codes; i++) {
		size_t own = all.n;
		VEC_PUSH(t->arena, &all) = (struct folded){text_fold(t->arena, v->codes[i].code), i};
		for (size_t j = 0; j < v->codes[i].n_words; j++)
			VEC_PUSH(t->arena, &all) = (struct folded){
				text_fold(t->arena, v->codes[i].words[j]), i};
		for (size_t j = own; j < all.n; j++)
			for (size_t k = 0; k < own; k++)
				if (str_eq(all.v[j].word, all.v[k].word))
					return err_set(p->e, BAD, "kinds file: vocab " STR_FMT
						": the word \"" STR_FMT "\" stands for two codes; "
						"keep it at one", STR_ARG(v->name),
						STR_ARG(all.v[j].word));
	}
	t->folded[at].v = all.v;
	t->folded[at].n = all.n;
	return OK;
}

static enum status
check_whole(struct parser *p)
{
	enum status s;

	if ((s = check_common(p)) || (s = index_fields(p)))
		return s;
	p->t->folded = arena_alloc(p->t->arena, p->t->vocabularies.n, sizeof *p->t->folded);
	for (size_t i = 0; i < p->t->vocabularies.n; i++)
		if ((s = fold_words(p, i)))
			return s;
	return OK;
}

enum status
kinds_read(struct tables *t, struct str text, struct err *e)
{
	struct parser parser = {.t = t, .e = e}, *p = &parser;
	enum status s;

	if (text.n > TEXT_MOST)
		return err_set(p->e, BAD, "kinds file: larger than %d bytes", TEXT_MOST);
	if (!utf8_valid(str_bytes(text)) || !text_is_nfc(text))
		return err_set(p->e, BAD, "kinds file: not UTF-8 in normalisation form C; "
			"convert it");
	while (text.p) {
		struct str line = str_cut(&text, '\n');
		p->line++;
		if ((s = read_line(p, line)))
			return s;
	}
	end_block(p);
	return check_whole(p);
}
