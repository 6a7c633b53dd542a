/*
 * Markdown by cmark: the tree is checked against what a letter may hold and then
 * made flat, one block per paragraph, for the page.
 */
#include <cmark.h>
#include "helpers/typeset/typeset_int.h"

enum { DEPTH_MAX = 6 };

/* What a letter has no use for, and what to write instead. */
static const struct {
	int type;
	const char *what;
	bool letter_only;        /* forbidden in letters, allowed on the page of checks */
} forbidden[] = {
	{CMARK_NODE_HTML_BLOCK, "raw HTML; write plain text", false},
	{CMARK_NODE_HTML_INLINE, "raw HTML; write plain text, or \\< for <", false},
	{CMARK_NODE_IMAGE, "a picture; letters hold text only", false},
	{CMARK_NODE_THEMATIC_BREAK, "a rule; leave an empty line", false},
	{CMARK_NODE_CODE_BLOCK, "an indented or fenced block; indent by fewer than 4 spaces", true},
};

struct checking {
	const char *name;
	bool letter;
	unsigned depth;          /* of lists and quotes */
	size_t numbered;
	struct str rest;         /* of the text, from line `line` on */
	size_t line;
	struct err *e;
};

static enum status
refuse(const struct checking *k, cmark_node *n, const char *what)
{
	/* Inline nodes of cmark 0.30 know their line only through their block. */
	while (n && cmark_node_get_start_line(n) == 0)
		n = cmark_node_parent(n);
	return err_set(k->e, BAD, "%s: line %d: %s", k->name,
		n ? cmark_node_get_start_line(n) : 0, what);
}

static bool
is_container(cmark_node *n)
{
	int t = (int)cmark_node_get_type(n);

	return t == CMARK_NODE_LIST || t == CMARK_NODE_BLOCK_QUOTE;
}

/* The numbered paragraphs of a letter: ordered lists at the top. */
static bool
is_numbered_list(cmark_node *n)
{
	return cmark_node_get_type(n) == CMARK_NODE_LIST
		&& cmark_node_get_list_type(n) == CMARK_ORDERED_LIST
		&& cmark_node_get_type(cmark_node_parent(n)) == CMARK_NODE_DOCUMENT;
}

/* The number that stands at the beginning of this line; lines are asked for in
 * ascending order.  CommonMark counts a list's items itself, whatever their
 * numbers say (5.3): but people read the text by them. */
static size_t
number_in_line(struct checking *k, size_t line)
{
	size_t number = 0, i = 0;
	struct str s;

	for (; k->line < line && k->rest.p; k->line++)
		str_cut(&k->rest, '\n');
	s = k->rest;
	while (i < s.n && s.p[i] == ' ')
		i++;
	/* 9 digits at most, or it would be no list item. */
	for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && number < 1000000000; i++)
		number = 10 * number + (size_t)(s.p[i] - '0');
	return number;
}

/* Editorial Manual of the UN: paragraphs are numbered consecutively, so that all
 * language versions cross-refer identically. */
static enum status
check_numbers(struct checking *k, cmark_node *list)
{
	for (cmark_node *c = cmark_node_first_child(list); c; c = cmark_node_next(c)) {
		int line = cmark_node_get_start_line(c);
		size_t number = number_in_line(k, (size_t)line);
		if (k->letter && number != k->numbered + 1)
			return err_set(k->e, BAD, "%s: line %d: paragraph number %zu; the numbers run "
				"on through the letter: write %zu", k->name, line, number,
				k->numbered + 1);
		k->numbered++;
	}
	return OK;
}

static enum status
check_enter(struct checking *k, cmark_node *n)
{
	int type = (int)cmark_node_get_type(n);

	for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
		if (forbidden[i].type == type && (k->letter || !forbidden[i].letter_only))
			return refuse(k, n, forbidden[i].what);
	if (is_container(n) && ++k->depth > DEPTH_MAX)
		return refuse(k, n, "lists or quotes more than 6 deep; at most 6");
	return is_numbered_list(n) ? check_numbers(k, n) : OK;
}

static enum status
check_tree(cmark_node *tree, struct checking *k)
{
	cmark_iter *it = cmark_iter_new(tree);
	cmark_event_type event;
	enum status s = OK;

	while (s == OK && (event = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
		cmark_node *n = cmark_iter_get_node(it);
		if (event == CMARK_EVENT_ENTER)
			s = check_enter(k, n);
		else if (is_container(n))
			k->depth--;
	}
	cmark_iter_free(it);
	return s;
}

static bool
is_direction_control(uint32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e
		|| c == 0x200f || c == 0x61c;
}

/* Before parsing: what the tree would no longer show. */
static enum status
check_character(const struct checking *k, uint32_t c, size_t line)
{
	if (k->letter && is_direction_control(c))
		return err_set(k->e, BAD, "%s: line %zu: the direction control U+%04X; leave it "
			"out, dates and numbers are isolated by themselves", k->name, line,
			(unsigned)c);
	if ((c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f)
		return err_set(k->e, BAD, "%s: line %zu: the control character U+%04X; leave it "
			"out", k->name, line, (unsigned)c);
	return OK;
}

/* A paragraph ends at an empty line. */
static enum status
check_text(struct str s, const struct checking *k)
{
	size_t line = 1, long_since = 0;
	bool empty = true;

	if (s.n > TYPESET_MAX_MARKDOWN)
		return err_set(k->e, BAD, "%s: %zu bytes; at most %d", k->name, s.n,
			TYPESET_MAX_MARKDOWN);
	if (!utf8_valid(str_bytes(s)))
		return err_set(k->e, BAD, "%s: not UTF-8", k->name);
	for (size_t at = 0; at < s.n;) {
		uint32_t c = utf8_next(s, &at);
		enum status st = check_character(k, c, line);
		if (st != OK)
			return st;
		if (++long_since > TYPESET_MAX_PARAGRAPH)
			return err_set(k->e, BAD, "%s: line %zu: a paragraph of more than %d "
				"characters; leave an empty line in it", k->name, line,
				TYPESET_MAX_PARAGRAPH);
		if (c == '\n') {
			long_since = empty ? 0 : long_since;
			line++;
		}
		empty = c == '\n' || (empty && (c == ' ' || c == '\t' || c == '\r'));
	}
	return OK;
}

enum status
markdown_parse(struct str text, const char *name, bool letter, struct cmark_node **ret,
	size_t *ret_numbered, struct err *e)
{
	struct checking k = {.name = name, .letter = letter, .rest = text, .line = 1, .e = e};
	enum status s = check_text(text, &k);
	cmark_node *tree;

	if (s != OK)
		return s;
	tree = cmark_parse_document(text.p ? text.p : "", text.n, CMARK_OPT_DEFAULT);
	s = check_tree(tree, &k);
	if (s != OK) {
		cmark_node_free(tree);
		return s;
	}
	*ret = tree;
	*ret_numbered = k.numbered;
	return OK;
}

/* ---- Made flat --------------------------------------------------------------- */

struct flattening {
	struct arena *a;
	enum lang lang;
	VEC(struct block) blocks;
	VEC(struct run) runs;
	unsigned indent, style, bold, italic;
	struct str label;        /* waits for the first paragraph of its item */
	bool numbered, tight;
};

struct str
markdown_link_address(struct arena *a, cmark_node *link)
{
	struct str url = str_of(cmark_node_get_url(link));
	cmark_node *text = cmark_node_first_child(link);

	if (text && !cmark_node_next(text) && cmark_node_get_type(text) == CMARK_NODE_TEXT) {
		struct str shown = str_of(cmark_node_get_literal(text));
		if (str_eq(shown, url) || (str_starts(url, "mailto:")
		    && str_eq(shown, str_from(url, strlen("mailto:")))))
			return STR_NONE;
	}
	return str_dup(a, url);
}

static void
push_run(struct flattening *f, const char *text, unsigned style)
{
	struct run *r = &VEC_PUSH(f->a, &f->runs);

	r->text = str_dup(f->a, str_of(text));
	r->style = style | (f->bold ? RUN_STRONG : 0) | (f->italic ? RUN_EMPHASIS : 0);
}

/* Code reads from left to right wherever it stands: its hyphens and dots, which have no
 * direction, stay on their side. */
static void
push_code(struct flattening *f, const char *text)
{
	push_run(f, lang_rtl(f->lang) ? str_cstr(f->a, str_fmt(f->a, "\xe2\x81\xa6%s\xe2\x81\xa9", text))
		: text, RUN_CODE);
}

/* One inline node, entering or leaving. */
static void
flatten_inline(struct flattening *f, cmark_node *n, bool enter)
{
	struct str url;

	switch (cmark_node_get_type(n)) {
	case CMARK_NODE_TEXT:
		push_run(f, cmark_node_get_literal(n), 0);
		break;
	case CMARK_NODE_CODE:
		push_code(f, cmark_node_get_literal(n));
		break;
	case CMARK_NODE_SOFTBREAK:
		push_run(f, " ", 0);
		break;
	case CMARK_NODE_LINEBREAK:
		push_run(f, "\xe2\x80\xa8", 0);      /* U+2028 */
		break;
	case CMARK_NODE_STRONG:
		f->bold += enter ? 1 : -1u;
		break;
	case CMARK_NODE_EMPH:
		f->italic += enter ? 1 : -1u;
		break;
	case CMARK_NODE_LINK:
		url = enter ? STR_NONE : markdown_link_address(f->a, n);
		if (url.n) {
			push_run(f, " (", 0);
			push_run(f, str_cstr(f->a, url), RUN_CODE);
			push_run(f, ")", 0);
		}
		break;
	default:
		break;
	}
}

static void
push_block(struct flattening *f, enum block_kind kind, unsigned level)
{
	struct block *b = &VEC_PUSH(f->a, &f->blocks);

	*b = (struct block){.kind = kind, .level = level, .indent = f->indent,
		.numbered = f->numbered, .label = f->label, .tight = f->tight,
		.runs = f->runs.v, .n = f->runs.n};
	f->label = STR_NONE;
	f->runs.v = NULL;
	f->runs.n = f->runs.cap = 0;
}

/* "۱۲." or, in lists within, "(a)" and "•". */
static void
start_item(struct flattening *f, cmark_node *item)
{
	cmark_node *list = cmark_node_parent(item);
	/* Counted on the list itself: its items are not counted again for each. */
	size_t before = (size_t)cmark_node_get_user_data(list);

	cmark_node_set_user_data(list, (void *)(before + 1));
	f->tight = cmark_node_get_list_tight(list) && cmark_node_previous(item);
	if (cmark_node_get_list_type(list) != CMARK_ORDERED_LIST) {
		f->label = S("•");
		return;
	}
	struct str n = words_number(f->a, f->lang,
		(size_t)cmark_node_get_list_start(list) + before);
	f->label = str_fmt(f->a, STR_FMT ".", STR_ARG(n));
}

/* The lines of a code block: each an isolated run, U+2028 between them. */
static void
push_lines(struct flattening *f, struct str text)
{
	while (text.p && text.n) {
		struct str line = str_cut(&text, '\n');
		push_run(f, str_cstr(f->a, line), RUN_CODE);
		if (text.n)
			push_run(f, "\xe2\x80\xa8", 0);
	}
}

static void
flatten_block(struct flattening *f, cmark_node *n, bool enter)
{
	switch (cmark_node_get_type(n)) {
	case CMARK_NODE_BLOCK_QUOTE:
		f->indent += enter ? 1 : -1u;
		break;
	case CMARK_NODE_LIST:
		/* Numbered paragraphs keep the measure: their number hangs outside. */
		if (is_numbered_list(n))
			f->numbered = enter;
		else
			f->indent += enter ? 1 : -1u;
		if (!enter)
			f->tight = false;
		break;
	case CMARK_NODE_ITEM:
		if (enter)
			start_item(f, n);
		else
			f->label = STR_NONE;
		break;
	case CMARK_NODE_HEADING:
		if (!enter)
			push_block(f, BLOCK_HEADING, (unsigned)cmark_node_get_heading_level(n));
		break;
	case CMARK_NODE_PARAGRAPH:
		if (!enter)
			push_block(f, BLOCK_PARAGRAPH, 0);
		break;
	case CMARK_NODE_CODE_BLOCK:
		push_lines(f, str_of(cmark_node_get_literal(n)));
		push_block(f, BLOCK_CODE, 0);
		break;
	default:
		break;
	}
}

void
markdown_blocks(struct arena *a, cmark_node *tree, enum lang l, struct blocks *ret)
{
	struct flattening f = {.a = a, .lang = l};
	cmark_iter *it = cmark_iter_new(tree);
	cmark_event_type event;

	while ((event = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
		cmark_node *n = cmark_iter_get_node(it);
		cmark_node_type t = cmark_node_get_type(n);
		if (t >= CMARK_NODE_FIRST_INLINE && t <= CMARK_NODE_LAST_INLINE)
			flatten_inline(&f, n, event == CMARK_EVENT_ENTER);
		else
			flatten_block(&f, n, event == CMARK_EVENT_ENTER);
	}
	cmark_iter_free(it);
	ret->v = f.blocks.v;
	ret->n = f.blocks.n;
}
