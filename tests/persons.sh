#!/bin/sh
# One person and its numbers: who is likely there already when somebody is typed in,
# why records are together, what became of numbers that others wrote down.
. "$(dirname "$0")/lib.sh"

new_register a
cat >list.csv <<'X'
Given name,Family name,Father's name,Date of birth
Zeynab,Muxtarova,Səyavuş,1980-02-03
Aydın,Qaradağlı,Həsən,1971-05-01
Bəhruz,Rəhimi,Əli,1975-09-12
Cavid,Soltani,Murad,1968-11-30
X
must import a.habeas list.csv --list Birlik --commit
number() { h list a.habeas --csv; grep "$1" out | head -1 | cut -d, -f2; }
record() { h list a.habeas --csv; grep "$1" out | tail -1 | cut -d, -f1; }
zeynab=$(number Zeynab)
first=$(record Zeynab)

h add a.habeas person given=زینب family=مختاروا father=سیاوش birth=1358-11-14
said() { [ "$code" = 0 ] && [ "$(wc -l <out)" = 1 ] && grep -qE '^[0-9a-f]{16}$' out; }
check "without a terminal it is written, the id alone on standard output" said
check "who is there already is said, in one line each" \
	grep -qE "^  1  $zeynab  Zeynab Muxtarova, 3 February 1980, Birlik; probability .*birth: same day" err
second=$(cat out)
expect "nothing is said of somebody new" 0 '^[0-9a-f]{16}$' add a.habeas person given=Nigar family=Abbasova
expect "--no-check does not look" 0 '^[0-9a-f]{16}$' \
	add a.habeas person given=Zeynab family=Muxtarova birth=1980-02-03 --no-check
expect "--json tells who, and why" 0 '"likely":\[\{"person":"P-[0-9]+".*"probability":.*"fields":\[\{"field"' \
	add a.habeas person given=Aydın family=Qaradağlı birth=1971-05-01 --json
expect "a change of what is no name is not looked at" 0 '^[0-9a-f]{16}$' amend a.habeas "$first" note=seen
h amend a.habeas "$(record Soltani)" given=Bəhruz family=Rəhimi birth=1975-09-12 father=Əli
check "a change of the name is" grep -q 'Bəhruz Rəhimi, 12 September 1975, Birlik' err

expect "a judgement joins" 0 '' judge a.habeas "$first" "$second" same --reason "her sister says so"
later=$(number زینب)
check "the earlier number stays" test "$later" = "$zeynab"
h list a.habeas --csv
h show a.habeas "$zeynab"
check "the dossier says who joined and why" grep -q 'the same person (Officer a.*): her sister says so' out
check "and what became of the other number" grep -qE "P-[0-9]+ became part of $zeynab" out
gone=$(sed -n "s/.* \(P-[0-9]*\) became part of $zeynab.*/\1/p" out)
expect "the other number still finds her" 0 "^$gone is now $zeynab" show a.habeas "$gone"
expect "by searching, too" 0 "^$zeynab " search a.habeas "$gone"
expect "and as a filter" 0 "^1 persons, 2 records" list a.habeas --count "person=$gone"
expect "the events of all" 0 "$gone became part of $zeynab +\(Judgement" clusters a.habeas --events
h clusters a.habeas --events --json
check "as JSON" grep -qE '"what":"merged".*"log_size":[0-9]+.*"kind":"judgement"' out
expect "a judgement parts" 0 '' judge a.habeas "$first" "$second" not-same
expect "and the number is its own again" 0 "^$gone " show a.habeas "$gone"
h link a.habeas
h show a.habeas "$(number Aydın)"
check "what only the program joined says so" grep -q '^! Joined by the program; reviewed by nobody' out
check "with its probability" grep -q 'by the program, probability .*: birth: same day' out
cp out before

# Linkages drawn: whoever was judged not to be one person never is.
h clusters a.habeas --linkages 4 --seed 9
cp out drawn.csv
check "linkages drawn count persons by list" \
	test "$(head -1 out | tr -d '\r')" = 'linkage,by hand,Birlik,count'
check "as many as were asked for" \
	test "$(sed 1d out | cut -d, -f1 | sort -un | tr '\n' ' ')" = '0 1 2 3 4 '
h clusters a.habeas --linkages 4 --seed 9
check "the same by the same seed" cmp -s out drawn.csv
expect "a seed wants linkages" 2 '' clusters a.habeas --seed 9
h rebuild a.habeas
h show a.habeas "$(number Aydın)"
check "a rebuilt index says the same" cmp -s out before
expect "nobody has a number that was never given" 1 'no such person' show a.habeas P-999999

# On a terminal it asks.
if command -v script >/dev/null; then
	echo "$PASS" >pass
	asked() { # ANSWER: typed at the prompt
		printf '%s\n' "$1" | script -qec "\"$HABEAS\" add a.habeas person given=Cavid \
family=Soltani birth=1968-11-30 father=Murad --passphrase-fd 3 3<pass" /dev/null >out 2>&1
	}
	n=$(records a.habeas)
	must add a.habeas person given=Cavid family=Soltani birth=1968-11-30 father=Murad --no-check
	asked c
	check "cancelled, nothing is written" test "$(records a.habeas)" = $((n + 1))
	asked a
	check "anyway, it is" test "$(records a.habeas)" = $((n + 2))
	asked 1
	check "the same person as the first, it is and so is the judgement" \
		test "$(records a.habeas)" = $((n + 4))
	h clusters a.habeas --events
	check "with the reason" grep -q 'said when it was typed in' out
else skip "script (bsdutils) is missing: no terminal"; fi
finish
