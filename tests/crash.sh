#!/bin/sh
# Killed at any step towards the disk, while importing and while adding: each entry
# is whole or absent, an interrupted import counts for nothing and the same command
# goes on with it, and the index built anew agrees with what was there.
#
#   crash.sh [KILLS [ROWS [TIMED]]]: how many steps are tried, spread over all of
#   them; rows of the list; kills by the clock on top.
. "$(dirname "$0")/lib.sh"
kills=${1:-100} rows=${2:-12} timed=${3:-60}

# Rows with an event and a sealed slot each: keys, payloads, sealed parts, blobs none.
awk -v n="$rows" 'BEGIN {
	print "Given name,Family name,Father,Date of birth,Arrest date,Prison,Identity number"
	for (i = 1; i <= n; i++)
		printf "Given%d,Family%d,Father%d,%d-%02d-%02d,2019-%02d-%02d,Prison %d,ID-%d\n",
			i, i, i, 1950 + i % 40, 1 + i % 12, 1 + i % 28, 1 + i % 12, 1 + i % 28, i % 5, i
}' >list.csv

import() { h import a.habeas list.csv --list L --as-of 2020-01-01 --basis historical --commit; }

new_register a
as "$PASS" doctor a.habeas
[ "$code" -le 1 ] || { not_ok "step: doctor"; exit 1; }
remember a.habeas
import
was 0 || { not_ok "step: the import undisturbed"; exit 1; }
whole=$(records a.habeas)
people a.habeas >expected
empty=$(put_back a.habeas; records a.habeas)
check "the undisturbed import made records and people" \
	test "$whole" -gt "$((empty + rows))" -a "$(wc -l <expected)" = "$((rows + 1))"

# After a kill: $1 says of what and where.  Sets $wrong.
wrong='' repaired=0
complain() { wrong="$wrong
    $1: $2"; cat "$work/err" >>wrong.err; }
entries() { sed -n 's/.*: \([0-9]*\) entries, all as signed.*/\1/p' "$work/out"; }
after_import() {
	h verify a.habeas
	[ "$code" = 0 ] || { repaired=$((repaired + 1)); cat "$work/err" >>repaired.err; }
	# A reader comes first: whatever it sees is nothing or all of it.
	h list a.habeas --count
	case $(head -1 "$work/out") in
	"0 persons, 0 records."*|"$rows persons, $rows records."*) ;;
	*) complain "$1" "list says: $code $(head -1 "$work/out" "$work/err" | tr '\n' ' ')" ;;
	esac
	import
	[ "$code" = 0 ] || complain "$1" "the same import: exit $code $(cat "$work/err")"
	h verify a.habeas
	[ "$code" = 0 ] || complain "$1" "verify: $(cat "$work/err")"
	[ "$(entries)" = "$whole" ] || complain "$1" "$(entries) records, not $whole"
}
thorough() {
	people a.habeas | cmp -s - expected || complain "$1" "list --csv differs"
	h rebuild a.habeas
	one=$(cat "$work/out")
	rm -f a.habeas/index.db
	h rebuild a.habeas
	[ "$one" = "$(cat "$work/out")" ] && [ -n "$one" ] || complain "$1" "rebuild differs"
	[ -z "$(leftovers a.habeas)" ] || complain "$1" "left over: $(leftovers a.habeas)"
}

# How many steps there are: the first plan that nothing reaches.
steps() { # COMMAND: bisect the number of steps it takes
	low=0 high=2048
	while [ $((high - low)) -gt 1 ]; do
		mid=$(((low + high) / 2))
		put_back a.habeas
		FAULT=kill:$mid
		"$@"
		FAULT=
		if [ "$code" = 0 ]; then high=$mid; else low=$mid; fi
	done
	echo "$low"
}
put_back a.habeas
total=$(steps import 2>/dev/null)
if [ "$total" -lt 5 ]; then
	skip "killed at a step: this build has no faults (-Dfaults=true)"
else
	each=$(((total + kills - 1) / kills))
	n=1 tried=0
	while [ "$n" -le "$total" ]; do
		put_back a.habeas
		FAULT=kill:$n
		import 2>/dev/null
		FAULT=
		[ "$code" = 137 ] || complain "import, step $n" "exit $code, not killed"
		after_import "import, step $n"
		[ $((tried % 10)) != 0 ] || thorough "import, step $n"
		tried=$((tried + 1)) n=$((n + each))
	done
	echo "import: $total steps, killed at $tried; verify asked for the next writer after $repaired"
	[ ! -s repaired.err ] || sort repaired.err | uniq -c | sort -rn | head -4
	if [ -z "$wrong" ]; then ok "import killed at $tried of $total steps"; else
		echo "$wrong" | head -20; not_ok "import killed at $tried of $total steps"; fi

	# One record at a time: there or not there.
	wrong='' repaired=0
	: >repaired.err
	add() { h add a.habeas person family=Crashed given=Once birth=1970 number=X-1; }
	put_back a.habeas
	import
	remember a.habeas
	total=$(steps add 2>/dev/null)
	each=$(((total * 2 + kills - 1) / kills))
	n=1 tried=0
	while [ "$n" -le "$total" ]; do
		put_back a.habeas
		FAULT=kill:$n
		add 2>/dev/null
		FAULT=
		h verify a.habeas
		n_now=$(entries)
		[ "$code" = 0 ] || { repaired=$((repaired + 1)); cat "$work/err" >>repaired.err
			n_now=$(records a.habeas); }
		h list a.habeas --count search=Crashed
		there=$(sed -n 's/^\([0-9]*\) persons.*/\1/p' "$work/out")
		[ "$((n_now - whole))" = "$there" ] || complain "add, step $n" "$n_now records, $there found"
		add
		[ "$code" = 0 ] || complain "add, step $n" "the next: exit $code $(cat "$work/err")"
		h verify a.habeas
		[ "$code" = 0 ] || complain "add, step $n" "verify: $(cat "$work/err")"
		[ "$(entries)" = $((n_now + 1)) ] || complain "add, step $n" "not one more"
		tried=$((tried + 1)) n=$((n + each))
	done
	echo "add: $total steps, killed at $tried; verify asked for the next writer after $repaired"
	if [ -z "$wrong" ]; then ok "add killed at $tried of $total steps"; else
		echo "$wrong" | head -20; not_ok "add killed at $tried of $total steps"; fi
fi

# Killed by the clock, anywhere between two steps too.
wrong='' repaired=0 landed=0 i=0
put_back a.habeas
[ "$(records a.habeas)" = "$empty" ] || { new_register b; rm -rf a.habeas a.root a.recovery
	new_register a; remember a.habeas; }
start=$(date +%s%N)
import
took=$(($(date +%s%N) - start))
while [ "$i" -lt "$timed" ]; do
	i=$((i + 1))
	put_back a.habeas
	(
		exec "$HABEAS" import a.habeas list.csv --list L --as-of 2020-01-01 --basis historical \
			--commit --passphrase-fd 3 >/dev/null 2>&1 3<<X
$PASS
X
	) &
	pid=$!
	sleep "$(awk -v i="$i" -v n="$timed" -v t="$took" 'BEGIN { printf "%.4f", i / (n + 1) * t / 1e9 }')"
	kill -9 "$pid" 2>/dev/null && landed=$((landed + 1))
	wait "$pid" 2>/dev/null
	after_import "by the clock $i"
done
thorough "by the clock"
echo "by the clock: $landed of $timed landed in $((took / 1000000)) ms"
if [ -z "$wrong" ]; then ok "import killed $landed times by the clock"; else
	echo "$wrong" | head -20; not_ok "import killed $landed times by the clock"; fi
finish
