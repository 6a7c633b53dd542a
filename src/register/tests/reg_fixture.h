/* A register in a directory of its own, and short words to write into it. */
#ifndef REG_FIXTURE_H
#define REG_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include "register/register_int.h"

extern struct arena *a;
extern struct err e;
extern struct reg *r;
extern char place[64], path[80];

#define PASS ((struct bytes){(const uint8_t *)"correct horse", 13})

int fx_setup(void **state);          /* makes the register, open for writing as `r` */
int fx_teardown(void **state);
void fx_reopen(void);

/* A draft; a field of it from words; a reference to the record at a position. */
struct draft fx_draft(const char *kind);
void fx_put(struct draft *d, const char *field, const char *words);
void fx_refer(struct draft *d, const char *field, uint64_t pos);
/* Where in a list it was read. */
void fx_row(struct draft *d, uint64_t list, unsigned version, unsigned row);
uint64_t fx_write(const struct draft *d);            /* appended and projected; its position */

struct record fx_get(uint64_t pos);
struct str fx_id(uint64_t pos);                      /* 16 hex digits */

uint64_t fx_person(const char *given, const char *family);
/* type[, date[, facility]]; "" : not said */
uint64_t fx_event(uint64_t person, const char *type, const char *date, const char *facility);
uint64_t fx_judge(uint64_t left, uint64_t right, const char *verdict);
uint64_t fx_list(const char *name);
/* A person in a list's version; pending until fx_version. */
uint64_t fx_listed(uint64_t list, unsigned version, unsigned row, const char *given,
	const char *family);
uint64_t fx_listed_event(uint64_t list, unsigned version, unsigned row, uint64_t person,
	const char *type, const char *date);
uint64_t fx_version(uint64_t list, unsigned version, const char *as_of);
/* A linker run that joins all of `pos`, with links along the chain, the first the
 * strongest; the pairs of the run before are dropped. */
uint64_t fx_run(const uint64_t *pos, size_t n);
void fx_amend(uint64_t pos, const char *field, const char *words);
void fx_erase(const uint64_t *pos, size_t n);

uint64_t fx_cluster(uint64_t pos);
/* The index equals one built anew. */
void fx_assert_rebuilds(const char *after);
/* Who is who, taken step by step, is who is who of all at once. */
void fx_assert_whole(const char *after);
/* One line of `reg_list` for this record's person; false: not listed. */
bool fx_line(uint64_t pos, const char *query, struct reg_line *ret);

#define assert_str(s, lit) assert_string_equal(str_cstr(a, (s)), (lit))
#define assert_ok(call) do { enum status s_ = (call); \
	if (s_ != OK) fail_msg("%s: %d: %s", #call, s_, e.text); } while (0)
#define assert_status(call, want) do { enum status s_ = (call); \
	if (s_ != (want)) fail_msg("%s: %d, not %d: %s", #call, s_, (int)(want), e.text); } while (0)

#endif
