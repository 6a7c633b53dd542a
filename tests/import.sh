#!/bin/sh
# Lists in: dry run, commit, again, corrected, vanished, undone; edited in bulk;
# encodings; ambiguous dates; and a real list, counted by somebody else.
. "$(dirname "$0")/lib.sh"
: "${GENERATE:?}"

new_register a
B='--list Birlik --as-of 2020-03-20 --basis family'
"$GENERATE" --people 900 --seed 7 --style demo -o lists >/dev/null
rows=$(($(wc -l <lists/birlik.csv) - 1))
expect "a dry run says what would be written" 0 "$rows rows: $rows new, 0 changed" \
	import a.habeas lists/birlik.csv $B
expect "and writes nothing" 0 '^0 persons' list a.habeas --count
expect "commit writes" 0 'Written: [0-9]+ records' import a.habeas lists/birlik.csv $B --commit
n=$(records a.habeas)
expect "everybody is there" 0 "^$rows persons, $rows records" list a.habeas --count
expect "the same list again finds nothing new" 0 \
	"0 new, 0 changed, $rows unchanged, 0 vanished" import a.habeas lists/birlik.csv $B --commit
check "and writes nothing" test "$(records a.habeas)" = "$n"

# A corrected version, with the generator's word for what is different.
new=$(grep -c ^new lists/birlik-2.changes.csv)
gone=$(grep -cE '^(gone|vanished|removed)' lists/birlik-2.changes.csv)
changed=$(awk -F, 'NR > 1 && $1 !~ /^(new|gone|vanished|removed)/ { print $2 }' lists/birlik-2.changes.csv | sort -u | wc -l)
expect "a corrected version: $new new, $changed changed, $gone gone" 0 \
	": $new new, $changed changed, $((rows - changed - gone)) unchanged, $gone vanished" \
	import a.habeas lists/birlik-2.csv $B --commit
undo=$(sed -n 's/.*Import \([0-9a-f]*\).*/\1/p' out)
expect "once more writes nothing" 0 '0 new, 0 changed' import a.habeas lists/birlik-2.csv $B --commit
line=$(awk -F, 'NR > 1 && $1 !~ /^(new|gone|vanished|removed)/ && $5 ~ /Soyad/' lists/birlik-2.changes.csv | tail -1 | tr -d '\r')
after=$(echo "$line" | cut -d, -f7)
if [ -n "$after" ]; then
	h list a.habeas --csv
	check "a corrected name stands there" grep -q "$after" out
else skip "no name was corrected"; fi
expect "undo takes an import back whole" 0 '' undo a.habeas "$undo" --reason "wrong file"
expect "after which the former version counts" 0 "^$rows persons, $rows records" list a.habeas --count
expect "it cannot be undone twice" 1 'already' undo a.habeas "$undo"
expect "the register verifies" 0 '' verify a.habeas
expect "rows that resemble a list: its name is asked for" 0 'resemble the list "Birlik"' \
	import a.habeas lists/birlik-2.csv --list Brilik --as-of 2020-03-20
expect "other scripts import too" 0 'Written' import a.habeas lists/nesim.csv --list Nesim --as-of 2020-03-20 --commit
expect "and workbooks" 0 'Written' import a.habeas lists/registry.xlsx --list Araz --as-of 2020-03-20 --commit
python3 "${SOURCE:-.}/tests/csv_to_ods.py" lists/birlik.csv birlik.ods
expect "a list saved as ODS is the same list" 0 "0 new, 0 changed, $rows unchanged" \
	import a.habeas birlik.ods $B --commit
head -c 3000 birlik.ods >cut.ods
n=$(records a.habeas)
expect "an ODS that is cut off" 2 'cut.ods: the archive .* is damaged' \
	import a.habeas cut.ods $B --commit
check "writes nothing" test "$(records a.habeas)" = "$n"
must match lists/birlik.csv -o m1
must match birlik.ods -o m2
for m in m1 m2; do
	sed 's/^[^,]*://' $m/clusters.csv >$m.said
done
check "the matcher reads ODS as it reads CSV" cmp m1.said m2.said
expect "all lists are listed" 0 'Nesim' list a.habeas --lists

# Editing in bulk.
new_register b
cat >small.csv <<'X'
Given name,Family name,Birth date,Arrest date,Prison
Aydın,Səmədov,1980-01-02,2019-07-08,Evin
Leyla,Quliyeva,1985-01-02,2019-07-09,Evin
X
must import b.habeas small.csv --list S --as-of 2020-01-01 --commit
h list b.habeas --csv
cp out bulk.csv
expect "a list exported and imported back changes nothing" 0 '0 changed' import b.habeas bulk.csv --commit
sed -i 's/Quliyeva/Quluyeva/' bulk.csv
expect "one cell changed is one change" 0 '1 changed' import b.habeas bulk.csv
expect "which is written" 0 'Written: 1 record' import b.habeas bulk.csv --commit
expect "and stands" 0 'Quluyeva' list b.habeas
expect "and is found by both names" 0 'Quluyeva' search b.habeas Quliyeva
h list b.habeas --csv-events
cp out events.csv
sed -i 's/2019-07-08/2019-07-18/' events.csv
expect "events are edited likewise" 0 'Written: 1 record' import b.habeas events.csv --commit
sed -i 's/^[0-9a-f]\{16\}/0123456789abcdef/' bulk.csv
expect "a record that is not there is an error" 2 '0123456789abcdef|errors?|row' import b.habeas bulk.csv --commit

# Encodings and separators.
new_register c
cat >fa.csv <<'X'
نام,نام خانوادگی,تاریخ بازداشت
علی,رضایی,۱۳۹۸/۱۰/۱۲
زهرا,احمدی,۱۳۹۷/۰۱/۳۱
X
i=0
for e in UTF-8 UTF-16LE UTF-16BE WINDOWS-1256; do
	i=$((i + 1))
	case $e in
	WINDOWS-1256) sed 's/ی/ي/g; y/۰۱۲۳۴۵۶۷۸۹/0123456789/' fa.csv | iconv -f UTF-8 -t WINDOWS-1256 >enc.csv ;;
	UTF-16*) { printf '\357\273\277'; cat fa.csv; } | iconv -f UTF-8 -t "$e" >enc.csv ;;
	*) cp fa.csv enc.csv ;;
	esac
	expect "$e is read" 0 'list: E'"$i"', version 1' import c.habeas enc.csv --list "E$i" --as-of 2020-02-02 --commit
	h list c.habeas list="E$i"
	check "$e says the same" was 0 'رضا[یي][یي]'
done
for e in 1251:Гасанов 1254:Şahinoğlu; do
	n=${e%%:*} word=${e##*:}
	printf 'Given name,Family name\nAli,%s\nRza,%s\n' "$word" "$word" |
		iconv -f UTF-8 -t "WINDOWS-$n" >win.csv
	expect "windows-$n is told by its letters, and said" 0 \
		"not UTF-8; read as windows-$n, by its letters: row 2, column 2 says \"$word\"" \
		import c.habeas win.csv --list "W$n" --as-of 2020-02-02 --commit
	h list c.habeas list="W$n"
	check "and says what was written" was 0 "$word"
done
cat >ru.csv <<'X'
№;Фамилия;Имя;Отчество;Пол;Дата рождения;Дата ареста
1;Гасанов;Али;Рза оглы;м;5 января 1980 г.;27.03.2020
2;Гулиева;Айнур;Вагиф кызы;ж;1985 г.;12 эсфанда 1398
X
iconv -f UTF-8 -t WINDOWS-1251 ru.csv >ru1251.csv
expect "a Russian list is understood without a map" 0 'Written: [0-9]+ records' \
	import c.habeas ru1251.csv --list Ru --as-of 2020-06-01 --commit
h list c.habeas --csv list=Ru
check "its names, sex and dates" sh -c 'grep -q "Али,Гасанов,Рза оглы" out && grep -q 1980-01-05 out \
	&& grep -q female out'
h list c.habeas --csv-events list=Ru
check "and days in the Iranian calendar" grep -q '1398-12-12 SH' out
printf 'Given name\nAyd\375n\n' >win.csv
n=$(records c.habeas)
expect "of two encodings that fit none is guessed" 2 \
	'win.csv: line 2: not UTF-8; "Aydın" if it is windows-1254, "Aydýn" if it is windows-1252' \
	import c.habeas win.csv --list Win --as-of 2020-02-02 --commit
check "and nothing is written" test "$(records c.habeas)" = "$n"
expect "the one that is named is taken" 0 'version 1 .windows-1254' \
	import c.habeas win.csv --list Win --as-of 2020-02-02 --encoding windows-1254
tr , ';' <fa.csv >semi.csv
expect "semicolons are found out" 0 'delimiter semicolon' import c.habeas semi.csv --list Semi --as-of 2020-02-02
tr , '\t' <fa.csv >tab.tsv
expect "tabs too" 0 'delimiter tab' import c.habeas tab.tsv --list Tab --as-of 2020-02-02

# Bad input: one line with file, row, column, what was found, what would be right.
n=$(records c.habeas)
printf 'Given name,Family name,Arrest date\nA,B,03/04/2020\nC,D,04/05/2020\n' >amb.csv
h import c.habeas amb.csv --list Amb --as-of 2020-06-01
check "an ambiguous date is asked for, or said to be ambiguous" sh -c 'cat out err | grep -qiE "row 2.*03/04/2020|--dates|ambiguous"'
must import c.habeas amb.csv --list Amb --as-of 2020-06-01 --dates dmy --commit
h list c.habeas --csv-events list=Amb
check "the order given is taken" grep -q '2020-04-03' out
printf 'Given name,Family name,Arrest date\nA,B,"Monday, 27 March 2020"\nC,D,"пятница, 27 марта 2020 г."\n' >day.csv
expect "a weekday that the day was not is a warning, and no more" 0 \
	'row 2, column 3.*2020-03-27 was a Friday, not a Monday; one of the two is wrong' \
	import c.habeas day.csv --list Day --as-of 2020-06-01
check "the other is none" sh -c 'grep -q "0 errors, 1 warning" out'
n=$(records c.habeas)
printf 'Given name,Family name,Arrest date\nA,B,1398/12/30\nC,D,2019-02-31\nE,F,2019-01-01\n' >bad.csv
expect "days that do not exist are errors" 2 'bad.csv' import c.habeas bad.csv --list Bad --as-of 2020-06-01 --commit
check "each named with row and column" sh -c 'cat out err | grep -q "row 2, column 3" && cat out err | grep -q "row 3, column 3"'
check "and nothing is half-written" test "$(records c.habeas)" = "$n"
expect "a list needs a name" 2 '--list' import c.habeas fa.csv
expect "a file that is not there" 2 'nowhere.csv' import c.habeas nowhere.csv --list X
: >empty.csv
expect "an empty file" 2 'empty.csv' import c.habeas empty.csv --list X
printf 'Given name,Family name\n' >header.csv
h import c.habeas header.csv --list X --as-of 2020-06-01
check "a file of headings alone is told or harmless" sh -c "[ $code = 2 ] || [ $code = 0 ]"
printf 'Foo,Bar\n1,2\n' >odd.csv
expect "no column that is understood" 2 'odd.csv' import c.habeas odd.csv --list X --as-of 2020-06-01 --commit
expect "an as-of that is no date" 2 'as-of' import c.habeas fa.csv --list X --as-of soon
expect "the register verifies" 0 '' verify c.habeas

# A truth commission's list, by a map file; counts by awk's own reading of the CSV.
real="${SOURCE:-.}/../shared/data/pinochet_victims.csv" map="${SOURCE:-.}/docs/examples/pinochet.ini"
if [ ! -f "$real" ] || [ ! -f "$map" ]; then
	skip "the real list: not here"
	finish
fi
new_register d
expect "the real list imports" 0 '2398 rows: 2398 new.* 0 errors' import d.habeas "$real" --list Rettig \
	--map "$map" --as-of 1991-02-08 --basis historical --commit
expect "every row is a person" 0 '^2398 persons, 2398 records' list d.habeas --count
expect "and it again writes nothing" 0 '0 new, 0 changed, 2398 unchanged' import d.habeas "$real" \
	--list Rettig --map "$map" --as-of 1991-02-08 --basis historical --commit
cat >count.py <<'X'
# Rows by what the commission found, as docs/examples/pinochet.ini takes the words.
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding='utf-8-sig', newline='')))
print('disappearance', sum(r['violence'].startswith('Disappearance') for r in rows))
print('death', sum(r['violence'] in ('Killed', 'Suicide', 'Disappearance, Information of Death') for r in rows))
print('torture', sum(r['torture'] == '1' for r in rows))
X
python3 count.py "$real" >counts
while read -r event n; do
	expect "$n with event=$event, as by the CSV" 0 "^$n persons, $n records" list d.habeas --count event="$event"
done <counts
expect "the register verifies" 0 '' verify d.habeas
finish
