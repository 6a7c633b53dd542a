/* The letter as a PDF: counted first, then drawn. */
#include <cairo-pdf.h>
#include "helpers/typeset/typeset_int.h"

static cairo_status_t
take(void *to, const unsigned char *p, unsigned n)
{
	struct buf *out = to;

	buf_put(out, p, n);
	return out->over ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* Cleaned, since a viewer shows it in its window's title. */
static const char *
clean_cstr(struct arena *a, struct str s)
{
	struct buf b;

	buf_init(&b, s.n + 256);
	text_put_clean(&b, s);
	const char *c = str_cstr(a, buf_str(&b));
	buf_finish(&b);
	return c;
}

static void
set_metadata(struct arena *a, cairo_surface_t *s, const struct typeset_doc *d, struct str engine)
{
	int64_t day = d->created / 86400, second = d->created % 86400;
	struct str when = str_fmt(a, STR_FMT "T%02d:%02d:%02dZ", STR_ARG(day_iso(a, (int32_t)day)),
		(int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));

	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, clean_cstr(a, d->title));
	if (d->author.n)
		cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_AUTHOR,
			clean_cstr(a, d->author));
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, str_cstr(a, engine));
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, str_cstr(a, when));
}

static enum status
put_pdf(struct page *p, struct letter *t, struct str engine, struct buf *ret_pdf, struct err *e)
{
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(take, ret_pdf,
		page_width(p), page_height(p));
	cairo_status_t done;

	set_metadata(p->a, surface, p->doc, engine);
	p->cr = cairo_create(surface);
	p->drawing = true;
	letter_put(t);
	invariant(p->number == p->total);
	cairo_destroy(p->cr);
	cairo_surface_finish(surface);
	done = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	if (done != CAIRO_STATUS_SUCCESS || ret_pdf->over)
		return err_set(e, FAIL, "cairo: %s", cairo_status_to_string(done));
	return OK;
}

enum status
pdf_write(struct arena *a, const struct typeset_doc *d, PangoFontMap *map, struct str engine,
	struct buf *ret_pdf, size_t *ret_pages, size_t *ret_no_glyph, struct err *e)
{
	struct page p = {.doc = d, .a = a, .rtl = lang_rtl(d->lang)};
	struct letter *t;
	enum status s;

	p.dir.ltr = text_context(map, PANGO_DIRECTION_LTR, d->lang);
	p.dir.rtl = text_context(map, PANGO_DIRECTION_RTL, d->lang);
	s = letter_open(&p, &t, e);
	if (s == OK) {
		letter_put(t);
		p.total = p.number;
		p.landscape = false;
		s = put_pdf(&p, t, engine, ret_pdf, e);
	}
	g_object_unref(p.dir.ltr);
	g_object_unref(p.dir.rtl);
	if (s == OK) {
		*ret_pages = p.total;
		*ret_no_glyph = p.no_glyph;
	}
	return s;
}
