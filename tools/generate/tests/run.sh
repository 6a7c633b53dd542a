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
# Whatever changes these sums changes every register and benchmark made of them:
# then say so in the commit, and put the new sums here.
(cd "$dir/one" && cat birlik.csv nesim.csv birlik-2.csv truth.csv | sha256sum) |
	cut -c 1-16 | diff - "$(dirname "$0")/seed-7.sum"

"$generate" --style plain --people 20000 --lists 4 --seed 7 -o "$dir/plain"
"$generate" --style plain --people 20000 --lists 4 --seed 7 -o "$dir/plain2"
diff -r "$dir/plain" "$dir/plain2"

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
fails --people 300000 --style demo -o "$dir/x"
test ! -e "$dir/x"

"$check" "$dir/one" "$dir/plain"
