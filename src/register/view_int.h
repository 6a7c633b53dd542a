/* Inside register: what list, dossier and annex share. */
#ifndef REGISTER_VIEW_INT_H
#define REGISTER_VIEW_INT_H

#include "register/register_int.h"

/* One person record and one event, as light as a hundred thousand of them allow. */
struct light_person {
	uint64_t pos, cluster, list;         /* list: pos of the list record; NO_LIST by hand */
	int64_t version, unlisted;           /* versions of it: first, and first without; 0 none */
	int32_t recorded;                    /* the day */
	uint32_t first_event, n_events;      /* in view.events */
};
struct light_event {
	uint64_t pos, person;
	uint8_t type;                        /* index into the vocabulary "event" */
	bool dated;
	int32_t first, last;
	uint32_t facility;                   /* index into view.facility; 0 none */
};
#define NO_LIST UINT64_MAX

struct light_list {
	uint64_t pos;
	struct str name, fold;
	struct { uint32_t version; int32_t as_of; } *versions;   /* counting ones, ascending */
	size_t n_versions;
};
struct view {
	struct arena *a;
	struct reg *r;
	struct light_person *persons;        /* by cluster, then pos */
	uint32_t *by_pos;                    /* their indices */
	size_t n;
	struct light_event *events;          /* by person */
	size_t n_events;
	struct light_list *lists;
	size_t n_lists;
	VEC(struct str) facility, facility_fold;
};
/* Everything that counts; cluster: of that one only, or UINT64_MAX for all. */
enum status view_load(struct arena *a, struct reg *r, uint64_t cluster, struct view *ret,
	struct err *e) MUST;
const struct light_person *view_person(const struct view *v, uint64_t pos);   /* or NULL */
const struct light_list *view_list(const struct view *v, uint64_t pos);

/* What each list says of the persons [from, to) of one cluster on a day. */
struct told {
	uint64_t list;
	const char *status;
	const struct light_event *event;     /* NULL: by standing on the list */
	uint32_t facility;
	int32_t last_heard;
};
size_t view_status(const struct view *v, size_t from, size_t to, int32_t on,
	struct told *ret, size_t max);

/* toll_otherwise.c: a record's slot of these, and back into t, whose methods are read. */
struct bytes otherwise_value(struct arena *a, const struct reg_toll_otherwise *v, size_t n);
void otherwise_read(struct arena *a, const struct str *lines, size_t n, struct reg_toll *t);

enum { TOLD_MOST = 64, STALE_DAYS = 365 };

/* Does a prison so written (and folded) answer to what was asked for: as a part of
 * it, or by its sound in another script?  Made once a search; say asks. */
struct ear;
struct ear *ear_for(struct arena *a, struct str asked);
bool ear_hears(struct ear *ear, struct str text, struct str fold);

/* A field of a record as people read it. */
struct str view_field(struct arena *a, const struct now *w, unsigned slot, enum lang l);
/* Given and family name, or the whole. */
struct str view_name(struct arena *a, const struct now *w, enum lang l);
/* " · " between; each spelling once. */
void add_spelling(struct arena *a, struct str *names, struct str name);

/* The officer of a device's key; "": nobody's that we know. */
struct str view_officer(struct arena *a, struct reg *r, const uint8_t device[SEAL_PUBLIC]);
/* The day of a record's `recorded`; first == DAY_MIN: it does not say. */
struct date view_day(int64_t recorded);

/* A dossier's bonds (bonds.c) of these records, n of them by position. */
struct now;
enum status view_bonds(struct arena *a, struct reg *r, const struct now *records, size_t n,
	struct reg_dossier *d, struct err *e) MUST;

/* What fields at these levels weigh, the strongest first; bits by field, or NULL where
 * nobody weighed them. */
void view_reasons(struct arena *a, const uint8_t *level, size_t n, const double *bits,
	const struct reg_reason **ret, size_t *ret_n);

/* Two values of a field that do not agree (spellings in other scripts do). */
bool values_disagree(struct arena *a, const struct field *f, struct bytes x, struct bytes y);

/* Persons found by a search, best first: their record positions and scores. */
struct found { uint64_t pos; double score; };
enum status view_search(struct arena *a, struct reg *r, struct str words, struct found **ret,
	size_t *ret_n, struct err *e) MUST;

#endif
