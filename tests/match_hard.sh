#!/bin/sh
# `habeas match` where it is hard: strange names, one name for everybody, any order of
# rows, runs that are killed, disks that are full, little memory, several scripts and
# kinds of files.
#
#   match_hard.sh [PEOPLE]: how many bear one name (100000)
. "$(dirname "$0")/lib.sh"
everybody=${1:-100000}

# persons CLUSTERS: which records are together, whatever the clusters are called.
persons() {
	tr -d '\r' <"$1" | sed 1d | LC_ALL=C sort | awk -F, '
		!($2 in least) { least[$2] = $1 }
		{ print $1 "," least[$2] }'
}
# pairs PAIRS: left and right in one order, sorted.
pairs() {
	tr -d '\r' <"$1" | sed 1d | awk -F, -v OFS=, '$2 < $1 { t = $1; $1 = $2; $2 = t } { $1 = $1; print }' |
		LC_ALL=C sort
}
check() { # NAME COMMAND…
	name=$1
	shift
	if "$@"; then ok "$name"; else not_ok "$name"; fi
}

# ---- Any order ----------------------------------------------------------------------------
"$GENERATE" --people 3000 --style plain --lists 3 --seed 4 -o lists >/dev/null
for i in 1 2 3; do
	awk -v l="$i" 'NR == 1 { print "nr," $0; next } { print "r" l "x" NR "," $0 }' \
		"lists/list-$i.csv" >"n$i.csv"
	{ head -1 "n$i.csv"; sed 1d "n$i.csv" | awk -v s="$i" 'BEGIN { srand(s + 40) }
		{ printf "%.9f\t%s\n", rand(), $0 }' | sort | cut -f2-; } >"s$((4 - i)).csv"
done
bare match n1.csv n2.csv n3.csv --id nr -o straight
straight=$code
bare match s3.csv s1.csv s2.csv --id nr -o shuffled
persons straight/clusters.csv >p1
persons shuffled/clusters.csv >p2
pairs straight/pairs.csv >e1
pairs shuffled/pairs.csv >e2
check "rows shuffled and files renamed: the same persons" \
	test "$straight$code" = 00 -a -s p1 -a "$(cmp p1 p2 && echo same)" = same
check "and the same pairs, to the last digit" \
	test -s e1 -a "$(cmp e1 e2 && echo same)" = same
{ head -1 n1.csv; sed 1d n1.csv | tac; } >n1b.csv && mv n1b.csv n1.csv
bare match n2.csv n3.csv n1.csv --id nr -o turned
check "and the same model" cmp -s straight/model.json turned/model.json

# ---- Strange names ------------------------------------------------------------------------
{
	echo 'Given name,Family name,Date of birth'
	long=$(head -c 10000 /dev/zero | tr '\0' a)
	printf '%s,%s,1970\n%s,%s,1970\n' "$long" "$long" "$long" "$long"
	printf ',,\n , ,\n-,.,\n,,1980-02-03\n,,1980-02-03\n'
	printf 'علی Ali Али,‫Reza‬ رضا‮ abc,1365/02/03\nAli علی,رضا‏Reza,1986-04-23\n'
	printf '😀😀,🖤,1990\n12345,67890,1990\nㅤ,​,1990\n'
	printf "'; drop,\"a\"\"b, c\",1990\n=1+1,@x,1990\n"
} >odd.csv
bare match odd.csv -o odd
check "empty, endless and mixed names: a line for each" \
	test "$code" = 0 -a "$(sed 1d odd/clusters.csv | wc -l)" = 14
awk -v n="$everybody" 'BEGIN { print "Given name,Family name"
	for (i = 0; i < n; i++) print "Ali,Mohammadi" }' >same.csv
bare match same.csv -o same
check "everybody of one name and nothing else: nobody is joined" \
	test "$code" = 0 -a "$(sed 1d same/clusters.csv | tr -d '\r' | cut -d, -f2 | sort -u | wc -l)" = "$everybody"
check "and nothing is claimed of it" grep -q 'nothing to estimate' out
awk -v n="$everybody" 'BEGIN { print "Given name,Family name,Date of birth,City"; srand(3)
	for (i = 0; i < n; i++) printf "Ali,Mohammadi,%d,Tehran\n", 1950 + int(rand() * 50) }' >year.csv
bare match year.csv -o year
check "a year of birth identifies nobody" \
	test "$code" = 0 -a "$(sed 1d year/clusters.csv | tr -d '\r' | cut -d, -f2 | sort -u | wc -l)" = "$everybody"

# ---- Killed, and no room -------------------------------------------------------------------
"$GENERATE" --people 20000 --style plain --seed 6 -o many >/dev/null
mkdir whole killed
bare match many/list-1.csv many/list-2.csv many/list-3.csv many/list-4.csv -o whole
bare match n2.csv n3.csv -o killed
cp -r killed before
strange=
for signal in KILL INT TERM; do
	for wait in 0.01 0.07 0.15 0.3 0.5 0.8; do
		"$HABEAS" match many/list-1.csv many/list-2.csv many/list-3.csv many/list-4.csv \
			-o killed >/dev/null 2>&1 </dev/null &
		pid=$!
		sleep "$wait"
		kill -s "$signal" "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
		[ "$(ls -A killed | tr '\n' ' ')" = 'clusters.csv model.json pairs.csv ' ] \
			|| strange="$strange $signal after $wait: $(ls -A killed | tr '\n' ' ');"
		for f in pairs.csv clusters.csv model.json; do
			cmp -s "killed/$f" "before/$f" || cmp -s "killed/$f" "whole/$f" \
				|| strange="$strange $signal after $wait: $f is cut;"
		done
	done
done
echo "$strange" >out; : >err
check "killed at any moment: the old result or the new, and nothing beside" test -z "$strange"
FAULT=nospace:1
as '' match n1.csv -o full
if [ "$code" != 0 ]; then
	n=0 strange=
	bare match n2.csv n3.csv --id nr -o full2
	while n=$((n + 1)); [ "$n" -lt 60 ]; do
		FAULT=nospace:$n
		rm -rf full
		as '' match n2.csv n3.csv --id nr -o full
		[ "$code" != 0 ] || break
		[ "$code" = 3 ] && one_line || strange="$strange step $n: exit $code;"
		# What has its name is whole; from here on every step fails, removing too.
		for f in $(ls -A full 2>/dev/null); do
			cmp -s "full/$f" "full2/$f" || strange="$strange step $n: $f;"
		done
	done
	FAULT=
	check "no room at any step: exit 3, one line, nothing half-written$strange" \
		test -z "$strange" -a "$n" -gt 2
else
	skip "no room at any step: built without faults"
fi
FAULT=
if [ -w /dev/full ]; then
	code=0
	"$HABEAS" match n1.csv -o quiet >/dev/full 2>err </dev/null || code=$?
	: >out
	check "a report that cannot be written is no success" test "$code" = 3
fi
if [ "$(id -u)" = 0 ] && mkdir -p small && mount -t tmpfs -o size=64k none small 2>/dev/null; then
	cleaners='umount "$work/small" 2>/dev/null'
	bare match n1.csv n2.csv n3.csv --id nr -o small/r
	check "a small disk: exit 3, one line, nothing there" \
		test "$code" = 3 -a "$(wc -l <err)" = 1 -a -z "$(ls -A small/r)"
	umount small
	cleaners=:
else
	skip "a small disk: may not mount one here"
fi

# ---- Little memory -------------------------------------------------------------------------
"$GENERATE" --people 60000 --style plain --seed 8 -o big >/dev/null
if (ulimit -v 900000 && "$HABEAS" match n1.csv -o tiny >/dev/null 2>&1 </dev/null); then
	code=0
	(ulimit -v 900000; exec "$HABEAS" match big/list-*.csv -o bigout --json) \
		>out 2>err </dev/null || code=$?
	check "sixty thousand records in 900 MB of addresses" \
		test "$code" = 0 -a "$(grep -c '"records":6' out)" = 1
else
	skip "little memory: this build takes too much address space"
fi

# ---- Scripts and kinds of files --------------------------------------------------------------
"$GENERATE" --people 600 --style demo --seed 2 -o three >/dev/null
cat >ru.csv <<'X'
Имя,Фамилия,Дата рождения
Мухаммед,Гусейнов,1990-05-12
Лейла,Новрузова,1988-11-02
X
cat >az.csv <<'X'
Ad,Soyad,Doğum tarixi
Məhəmməd,Hüseynov,12.05.1990
Leyla,Novruzova,02.11.1988
X
cat >fa.csv <<'X'
نام,نام خانوادگی,تاریخ تولد
محمد,حسین‌اف,۱۳۶۹/۰۲/۲۲
لیلا,نوروزوا,۱۳۶۷/۰۸/۱۱
X
bare match ru.csv az.csv fa.csv -o scripts
check "Cyrillic, Latin and Persian spellings of two people are two persons" \
	test "$code" = 0 -a "$(sed 1d scripts/clusters.csv | tr -d '\r' | cut -d, -f2 | sort -u | wc -l)" = 2
bare match three/birlik.csv three/nesim.csv three/registry.xlsx -o sheets
check "an .xlsx beside CSV files" \
	test "$code" = 0 -a "$(grep -c registry.xlsx sheets/clusters.csv)" -gt 100
if command -v python3 >/dev/null; then
	python3 - <<'X'
import csv, zipfile
from xml.sax.saxutils import escape
rows = ''.join('<table:table-row>' + ''.join(
    '<table:table-cell office:value-type="string"><text:p>' + escape(c) + '</text:p></table:table-cell>'
    for c in r) + '</table:table-row>' for r in csv.reader(open('fa.csv', encoding='utf-8')))
ns = 'urn:oasis:names:tc:opendocument:xmlns:'
with zipfile.ZipFile('fa.ods', 'w') as z:
    z.writestr('mimetype', 'application/vnd.oasis.opendocument.spreadsheet')
    z.writestr('content.xml', f'<?xml version="1.0" encoding="UTF-8"?><office:document-content '
      f'xmlns:office="{ns}office:1.0" xmlns:table="{ns}table:1.0" xmlns:text="{ns}text:1.0">'
      f'<office:body><office:spreadsheet><table:table table:name="a">{rows}</table:table>'
      '</office:spreadsheet></office:body></office:document-content>')
X
	bare match ru.csv az.csv fa.ods -o ods
	check "an .ods says what the same CSV says" \
		test "$code" = 0 -a "$(persons ods/clusters.csv | sed 's/\.ods/.csv/g')" = "$(persons scripts/clusters.csv)"
else
	skip "an .ods: no python3 to make one"
fi

# ---- What cannot be read ---------------------------------------------------------------------
printf 'Given name,Family name,colour of eyes,\nAli,Nuri,brown,x\n' >cols.csv
bare match cols.csv -o cols
check "unknown columns are named, in one line each" \
	test "$code" = 0 -a "$(grep -c 'cols.csv: column 3 "colour of eyes": not known' err)" = 1
printf 'Given name,Family name,Date of birth\nAli,Nuri,yesterday\n' >date.csv
bare match date.csv -o date
check "a date that is none is told with row and column" \
	test "$code" = 0 -a "$(grep -c 'date.csv: row 2, column 3' err)" = 1
bare match nowhere.csv -o nowhere
check "a file that is not there: exit 2, nothing written" \
	test "$code" = 2 -a ! -e nowhere -a "$(wc -l <err)" = 1
finish
