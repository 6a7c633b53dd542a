/*
 * habeas-sheet [--sheet NAME|N]: a workbook on stdin, one of its sheets on stdout.
 * Run by habeas (base/table_sheet.c); it locks itself in before it reads a byte.
 */
#include "sheet_int.h"
#include "base/sandbox.h"
#include <unistd.h>

/* Beyond it the process ends; habeas gives it 2 GiB of address space. */
static const size_t arena_most = (size_t)1536 << 20;

static enum status
run(struct str which, struct err *e)
{
	struct arena *a = arena_create(arena_most);
	struct bytes file;
	struct zip *z;
	struct buf out;
	enum status s;

	buf_init(&out, (size_t)TEXT_MOST + (16 << 20));
	s = os_read_fd(a, STDIN_FILENO, "the workbook", FILE_MOST, &file, e);
	if (s == OK)
		s = kind_check(file, e);
	if (s == OK)
		s = zip_open(a, file, &z, e);
	if (s == OK) {
		struct parts p = zip_parts(z);
		s = sheet_convert(a, &p, which, &out, e);
	}
	if (s == OK && out.over)
		s = err_set(e, BAD, "more than %d MiB of text; split the sheet", TEXT_MOST >> 20);
	if (s == OK)
		s = os_write_fd(STDOUT_FILENO, "the answer", buf_bytes(&out), e);
	buf_finish(&out);
	arena_destroy(a);
	return s;
}

int
main(int argc, char **argv)
{
	struct err e = {0};
	struct str which = STR_NONE;
	bool landlock;
	enum status s = OK;

	os_no_core_dumps();
	if (argc == 3 && strcmp(argv[1], "--sheet") == 0)
		which = str_of(argv[2]);
	else if (argc != 1)
		s = err_set(&e, BAD, "usage: habeas-sheet [--sheet NAME|N] < FILE.xlsx");
	if (s == OK)
		s = sandbox_enter(NULL, 0, &landlock, &e);
	if (s == OK && !landlock)
		fputs("habeas-sheet: this kernel has no Landlock; seccomp alone holds\n", stderr);
	if (s == OK)
		s = run(which, &e);
	if (s != OK)
		fprintf(stderr, "%s\n", e.text);
	fflush(stderr);
	/* No exit handlers: nothing is left to do, and less may be called in here. */
	_exit((int)s);
}
