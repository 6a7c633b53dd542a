/*
 * base: what everything stands on.  The one door; each part has a page.
 * Parts name their functions after themselves (str_, arena_, date_ ...).
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include "base/err.h"      /* statuses, one-line errors, invariant() */
#include "base/mem.h"      /* arena, buf */
#include "base/str.h"      /* strings, hex, base64, UTF-8 */
#include "base/cbor.h"     /* deterministic CBOR */
#include "base/dict.h"     /* texts to numbers */
#include "base/text.h"     /* scripts, languages, encodings (ICU) */
#include "base/date.h"     /* calendars and claimed dates */
#include "base/csv.h"      /* tables in */
#include "base/json.h"     /* JSON out */
#include "base/ini.h"      /* small configuration files */
#include "base/tr.h"        /* translations */
#include "base/os.h"       /* files, processes, time */
#include "base/sandbox.h"  /* what helpers lock themselves into */
#include "base/poison.h"   /* names nobody may call; last */

#endif
