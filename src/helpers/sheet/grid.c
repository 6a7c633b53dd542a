/* A sheet's cells as rows of text, within bounds: a row is written as soon as it
 * ends, so that only one is held. */
#include "sheet_int.h"

void
grid_begin(struct grid *g, struct arena *a, struct str sheet, struct rows *to)
{
	memset(g, 0, sizeof *g);
	g->a = a;
	g->sheet = sheet;
	g->to = to;
	g->row_arena = arena_create((size_t)512 << 20);
}

void
grid_finish(struct grid *g)
{
	arena_destroy(g->row_arena);
	g->row_arena = NULL;
}

void
grid_row_start(struct grid *g, size_t row)
{
	/* Cells past the last that was filled are empty already. */
	memset(g->cells, 0, g->filled * sizeof *g->cells);
	g->row = row;
	g->column = g->filled = g->row_bytes = 0;
	arena_reset(g->row_arena);
}

void
grid_put(struct xml *x, struct grid *g, struct str text)
{
	if (g->column > COLUMNS_MOST) {
		xml_fail(x, "sheet " STR_FMT ": row %zu: a cell beyond column %d (AMJ)",
			STR_ARG(g->sheet), g->row, COLUMNS_MOST);
		return;
	}
	g->row_bytes += text.n;
	if (g->row_bytes > TEXT_MOST) {
		xml_fail(x, "sheet " STR_FMT ": row %zu: more than %d MiB of text in one row",
			STR_ARG(g->sheet), g->row, TEXT_MOST >> 20);
		return;
	}
	g->cells[g->column - 1] = text;
	g->filled = g->column;
}

static void
write_row(struct grid *g, size_t row)
{
	struct buf *b = &g->to->cbor;

	cbor_put_array(b, 2);
	cbor_put_uint(b, row);
	cbor_put_array(b, g->filled);
	for (size_t i = 0; i < g->filled; i++)
		cbor_put_text(b, g->cells[i].p ? g->cells[i] : S(""));
	g->to->n++;
}

void
grid_row_end(struct xml *x, struct grid *g, size_t times)
{
	for (size_t i = 0; i < times && g->filled && !g->to->cbor.over; i++)
		write_row(g, g->row + i);
	if (g->to->cbor.over)
		xml_fail(x, "sheet " STR_FMT ": row %zu: more than %d MiB of text up to here; "
			"split the sheet", STR_ARG(g->sheet), g->row, TEXT_MOST >> 20);
}

void
grid_note(struct grid *g, size_t row, size_t column, struct str text)
{
	if (g->to->notes.n == NOTES_MOST)
		g->to->notes_over++;
	else
		VEC_PUSH(g->a, &g->to->notes) = (struct note){row, column, text};
}

const char *
cell_name(size_t column, size_t row, char name[CELL_NAME])
{
	char letters[8], *at = letters + sizeof letters - 1;

	*at = '\0';
	for (size_t c = column; c > 0 && at > letters; c = (c - 1) / 26)
		*--at = (char)('A' + (c - 1) % 26);
	snprintf(name, CELL_NAME, "%s%zu", at, row);
	return name;
}

const char *
grid_cell_name(const struct grid *g, char name[CELL_NAME])
{
	return cell_name(g->column, g->row, name);
}
