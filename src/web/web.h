/*
 * web: the register in a browser, reading only.  Server-rendered, without
 * JavaScript, usable in Tor Browser at "Safest".  The only caller of the HTTP
 * library.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "appeal/appeal.h"

struct web_options {
	const char *listen;           /* "127.0.0.1:8470", "[::1]:8470" */
	enum lang lang;               /* until the reader chooses another */
	unsigned session_minutes;     /* 0: 120 */
	/* When set, one line "http://…/" is written here once it listens. */
	void (*ready)(void *ctx, const char *url);
	void *ctx;
};

/* Serves until SIGINT or SIGTERM (OK).  Signing in takes the passphrase of any
 * officer of this register; the register was opened by whoever started it.  BAD:
 * an address that is none; FAIL: it cannot be listened on. */
enum status web_serve(struct reg *r, const struct web_options *o, struct err *e) MUST;

#endif
