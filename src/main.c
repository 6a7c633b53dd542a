/* habeas: one program.  The faces do not know each other; here they meet. */
#include "cli/cli.h"
#include "web/web.h"
#include <stdio.h>

static void
ready(void *ctx, const char *url)
{
	(void)ctx;
	printf("Serving at %s (stop with Ctrl-C)\n", url);
	fflush(stdout);
}

static enum status
serve(const struct cli_serve *s, struct err *e)
{
	struct web_options o = {.listen = s->listen, .lang = s->lang, .ready = ready};

	return web_serve(s->reg, &o, e);
}

int
main(int argc, char **argv)
{
	static const struct cli_faces faces = {.serve = serve};

	return cli_main(argc, argv, &faces);
}
