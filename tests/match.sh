#!/bin/sh
# `habeas match` and `habeas names` on plain files, as people call them.
. "$(dirname "$0")/lib.sh"

{
	echo 'Given name,Family name,Date of birth,Sex,City,who,shoe'
	i=0
	while [ $i -lt 40 ]; do
		n=$((i % 7))
		set -- Kerim Babak Leyla Nergiz Yusif Zahra Samir
		shift $n
		echo "$1,Family$((i / 2))ov,19$((50 + i / 2))-0$((1 + i / 2 % 9))-11,m,Tabriz,$((i / 2)),4"
		i=$((i + 1))
	done
} >a.csv
sed 1d a.csv | sed 's/Tabriz/تبریز/; s/Babak/بابک/; s/Leyla/لیلا/' >rows
{ head -1 a.csv; cat rows; } >b.csv

bare match a.csv b.csv -o one
if [ "$code" = 0 ] && grep -q '80 records in 2 files' out && grep -q 'column 7 "shoe": not known' err; then
	ok "match links two files and names the column it does not know"
else
	not_ok "match links two files and names the column it does not know"
fi
if [ "$(head -1 one/clusters.csv | tr -d '\r')" = record,cluster ] \
	&& [ "$(wc -l <one/clusters.csv)" = 81 ] \
	&& [ "$(sed -n 2p one/clusters.csv | tr -d '\r')" = a.csv:1,1 ] \
	&& head -1 one/pairs.csv | grep -q '^left,right,weight,probability,given name,'; then
	ok "every record has its line in clusters.csv"
else
	not_ok "every record has its line in clusters.csv"
fi

bare match b.csv a.csv -o two
if cmp -s one/pairs.csv two/pairs.csv && cmp -s one/clusters.csv two/clusters.csv \
	&& cmp -s one/model.json two/model.json; then
	ok "the order of files changes nothing"
else
	not_ok "the order of files changes nothing"
fi

bare match a.csv b.csv -o drawn --linkages 3 --seed 7
persons=$(sed -n 's/.* are \([0-9]*\) persons\..*/\1/p' out)
if [ "$code" = 0 ] && grep -q 'Drawn: 3 linkages' out \
	&& [ "$(head -1 drawn/histories.csv | tr -d '\r')" = linkage,a.csv,b.csv,count ] \
	&& [ "$(tr -d '\r' <drawn/histories.csv | awk -F, '$1 == "0" {n += $4} END {print n}')" \
		= "$persons" ] \
	&& [ "$(sed 1d drawn/histories.csv | cut -d, -f1 | sort -u | tr '\n' ' ')" = '0 1 2 3 ' ]; then
	ok "linkages drawn come as capture histories"
else
	not_ok "linkages drawn come as capture histories"
fi
bare match b.csv a.csv -o drawn2 --linkages 3 --seed 7
if cmp -s drawn/histories.csv drawn2/histories.csv && [ ! -e one/histories.csv ]; then
	ok "they hang on the seed, not on the order of files"
else
	not_ok "they hang on the seed, not on the order of files"
fi

bare match a.csv --truth who -o three --json
if [ "$code" = 0 ] && grep -q '"truth_cluster_pairs":{"precision":' out; then
	ok "a truth column measures the result"
else
	not_ok "a truth column measures the result"
fi

{ echo 'nr,nəm,əq'; echo '7,Babak,Taheri'; echo '9,Babak,Taheri'; } >c.csv
printf 'nəm = given\nəq = family\n' >schema.ini
bare match c.csv -o four
if [ "$code" = 2 ] && one_line_of_several=$(grep -c '^habeas: c.csv: no column is a name' err) \
	&& [ "$one_line_of_several" = 1 ] && [ ! -e four ]; then
	ok "a file without names is refused and leaves nothing"
else
	not_ok "a file without names is refused and leaves nothing"
fi
bare match c.csv --schema schema.ini --id nr -o four
if [ "$code" = 0 ] && grep -q '^7,' four/clusters.csv && grep -q '^9,' four/clusters.csv; then
	ok "a schema says what columns are, an id column what records are called"
else
	not_ok "a schema says what columns are, an id column what records are called"
fi
echo '7,Leyla,Nuri' >>c.csv
bare match c.csv --schema schema.ini --id nr -o five
if [ "$code" = 2 ] && grep -q 'the id "7" names another record too' err && [ ! -e five ]; then
	ok "an id given twice is refused"
else
	not_ok "an id given twice is refused"
fi

printf 'name,birth\nƏli Rzayev,1360\nعلی رضایف,1360\n' >w.csv
printf 'given,family,birth\nƏli,Rzayev,1360\n' >v.csv
bare match w.csv v.csv -o six
if [ "$code" = 0 ] && ! grep -q 'not known' err && [ "$(tail -n +2 six/clusters.csv | cut -d, -f2 | sort -u | wc -l)" = 1 ]; then
	ok "a name alone is a whole one; a schema's own words are known as headings"
else
	not_ok "a name alone is a whole one; a schema's own words are known as headings"
fi
printf 'name = whole\nnmae = family\n' >wrong.ini
bare match w.csv ./w.csv --schema wrong.ini -o seven
if [ "$code" = 0 ] && grep -q 'wrong.ini: line 2: no file has a column "nmae"' err \
	&& grep -q './w.csv and w.csv look like one file' err; then
	ok "a schema's line for no column and one file under two names are warned of"
else
	not_ok "a schema's line for no column and one file under two names are warned of"
fi
printf 'name = whole\nName = family\n' >wrong.ini
refused() {
	what=$1
	shift
	bare match "$@"
	if [ "$code" = 2 ] && [ "$(wc -l <err)" = 1 ] && grep -q "$what" err; then
		ok "one line says: $what"
	else
		not_ok "one line says: $what"
	fi
}
refused 'line 1 has said already what' w.csv --schema wrong.ini
refused 'encoding "latin9" is not known' w.csv --encoding latin9
refused 'is a directory; name the file in it' one
refused 'is no directory; -o names' w.csv -o w.csv
refused 'is no directory; -o names' w.csv -o w.csv/below

bare names Məhəmməd محمد Мухаммед
if [ "$code" = 0 ] && [ "$(grep -c 'share the key MD; alike' out)" = 3 ] && grep -q 'script: Arab' out; then
	ok "names shows why three spellings meet"
else
	not_ok "names shows why three spellings meet"
fi
bare names --json Гусейн Hossein Ali
if [ "$code" = 0 ] && grep -q '"left":0,"right":1,"keys":\["'"'"'SN"\],"alike":0.9' out \
	&& grep -q '"left":0,"right":2,"word_keys":\[\]' out; then
	ok "names tells programs which of three meet"
else
	not_ok "names tells programs which of three meet"
fi
bare names --lang fa 'Hacı Əli' 'حاجی علی'
if [ "$code" = 0 ] && grep -q 'کلید مشترک دارند' out && grep -q 'خط: لاتین' out; then
	ok "names speaks Persian"
else
	not_ok "names speaks Persian"
fi
finish
