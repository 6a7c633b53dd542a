/* Inside `habeas review`: a pair on the terminal, the queue as a list, estimates. */
#ifndef CLI_REVIEW_INT_H
#define CLI_REVIEW_INT_H

#include "cli/cli_int.h"

/* Side by side, or one below the other on a terminal under 80 columns.  blind: of a
 * random sample; what the program thinks of the pair as a whole is not shown. */
void pair_print(struct args *x, const struct reg_pair *p, const struct reg_pair_shown *s,
	bool blind);

enum status review_list(struct args *x, struct reg *r, const struct reg_review_want *w,
	struct err *e) MUST;
enum status review_estimate(struct args *x, struct reg *r, struct err *e) MUST;

#endif
