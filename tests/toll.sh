#!/bin/sh
# `habeas toll` on plain files, as people call it.
. "$(dirname "$0")/lib.sh"

says() { # NAME REGEX…: the last run was fine and printed all of these
	name=$1
	shift
	[ "$code" = 0 ] || { not_ok "$name"; return; }
	for want; do
		grep -q -- "$want" out || { not_ok "$name: $want"; return; }
	done
	ok "$name"
}
refuses() { # NAME REGEX: usage or bad input, one line that says why
	if [ "$code" = 2 ] && one_line && grep -q -- "$2" err; then ok "$1"; else not_ok "$1"; fi
}

# Iran by Solar Hijri quarters, winter counted to the year it ends in: the file of
# Karlinsky & Kobak 2021, eLife 10:e69336.
i=0
echo 'country_name,year,time,time_unit,deaths' >iran.csv
for d in 104609 91198 90009 90451 95026 90558 88026 95737 94831 93067 88002 94214 101030 \
	90214 91737 93863 101210 91742 94441 103422 105787 110384 131294; do
	echo "Iran,$((2015 + i / 4)),$((i % 4 + 1)),quarterly (Solar Hijri),$d" >>iran.csv
	i=$((i + 1))
done

bare toll excess iran.csv --official 24301
says "the published figures for Iran come out to the unit" \
	'as published .*58,092 .*± 7,911 .*2.39 times' 'by whole years .*58,092' \
	'never scaled to prisons' 'counting begins with 2020-Q1' 'Receipt: data'
bare toll excess iran.csv --exclude 2019-Q4
says "an excluded period is no part of the baseline" '61,984 .*± 6,956' 'Left out: 2019-Q4'
bare toll excess iran.csv --from 2020-Q2
says "counting may begin later" '54,390 .*± 6,060' 'Counted: 2020-Q2 to 2020-Q3, 2 periods'
bare toll excess iran.csv --flat
says "a baseline may have no slope" '66,325' 'no slope'
bare toll excess iran.csv --json -o one
if [ "$code" = 0 ] && grep -q '"methods":\[{"method":"karlinsky-kobak","estimate":58091\.57' out \
	&& grep -q '"method":"year-blocks"' out && grep -q '"receipt":{"seed":null,"data_sha256":"' out \
	&& cmp -s out one/excess.json && [ "$(head -c 4 one/excess.png | tail -c 3)" = PNG ] && [ "$(wc -l <one/excess.csv)" = 24 ] \
	&& grep -q '^2020-Q3,counted,131294.0,93187' one/excess.csv \
	&& grep -q '^without-2019,67232.5,9086.9,' one/sensitivity.csv; then
	ok "JSON and tables are written"
else
	not_ok "JSON and tables are written"
fi
bare toll excess iran.csv --lang fa
says "in Persian" '۵۸٬۰۹۲' 'زندان'
bare toll excess iran.csv --lang az
says "in Azerbaijani" '58\.092' 'həbsxana'

# The same in Solar Hijri years, spring first.
{
	echo 'سال;فصل;فوت'
	awk -F, 'NR > 1 { y = $2 - 621; q = $3 - 1; if (q == 0) { q = 4; y-- }
		print y ";" q ";" $5 }' iran.csv
} >sh.csv
bare toll excess sh.csv --calendar solar-hijri
says "Solar Hijri quarters give the same" '58,092 .*± 7,911' 'Counted: 1398-Q4 SH to 1399-Q2 SH' \
	'Baseline: 1394 to 1398'

# Two provinces add up.
awk -F, 'NR == 1 { print "year,quarter,province,deaths"; next }
	{ print $2 "," $3 ",north," int($5 / 3); print $2 "," $3 ",south," $5 - int($5 / 3) }' iran.csv >two.csv
bare toll excess two.csv --strata province
says "strata are added up" '58,092' '2 strata'
bare toll excess two.csv
refuses "a period twice is refused with both rows" 'row 3: 2015-Q1 was in row 2 already; --strata'

sed 's/Iran/Utopia/' iran.csv | sed 1d | cat iran.csv - >mixed.csv
bare toll excess mixed.csv
refuses "two countries need a choice" '--country says which'
bare toll excess mixed.csv --country utopia
says "a country can be chosen" '58,092' 'Utopia'

sed 's/deaths/lost/' iran.csv >odd.csv
bare toll excess odd.csv
refuses "a file without deaths is refused" 'number of deaths; --column deaths=HEADING'
bare toll excess odd.csv --column deaths=lost
says "a column can be named" '58,092'
sed 's/91198/many/' iran.csv >bad.csv
bare toll excess bad.csv
refuses "a word for a number is refused with its row" 'bad.csv: row 3, column "deaths": "many"'
bare toll excess iran.csv --from 2020-W10
refuses "a week is no period of quarters" 'the file counts quarters'
bare toll excess iran.csv --from 2031-Q1
refuses "a window after the file's end is refused" 'no time to count'
bare toll excess iran.csv --baseline-years 2015-2015
refuses "one baseline year is too few" 'give more years'
bare toll excess iran.csv --baseline-years 1990-1999
refuses "a baseline the file does not have is refused" 'no season is there in two years'
bare toll excess none.csv
refuses "a missing file is told" 'there is no such file'
: >empty.csv
bare toll excess empty.csv
if [ "$code" = 2 ] && one_line; then ok "an empty file is refused"; else not_ok "an empty file is refused"; fi

# The files that the paper's later versions rest on, where they are at hand.
data=$SOURCE/../shared/data/toll
if [ -r "$data/iran_weekly_deaths.csv" ]; then
	bare toll excess "$data/iran_weekly_deaths.csv" --to 2022-W03
	says "weekly, yearly baselines" '252,606 .*± 9,978 .*1.91 times'
	bare toll excess "$data/iran_weekly_deaths.csv" --to 2021-W52 --fixed-baseline
	says "weekly, the first year's baseline to the end of 2021" '260,255 .*± 8,753'
	bare toll excess "$data/iran_weekly_deaths.csv" --to 2020-W39
	says "weekly, to week 39" '59,635 .*± 3,754'
	bare toll excess "$data/albania_monthly_deaths.csv" --to 2021-03 --fixed-baseline
	says "monthly: the published sd; the deaths were revised since" '± 813'
else
	skip "toll excess on weekly and monthly files: ../shared/data/toll is not there"
fi
finish
