#!/bin/sh
# The same seed gives the same bytes, another seed others, and what is written is
# as claimed.  Usage: run.sh HABEAS-GENERATE TEST-LISTS
set -eu
generate=$1 check=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM

"$generate" --people 3000 --seed 7 -o "$dir/one"
# A workbook that carried the time of its making would differ by now.
sleep 1.1
"$generate" --people 3000 --seed 7 -o "$dir/two"
diff -r "$dir/one" "$dir/two"
"$generate" --people 3000 --seed 8 -o "$dir/other"
for f in birlik.csv nesim.csv registry.xlsx birlik-2.csv people.csv truth.csv; do
	if cmp -s "$dir/one/$f" "$dir/other/$f"; then
		echo "$f does not depend on the seed" >&2
		exit 1
	fi
done
"$generate" --style plain --people 20000 --lists 4 --seed 7 -o "$dir/plain"
"$generate" --style plain --people 20000 --seed 7 --typos 70 --variants 250 --copies 10 \
	--no-father 450 --no-birth 100 --rare 0 -o "$dir/plain2"
diff -r "$dir/plain" "$dir/plain2"
# Whatever changes these sums changes every register and benchmark made of them:
# then say so in the commit, and put the new sums here.
{
	(cd "$dir/one" && cat birlik.csv nesim.csv birlik-2.csv truth.csv | sha256sum)
	cat "$dir"/plain/* | sha256sum
} | cut -c 1-16 | diff - "$(dirname "$0")/seed-7.sum"

# The column of --told says what the file of truth says, and is all that it adds.
"$generate" --style plain --people 2000 --seed 7 -o "$dir/quiet"
"$generate" --style plain --people 2000 --seed 7 --told -o "$dir/told"
for i in 1 2 3 4; do
	tr -d '\r' <"$dir/told/list-$i.csv" | sed 's/,[^,]*$//' >"$dir/cut"
	tr -d '\r' <"$dir/quiet/list-$i.csv" | diff - "$dir/cut"
	tr -d '\r' <"$dir/told/list-$i.csv" | sed '1d; s/.*,//'
done >"$dir/people"
tr -d '\r' <"$dir/told/truth.csv" | sed '1d; s/.*,//' | diff - "$dir/people"

# empty FIELD LIST: permille of rows of which the field is empty.
empty() {
	tr -d '\r' <"$2" | awk -F, -v f="$1" 'NR > 1 && $f == "" { n++ }
		END { printf "%d\n", n * 1000 / (NR - 1) }'
}
different() {
	tr -d '\r' <"$2" | cut -d, -f "$1" | sort -u | wc -l
}
"$generate" --style plain --people 4000 --seed 7 --lists 1 --no-father 1000 --no-birth 600 \
	--typos 400 --rare 500 -o "$dir/told"
"$generate" --style plain --people 4000 --seed 7 --lists 1 -o "$dir/quiet"
test "$(empty 3 "$dir/told/list-1.csv")" = 1000
test "$(empty 4 "$dir/told/list-1.csv")" -gt 550
test "$(empty 4 "$dir/told/list-1.csv")" -lt 650
test "$(different 1 "$dir/told/list-1.csv")" -gt "$(($(different 1 "$dir/quiet/list-1.csv") * 5 / 4))"
test "$(different 2 "$dir/told/list-1.csv")" -gt "$(($(different 2 "$dir/quiet/list-1.csv") * 5 / 4))"

fails() {
	if "$generate" "$@" 2>"$dir/err"; then
		echo "accepted: $*" >&2
		exit 1
	else
		test $? = 2
	fi
	test "$(wc -l <"$dir/err")" = 1
}
fails --people 9 -o "$dir/x"
fails --people many -o "$dir/x"
fails --people 1000
fails --people 1000 --style fancy -o "$dir/x"
fails --people 3000000 --style demo -o "$dir/x"
fails --people 10000001 --style plain -o "$dir/x"
fails --people 1000 --style plain --typos 1001 -o "$dir/x"
fails --people 1000 --typos 10 -o "$dir/x"
fails --people 1000 -o "$dir/x" more
test ! -e "$dir/x"

"$check" "$dir/one" "$dir/plain"
