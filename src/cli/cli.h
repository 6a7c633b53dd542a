/*
 * cli: the command line.  It parses, calls, prints.  Every command stands in one
 * table with its help and its options; exit codes are enum status.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "appeal/appeal.h"

/* What main adds that lies beside this layer: the web server. */
struct cli_serve {
	struct reg *reg;
	const char *listen;           /* "127.0.0.1:8470" */
	enum lang lang;
};
struct cli_faces {
	enum status (*serve)(const struct cli_serve *s, struct err *e);
};

/* The whole program; returns the exit code. */
int cli_main(int argc, char **argv, const struct cli_faces *faces);

#endif
