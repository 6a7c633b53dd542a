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
	'never scaled to prisons' 'counting begins with 2020-Q1' 'quarters are Solar Hijri' 'Receipt: data' \
	'May be written: "From 2020-Q1 to 2020-Q3 between 27,000 and 89,000 more people died (95 % interval) than the years 2015 to 2019 led one to expect." Beside it: "Officially reported were 24,301."'
bare toll excess iran.csv --exclude 2019-Q4
says "an excluded period is no part of the baseline" '61,984 .*± 6,956' 'Left out: 2019-Q4'
bare toll excess iran.csv --exclude 2018,2020-Q2
says "nor of the sentence" 'led one to expect. Left out: 2020-Q2 to 2020-Q2."'
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
says "in Azerbaijani" '58\.092' 'həbsxana' \
	'2020-Q1 – 2020-Q3 arasında 2015 – 2019 illərinə görə gözləniləndən 27.000 – 89.000 nəfər çox insan öldü'

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
refuses "a period twice is refused with both rows" 'row 3: 2015-Q1 was in row 2 already, with another province; --where .province=north. picks, --strata'

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
refuses "a baseline the file does not have is refused" 'baseline 1990-1999: the file has none of it'
bare toll excess none.csv
refuses "a missing file is told" 'there is no such file'
: >empty.csv
bare toll excess empty.csv
if [ "$code" = 2 ] && one_line; then ok "an empty file is refused"; else not_ok "an empty file is refused"; fi

# Forms that people have: a ministry's table, Eurostat's, the Human Mortality Database's.
{
	printf '\357\273\277سال;فصل;تعداد فوت\n'
	awk -F, 'NR > 1 { y = $2 - 621; q = $3 - 1; if (q == 0) { q = 4; y-- }
		split("بهار تابستان پاییز زمستان", name, " ")
		d = int($5 / 1000) "٬" sprintf("%03d", $5 % 1000)
		split("۰ ۱ ۲ ۳ ۴ ۵ ۶ ۷ ۸ ۹", fa, " ")
		for (i = 0; i < 10; i++) { gsub(i, fa[i + 1], d); gsub(i, fa[i + 1], y) }
		print y ";" name[q] ";" d }' iran.csv
} >moh.csv
bare toll excess moh.csv
says "Persian headings, digits and names of seasons" '58,092 .*± 7,911' '1398-Q4 SH to 1399-Q2 SH' \
	'read as Solar Hijri'
{
	echo 'DATAFLOW,freq,sex,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG'
	awk -F, 'NR > 1 { f = int($5 / 3)
		print "X,Q,F,IR," $2 "-Q" $3 "," f ",p"; print "X,Q,M,IR," $2 "-Q" $3 "," $5 - f ",p"
		print "X,Q,T,IR," $2 "-Q" $3 "," $5 ",p" }' iran.csv
} >eurostat.csv
bare toll excess eurostat.csv --where sex=t
says "a year and a quarter in one cell; rows picked by a column" '58,092 .*± 7,911'
bare toll excess eurostat.csv
refuses "rows that differ in a column: which, and what picks" "with another sex; --where 'sex=F' picks"
bare toll excess eurostat.csv --strata sex
refuses "a total among its parts is not added up" '"T" is the sum of the others'
sed -n '/,T,/!p' eurostat.csv >parts.csv
bare toll excess parts.csv --strata sex
says "its parts are" '58,092' '2 strata'
{ echo '# a remark'; echo '# another'; sed 's/country_name/CountryCode/; s/deaths/DTotal/' iran.csv; } >remarks.csv
bare toll excess remarks.csv
says "remarks before the header" '58,092 .*± 7,911'
echo 'Iran,2020,4,quarterly,x' >>remarks.csv
bare toll excess remarks.csv
refuses "and rows are still counted from the file's first line" 'remarks.csv: row 27, column "DTotal"'

# Numbers: 94,100 is one, 94.100 may be two.
sed 's/,\([0-9]*\)\([0-9][0-9][0-9]\)$/,"\1,\2"/' iran.csv >comma.csv
bare toll excess comma.csv
says "commas may group digits" '58,092'
sed 's/,\([0-9]*\)\([0-9][0-9][0-9]\)$/,\1.\2/' iran.csv >points.csv
bare toll excess points.csv
refuses "points may not, alone" '"104.609" may be 104609 or a number with decimals'
sed 's/104609/-104609/' iran.csv >minus.csv
bare toll excess minus.csv
refuses "no deaths below nothing" '"-104609" is no number of deaths'
sed '5s/quarterly.*,/monthly,/' iran.csv >units.csv
bare toll excess units.csv
refuses "one unit in a file" 'row 5: "monthly", rows before it count quarters; --where picks'
sed '5s/2015/1394/' iran.csv >years.csv
bare toll excess years.csv
refuses "one calendar in a file" 'row 5: year 1394 among Gregorian years'
bare toll excess iran.csv --from 2015-Q1
refuses "no baseline after the window" 'has none of it before the first period counted'

# What a reader should mind.
sed 's/131294/41294/' iran.csv >late.csv
bare toll excess late.csv
says "late registrations are suspected" 'last periods (1) lie far below' 'Nothing of this should be quoted'
awk -F, 'NR > 1 { $5 = 90000 } { print }' OFS=, iran.csv >equal.csv
bare toll excess equal.csv --json
if [ "$code" = 0 ] && grep -q 'do not vary at all' out && ! grep -qi 'nan\|inf[,}]' out; then
	ok "deaths that never vary are told"
else
	not_ok "deaths that never vary are told"
fi
bare toll excess iran.csv --baseline-years 2018-2019 --json
if [ "$code" = 0 ] && grep -q '"method":"year-blocks","estimate":[-0-9.e]*,"lower":null,"upper":null' out; then
	ok "an interval withheld is null"
else
	not_ok "an interval withheld is null"
fi

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

# ---- toll mse --------------------------------------------------------------------

# Killings in Kosovo, 1999, on four lists: Ball, Betts, Scheuren, Dudukovich & Asher
# (2002), as in the R package LCMCR.
cat >kosovo.csv <<'X'
EXH,ABA,OSCE,HRW,Freq
1,0,0,0,1131
0,1,0,0,845
1,1,0,0,177
0,0,1,0,936
1,0,1,0,228
0,1,1,0,217
1,1,1,0,181
0,0,0,1,306
1,0,0,1,106
0,1,0,1,31
1,1,0,1,18
0,0,1,1,123
1,0,1,1,42
0,1,1,1,32
1,1,1,1,27
X
exact='--method loglinear,stepwise,graphs'
bare toll mse kosovo.csv $exact --replicates 200 --json -o kosovo
if [ "$code" = 0 ] && grep -q '"n":4400,"lists":\["EXH","ABA","OSCE","HRW"\]' out \
	&& grep -q '"method":"chao",[^}]*"estimate":8796\.50' out \
	&& grep -q '"method":"loglinear",[^}]*"estimate":10356\.51' out \
	&& grep -q '"method":"graphs",[^}]*"estimate":12749\.3' out \
	&& grep -q '"level":0.95,"withheld":null' out \
	&& grep -q '"receipt":{"seed":"1","data_sha256":"' out && cmp -s out kosovo/mse.json; then
	ok "mse gives the published figures for Kosovo in its JSON"
else
	not_ok "mse gives the published figures for Kosovo in its JSON"
fi
missing=
for f in mse.json methods.csv sensitivity.csv xi.csv overlap.csv draws.csv intervals.png overlap.png xi.png; do
	[ -s "kosovo/$f" ] || missing="$missing $f"
done
if [ -z "$missing" ]; then ok "tables and charts are written"; else not_ok "not written:$missing"; fi
bare toll mse kosovo.csv $exact --replicates 200
says "a report has the bound, each family, what is assumed, what would change, the receipt" \
	'^At least 7,217 people in all, unless' 'at least (lower bound) *7,584 ' "Chao's formula.* 8,797 " \
	'best by BIC *10,357 ' 'graphs of lists *12,749 ' 'Together: ' \
	'nobody is impossible to list' 'without the list "ABA"' 'no slope\|ξ' 'Receipt: data .*seed 1'

printf 'a,b,c,count\n1,0,0,60\n0,1,0,50\n0,0,1,55\n' >apart.csv
bare toll mse apart.csv --method graphs --json
check "lists that share nobody show their people and no more" \
	sh -c "grep -q '\"at_least\":165,' out && ! grep -q '\"group\":\"bound\"' out"

# A row for each person, other columns in between; rows and columns in another order.
awk -F, 'NR > 1 { for (i = 0; i < $5; i++) print $4 "," $2 ",p" NR "-" i "," $3 "," $1 }' kosovo.csv \
	| sort -r | { echo 'HRW,ABA,person,OSCE,EXH'; cat; } >people.csv
bare toll mse people.csv --method graphs --json
cp out people.json
bare toll mse kosovo.csv --method graphs --json
number() { grep -o '"role":"estimate","estimate":[0-9]*\.[0-9]\{4\}' "$1"; }
if [ -n "$(number out)" ] && [ "$(number out)" = "$(number people.json)" ] && grep -q 'is no list and was left out' people.json; then
	ok "a row for each person, in any order of rows and lists, gives the same"
else
	not_ok "a row for each person, in any order of rows and lists, gives the same"
fi
printf 'a,b,c,count\n1,0,0,60\n0,1,0,50\n0,0,1,55\n1,1,0,20\n1,0,1,22\n0,1,1,18\n1,1,1,9\n' >small.csv
bare toll mse small.csv --method latent --seed 7 --json -o latent
if [ "$code" = 0 ] && grep -q '"method":"latent"' out && [ -s latent/trace.png ] && [ -s latent/ranks.png ] \
	&& grep -q '"rhat":' out; then
	cp out seven
	bare toll mse small.csv --method latent --seed 7 --json
	if cmp -s out seven; then ok "equal seeds give equal results"; else not_ok "equal seeds give equal results"; fi
else
	not_ok "the latent class model is estimated and drawn"
fi

# What may not be said is not printed.
bare toll mse kosovo.csv --lists EXH,ABA --method loglinear,graphs
says "of two lists only the bound is said" 'withheld: fewer than three lists share' 'No number of people in all can be said'
printf 'a,b,c,d,count\n1,0,0,0,30\n0,1,0,0,30\n1,1,0,0,10\n0,0,1,0,20\n1,0,1,0,9\n0,0,0,1,15\n' >lone.csv
bare toll mse lone.csv --method loglinear --replicates 100
says "a list that shares nobody is named" 'the list "d" shares nobody with any other'

# Strata.
{ echo 'region,a,b,c,count'
	for s in north south; do
		printf "$s,%s\n" 1,0,0,60 0,1,0,50 0,0,1,55 1,1,0,20 1,0,1,22 0,1,1,18 1,1,1,9
	done; } >strata.csv
bare toll mse strata.csv --strata region --method loglinear,graphs --replicates 200
says "strata are reckoned apart and added up" 'in 2 strata' '^north' '^south' '468 people'

bare toll mse iran.csv
refuses "a table without lists is refused" 'other numbers than 0 and 1; --count'
printf 'a,b,count\n1,0,3\n0,0,4\n' >zero.csv
bare toll mse zero.csv
refuses "people on no list are refused with their row" 'row 3: on no list'
printf 'a,b,count\n1,0,3\n1,2,4\n' >two.csv
bare toll mse two.csv
refuses "a 2 is neither 0 nor 1" 'column "b" has other numbers'
printf 'a,b,count\n1,0,some\n' >word.csv
bare toll mse word.csv
refuses "a word for a count is refused" 'row 2, column "count": "some"; a whole number'
bare toll mse kosovo.csv --method crystal
refuses "an unknown method is refused" 'latent, graphs, loglinear'
bare toll mse kosovo.csv --lists EXH,XYZ
refuses "an unknown list is refused" 'no column "XYZ"'

# Linkages drawn by match: in the interval, not added to the people.
{ echo 'linkage,a,b,c,count'
	for l in 0 1 2 3; do
		printf '%s,1,0,0,%s\n%s,0,1,0,310\n%s,0,0,1,290\n' $l $((300 + 20 * l)) $l $l
		printf '%s,1,1,0,60\n%s,1,0,1,%s\n%s,0,1,1,61\n%s,1,1,1,12\n' $l $l $((58 - 3 * l)) $l $l
	done; } >drawn.csv
bare toll mse drawn.csv --method loglinear,graphs --replicates 100 --json
if [ "$code" = 0 ] && grep -q '"n":1091,' out && grep -q '"linkages"' out \
	&& grep -q '3 linkages as likely as this one: 1,108 to 1,142 people' out; then
	ok "linkages drawn widen an estimate and add nobody"
else
	not_ok "linkages drawn widen an estimate and add nobody"
fi
grep -v '^2,' drawn.csv >gap.csv
bare toll mse gap.csv
refuses "a linkage that is missing is refused" 'no row of linkage 2, though there are 3'
sed 's/^3,/x,/' drawn.csv >odd.csv
bare toll mse odd.csv
refuses "a linkage is a number" 'column "linkage": "x"'

# Lists of people: linked first, in whatever order they are named.
awk 'BEGIN { srand(3); n = split("Kerim Babak Leyla Nergiz Yusif Zahra Samir Reza Javad Maryam", g, " ")
	for (l = 1; l <= 3; l++) print "given name,family name,birth date,city" >"p" l ".csv"
	for (i = 0; i < 240; i++) for (l = 1; l <= 3; l++) if (rand() < 0.4)
		printf "%s,%s%sov,19%02d-%02d-%02d,Tabriz\n", g[i % n + 1], substr("BDFGHKLMNPRST", i % 13 + 1, 1),
			substr("adarelimoru", i % 9 + 1, 3), 50 + i % 37, i % 12 + 1, i % 28 + 1 >"p" l ".csv" }'
bare toll mse p1.csv p2.csv p3.csv --method loglinear,graphs --replicates 100 --linkages 5
says "lists of people are linked, and what is unsure of that is told" 'on 3 lists, linked as by' \
	'who is who uncertain too: 5 linkages' '5 linkages as likely as this one'
bare toll mse p1.csv p2.csv p3.csv --method chao --json
cp out first.json
bare toll mse --lists p3.csv p2.csv p1.csv --method chao --json
if [ "$code" = 0 ] && cmp -s out first.json; then
	ok "--lists A.csv B.csv means the same, in any order"
else
	not_ok "--lists A.csv B.csv means the same, in any order"
fi
bare toll mse p1.csv p2.csv --strata city
refuses "strata of lists of people are refused" 'columns of one table of counts'

# Sizes at the ends: three people, a count of 10^9, 34 lists, lists with nobody.
printf 'a,b,c\n1,0,0\n1,1,0\n0,1,1\n' >tiny.csv
bare toll mse tiny.csv --method loglinear,graphs,stepwise --replicates 100 --json
if [ "$code" = 0 ] && ! grep -qi ':-*nan\|:-*inf' out && grep -q '"span":{"methods":0,' out \
	&& grep -q 'fewer than seven people' out; then
	ok "of three people nothing is said but the bound"
else
	not_ok "of three people nothing is said but the bound"
fi
printf 'a,b,c,count\n1,0,0,1000000000\n0,1,0,800000000\n0,0,1,700000000\n1,1,0,90000000\n1,0,1,80000000\n0,1,1,70000000\n1,1,1,10000000\n' >huge.csv
bare toll mse huge.csv --method loglinear --replicates 100 --json
if [ "$code" = 0 ] && ! grep -qi ':-*nan\|:-*inf' out; then ok "10^9 people are answered"; else not_ok "10^9 people are answered"; fi
awk 'BEGIN { for (i = 1; i <= 34; i++) printf "l%d,", i; print "count"
	for (r = 0; r < 60; r++) { for (i = 1; i <= 34; i++) printf "%d,", (i == r % 34 + 1 || i == (r * 7) % 33 + 1); print r % 5 + 1 } }' >wide.csv
bare toll mse wide.csv --method graphs,loglinear --json
if [ "$code" = 0 ] && grep -q '"method":"graphs",[^}]*"withheld":"' out; then
	ok "34 lists: what cannot be done says so"
else
	not_ok "34 lists: what cannot be done says so"
fi

# Interrupted in the midst: not zero, and nothing half-written.
for signal in INT TERM; do
	code=0
	timeout -s $signal --preserve-status 1 "$HABEAS" toll mse huge.csv --method latent -o cut \
		>out 2>err || code=$?
	if [ "$code" -ge 128 ] && [ ! -s out ] && [ -z "$(ls -A cut 2>/dev/null)" ]; then
		ok "SIG$signal in the midst leaves nothing behind"
	else
		not_ok "SIG$signal in the midst leaves nothing behind"
	fi
done
finish
