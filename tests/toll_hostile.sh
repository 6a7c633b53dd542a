#!/bin/sh
# habeas toll against tables made to harm or to mislead: toll_hostile.py says which.
#
#   toll_hostile.sh [RUNS]: how many mutated tables are tried.
. "$(dirname "$0")/lib.sh"
export ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=halt_on_error=1
python3 "$SOURCE/tests/toll_hostile.py" "$HABEAS" "${1:-160}" || exit 1
