#!/bin/sh
# The kinds file as C: embed.sh kinds.txt > kinds_text.c
set -eu
echo '#include "record/record.h"'
echo 'const char record_kinds_text[] = {'
od -An -v -tu1 "$1" | sed 's/ *\([0-9][0-9]*\)/(char)\1,/g'
echo '};'
echo 'const size_t record_kinds_text_bytes = sizeof record_kinds_text;'
