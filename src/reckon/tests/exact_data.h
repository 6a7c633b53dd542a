/*
 * Published capture histories, re-typed.  Cells by number: bit i of the index is list i.
 */
#ifndef RECKON_TESTS_EXACT_DATA_H
#define RECKON_TESTS_EXACT_DATA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <cmocka.h>
#include "reckon/reckon.h"

/* Each test takes what it needs. */
#define UNUSED_DATA __attribute__((unused))

struct pattern {
	const char *lists;            /* list by list, 0 or 1 */
	uint64_t count;
};

/* Killings in Kosovo, March to June 1999, by exhumations, ABA/CEELI, OSCE and Human
 * Rights Watch: Ball, Betts, Scheuren, Dudukovich & Asher (2002), "Killings and refugee
 * flow in Kosovo"; as in the R package LCMCR, kosovo_aggregate. */
static const struct pattern kosovo[] UNUSED_DATA = {
	{"1000", 1131}, {"0100", 845}, {"1100", 177}, {"0010", 936}, {"1010", 228},
	{"0110", 217}, {"1110", 181}, {"0001", 306}, {"1001", 106}, {"0101", 31},
	{"1101", 18}, {"0011", 123}, {"1011", 42}, {"0111", 32}, {"1111", 27},
};
/* HIV in Rome: Abeni, Brancato & Perucci (1994); as in the R package Rcapture, HIV. */
static const struct pattern hiv[] UNUSED_DATA = {
	{"1110", 3}, {"1101", 1}, {"1100", 33}, {"1010", 20}, {"1001", 6}, {"1000", 403},
	{"0111", 3}, {"0110", 35}, {"0101", 10}, {"0100", 545}, {"0011", 11}, {"0010", 621},
	{"0001", 205},
};
/* Suspected victims of slavery in the United Kingdom, 2013, by local authorities,
 * non-governmental organisations, police, government, public, National Crime Agency:
 * Silverman (2014), Home Office; as in the R package SparseMSE, UKdat. */
static const struct pattern ukdat[] UNUSED_DATA = {
	{"100000", 54}, {"010000", 463}, {"001000", 907}, {"000100", 695}, {"000010", 316},
	{"000001", 57}, {"110000", 15}, {"101000", 19}, {"100100", 3}, {"011000", 56},
	{"010100", 19}, {"010010", 1}, {"010001", 3}, {"001100", 69}, {"001010", 10},
	{"001001", 31}, {"000110", 8}, {"000101", 6}, {"000011", 1}, {"111000", 1},
	{"110100", 1}, {"011100", 4}, {"011001", 3}, {"001101", 1}, {"111100", 1},
};
/* The same with police and Crime Agency as one list: UKdat_5. */
static const struct pattern ukdat_5[] UNUSED_DATA = {
	{"10000", 54}, {"01000", 463}, {"00100", 995}, {"00010", 695}, {"00001", 316},
	{"11000", 15}, {"10100", 19}, {"10010", 3}, {"01100", 62}, {"01010", 19},
	{"01001", 1}, {"00110", 76}, {"00101", 11}, {"00011", 8}, {"11100", 1},
	{"11010", 1}, {"01110", 4}, {"11110", 1},
};
/* Madigan & York (1997), "Bayesian methods for estimation of the size of a closed
 * population", Biometrika 84:19: spina bifida in upstate New York, three lists ... */
static const struct pattern my3[] UNUSED_DATA = {
	{"001", 60}, {"010", 49}, {"011", 4}, {"100", 247}, {"101", 112}, {"110", 142},
	{"111", 12},
};
/* ... and five lists; both in dga's order; for a posterior of N
 * the order of the lists does not matter. */
static const uint64_t my5[32] UNUSED_DATA = {0, 27, 37, 19, 4, 4, 1, 1, 97, 22, 37, 25, 2, 1, 3, 5,
	83, 36, 34, 18, 3, 5, 0, 2, 30, 5, 23, 8, 0, 3, 0, 2};
/* Suspected victims of trafficking in Australia: Lyneham, Dowling & Bricknell (2019),
 * Australian Institute of Criminology; as in the R package MSETools, Australia. */
static const struct pattern australia[] UNUSED_DATA = {
	{"1000", 34}, {"0100", 13}, {"0010", 198}, {"0001", 100}, {"1100", 3}, {"1010", 4},
	{"1001", 1}, {"0110", 36}, {"0101", 2}, {"1110", 6}, {"1101", 1}, {"0111", 15},
	{"1111", 1},
};
/* Hepatitis A among students in Taiwan by serum tests, doctors and a survey: Chao, Tsay,
 * Lin, Shau & Chao (2001), Statistics in Medicine 20:3123; as in the R package CARE1, HAV. */
static const struct pattern hav[] UNUSED_DATA = {
	{"001", 63}, {"010", 55}, {"011", 18}, {"100", 69}, {"101", 17}, {"110", 21}, {"111", 28},
};
/* Chan, Silverman & Vincent (2021), "Multiple systems estimation for sparse capture data",
 * table 2: models that have no estimate, one way or the other. */
static const struct pattern artificial_3[] UNUSED_DATA = {
	{"100", 40}, {"010", 30}, {"001", 20}, {"110", 6},
};

static inline struct reckon_counts
counts_of(struct arena *a, const struct pattern *p, size_t n)
{
	struct reckon_cell *v = NEWS(a, struct reckon_cell, n);
	struct reckon_counts c;
	unsigned lists = (unsigned)strlen(p[0].lists);

	for (size_t i = 0; i < n; i++) {
		v[i].count = p[i].count;
		for (unsigned k = 0; k < lists; k++)
			v[i].on |= (uint64_t)(p[i].lists[k] == '1') << k;
	}
	assert_int_equal(reckon_counts_of(a, lists, NULL, v, n, &c, NULL), OK);
	return c;
}

#define COUNTS(a, data) counts_of((a), (data), sizeof(data) / sizeof *(data))

/* y[c]: how many on exactly the lists c; y[0] is not read. */
static inline struct reckon_counts
counts_dense(struct arena *a, const uint64_t *y, unsigned lists)
{
	size_t n = ((size_t)1 << lists) - 1;
	struct reckon_cell *v = NEWS(a, struct reckon_cell, n);
	struct reckon_counts c;

	for (size_t i = 0; i < n; i++)
		v[i] = (struct reckon_cell){i + 1, y[i + 1]};
	assert_int_equal(reckon_counts_of(a, lists, NULL, v, n, &c, NULL), OK);
	return c;
}

#endif
