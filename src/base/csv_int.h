/* Only for csv*.c. */
#ifndef BASE_CSV_INT_H
#define BASE_CSV_INT_H

#include "base/csv.h"

/* The delimiter that the first rows of `text` are most likely written with. */
char csv_sniff(struct str text);

#endif
