/* A file written as it grows; a million rows never lie in memory. */
#include "gen_int.h"
#include <errno.h>

enum { FLUSH_AT = 1 << 18, OUT_MAX = 1 << 26 };

struct out {
	FILE *f;
	struct buf b;
	const char *path;
	struct err *err;
	int failed;                    /* errno of the first fault, or 0 */
};

struct out *
out_open(const struct gen *g, const char *name)
{
	struct out *o = NEW(g->arena, struct out);

	o->path = str_cstr(g->arena, str_fmt(g->arena, "%s/%s", g->dir, name));
	o->err = g->err;
	buf_init(&o->b, OUT_MAX);
	o->f = fopen(o->path, "wb");
	if (!o->f)
		o->failed = errno;
	return o;
}

struct buf *
out_buf(struct out *o)
{
	return &o->b;
}

static void
flush(struct out *o)
{
	invariant(!o->b.over);
	if (!o->failed && fwrite(o->b.p, 1, o->b.n, o->f) != o->b.n)
		o->failed = errno;
	buf_clear(&o->b);
}

void
out_flush_some(struct out *o)
{
	if (o->b.n >= FLUSH_AT)
		flush(o);
}

enum status
out_close(struct out *o)
{
	if (o->b.n)
		flush(o);
	if (o->f && fclose(o->f) && !o->failed)
		o->failed = errno;
	buf_finish(&o->b);
	if (!o->failed)
		return OK;
	errno = o->failed;
	return err_errno(o->err, "write", o->path);
}
