#!/bin/sh
# How many were held on a day, from a register's linked persons: the counts are those of
# a file, the answer is kept as a record and never shown as one number.
. "$(dirname "$0")/lib.sh"
: "${GENERATE:?}"

new_register a
"$GENERATE" --people 400 --seed 20200327 --style demo -o lists >/dev/null
for f in birlik.csv:Birlik nesim.csv:Nesim registry.xlsx:Araz; do
	must import a.habeas "lists/${f%:*}" --list "${f#*:}" --as-of 2020-03-20 --commit
done
exact='--method loglinear,stepwise,graphs --replicates 200'
expect "nobody is counted before who is who was said" 2 'habeas link' \
	toll mse a.habeas --held-on 2020-03-27 $exact
must link a.habeas

# --- the question -------------------------------------------------------------------
expect "a question without a day is refused" 2 'come and go' toll mse a.habeas
expect "so is an event without its window" 2 '--to DAY' toll mse a.habeas --event death --from 2019-01-01
expect "and a month for a day" 2 'one day would be right' toll mse a.habeas --held-on 2020-03
expect "and a day that has not come" 2 'has not come yet' toll mse a.habeas --held-on 2199-01-01
expect "and a window from its end" 2 'ends before it begins' \
	toll mse a.habeas --event death --from 2020-01-01 --to 2019-01-01
expect "a Solar Hijri day in Persian digits is that day" 0 'held on 8 Farvardin 1399|27 March 2020' \
	toll mse a.habeas --held-on ۱۳۹۹/۰۱/۰۸ --method chao --linkages 0
expect "whom no list has cannot be confirmed" 2 'confirmed=' \
	toll mse a.habeas confirmed=yes --held-on 2020-03-27
expect "strata are of files" 2 'is for files' toll mse a.habeas --held-on 2020-03-27 --strata x
printf 'A,B,C,n\n1,1,0,1\n' >f.csv
expect "and a day is of registers" 2 'not a register' toll mse f.csv --held-on 2020-03-27

# --- the answer -----------------------------------------------------------------------
expect "a report names the question, the families, what is assumed" 0 'held on 27 March 2020' \
	toll mse a.habeas --held-on 2020-03-27 $exact --out mse --commit
check "and how sure it is who is who" grep -q '20 linkages as likely as this one' out
check "with intervals" grep -qE 'graphs of lists +[0-9]+ +[0-9]+ to [0-9]+' out
check "and what disagrees" grep -q 'of whom another list says something else' out
id=$(sed -n 's/.*as record \([0-9a-f]*\)$/\1/p' out)
h toll mse a.habeas --held-on 2020-03-27 $exact --json
cp out register.json
field() { grep -o "\"$2\":[^,}]*" "$1" | head -1; }

# What the record says can be reckoned again from its counts alone.
h show a.habeas "$id"
cp out shown
sed -n '/^  counts: /,/^$/p' shown | sed 's/^  counts: //; /^$/d' >counts.csv
hash=$(sed -n 's/^  hash: //p' shown)
check "the record holds the counts that its hash is of" \
	test "$(sha256sum counts.csv | cut -d' ' -f1)" = "$hash"
bare toll mse counts.csv $exact --json
check "a file of these counts has the same receipt" \
	test "$(field out data_sha256)" = "$(field register.json data_sha256)"
check "and the same answers" test "$(grep -o '"methods":.*"sensitivity"' out | cut -c1-3000)" = \
	"$(grep -o '"methods":.*"sensitivity"' register.json | cut -c1-3000)"
cat >expected.py <<'P'
import json
j = json.load(open('register.json'))
def words(m):
    if m['withheld']:
        return None
    return '%s %d %d %d said' % (m['method'], *(int(m[k] + 0.5) for k in ('estimate', 'lower', 'upper')))
shown = open('shown').read()
for m in j['methods']:
    assert words(m) is None or words(m) in shown, (words(m), m)
assert 'listed: %d\n' % j['n'] in shown
# What is said of all together holds the linkages drawn, too.
said = {m['method'] for m in j['methods'] if not m['withheld'] and m['role'] == 'estimate'}
rows = [m for m in j['methods'] if m['method'] in said]
drawn = [r for r in j['sensitivity'] if r['group'] == 'linkages' and r['method'] in said]
assert {r['method'] for r in drawn} == said, drawn
for end, of in (('lower', min), ('upper', max)):
    assert abs(j['span'][end] - of(r[end] for r in rows + drawn)) < 1e-6, (end, j['span'])
for r in drawn:
    m = next(m for m in rows if m['method'] == r['method'])
    if r['method'] != 'graphs':
        assert r['lower'] <= m['lower'] and r['upper'] >= m['upper'], (r, m)
P
check "the record says what the report said" python3 expected.py
check "show gives all of it, with what is assumed" sh -c "grep -q 'nobody is impossible to list' shown \
	&& grep -qE 'lower bound\\) +[0-9]+ +[0-9]+ to [0-9]+' shown && grep -q 'Receipt: data' shown"
expect "estimates are listed with their ends, not their middle" 0 "$id  held on 27 March 2020 +[0-9]+ +[0-9]+ to [0-9]+" \
	toll list a.habeas
expect "for programs too" 0 "\"id\":\"$id\",\"question\":\"status=held on=2020-03-27\",\"n\":[0-9]+,\"said\":[1-9]" \
	toll list a.habeas --json
expect "in Persian" 0 'در بازداشت در' toll list a.habeas --lang fa
# --- for a letter -----------------------------------------------------------------------
expect "what some methods say is not for a letter" 2 'without --method' toll text a.habeas "$id"
must toll mse a.habeas --held-on 2020-03-27 --replicates 200 --commit
some=$id
id=$(sed -n 's/.*as record \([0-9a-f]*\)$/\1/p' out)
expect "a letter's text has both ends and what is assumed" 0 \
	'between [0-9]+ and [0-9]+: from the lowest to the highest end of the 95 % intervals' toll text a.habeas "$id"
check "and each method with its interval" grep -qE '^- [0-9]+ \([0-9]+ to [0-9]+\): average over graphs of lists$' out
check "and the assumptions" grep -q 'nobody is impossible to list' out
check "and no list by its name" sh -c '! grep -qE "Araz|Birlik|Nesim" out'
expect "in Persian too" 0 'در هیچ فهرستی نیستند' toll text a.habeas "$id" --lang fa
expect "in Azerbaijani too" 0 'Heç bir siyahıda olmayanlarla' toll text a.habeas "$id" --lang az
expect "of two lists no total is kept" 0 'withheld: fewer than three lists' \
	toll mse a.habeas --held-on 2020-03-27 --lists birlik,NESIM $exact --commit
two=$(sed -n 's/.*as record \([0-9a-f]*\)$/\1/p' out)
expect "and there is no sentence for a letter" 1 'every estimate is withheld' toll text a.habeas "$two"
h show a.habeas "$two"
check "the record has no number that was withheld" sh -c "grep -q 'graphs - - - few-lists' out && grep -q 'said: 0' out"
expect "a person is no estimate" 2 '' toll text a.habeas P-1

# --- quoted in one ------------------------------------------------------------------------
letter() {  # id and what else of it
	mkdir -p l
	cat >l/head.ini <<-I
	name = $1
	date = 2020-03-27
	authentic = en
	title.en = A letter
	title.az = Məktub
	title.fa = نامه
	addressee.en = The office
	letterhead.en = Org a
	[party 1]
	root = $(sed -n 2p a.root)
	name.en = Org a
	I
	for lang in en az fa; do
		printf 'Excellency,\n\n1. So: {{estimate %s%s}}\n\n{{ estimate  %s section }}\n' "$2" "${3-}" "$2" >l/text.$lang.md
	done
}
letter numbers "$id"
bare letter check l
check "a letter may quote an estimate" was 0
expect "it is written out when it is proposed" 0 '' letter propose a.habeas l -o l.bundle
h letter show a.habeas numbers
check "with its interval" grep -qE 'between [0-9]+ and [0-9]+' out
must letter adopt a.habeas numbers -o l.adoption
must letter render a.habeas numbers -o pdf
check "the page has the sentence, all methods and the receipt" sh -c "
	grep -qE 'between .* and .*: from the lowest to the highest end' pdf/letter.en.html &&
	grep -q 'average over graphs of lists' pdf/letter.en.html && grep -q 'of the counts' pdf/letter.en.html"
check "in Persian and its digits" grep -qE '(۱|۲|۳|۴|۵|۶|۷|۸|۹).*: میانگین گراف‌های فهرست‌ها' pdf/letter.fa.html
check "in Azerbaijani" grep -q 'siyahı qraflarının ortası' pdf/letter.az.html
check "no braces are left" sh -c '! grep -q "{{" pdf/*.html'
must trust a.habeas
cp out trust
bare verify pdf/letter.az.pdf --trust trust
check "who adopted it adopted the numbers" was 0
sed -i 's/text az: ./text az: x/' pdf/letter.az.pdf
bare verify pdf/letter.az.pdf --trust trust
check "and a changed byte shows" sh -c "[ $code != 0 ]"
printf 'Excellency,\n\n1. None.\n' >l/text.fa.md
bare letter check l
check "no language leaves a number out" was 2 'not the estimates'
letter withheld "$two"
expect "what is withheld cannot be quoted" 2 'text.en.md: line 3: .*every estimate is withheld' letter propose a.habeas l -o w.bundle
check "and nothing is written" sh -c '! [ -e w.bundle ]'
letter bound "$two" " least"
expect "how many at least may be" 0 '' letter propose a.habeas l -o w.bundle
h letter show a.habeas bound
check "without a number of people in all" sh -c '! grep -qE "between [0-9]" out && grep -q "are on the lists" out'
letter some "$some"
expect "nor what some methods say" 2 'line 3: .*without --method' letter propose a.habeas l -o s.bundle
letter none 0123456789abcdef
expect "nor what is not there" 2 'line 3: ' letter propose a.habeas l -o s.bundle
for bad in '{{' '{{}}' '{{estimate}}' '{{estimate x y}}' '{{ toll 1 }}' 'a {{estimate x section}}' '{{estimate x'; do
	for lang in en az fa; do printf 'E,\n\n%s\n' "$bad" >l/text.$lang.md; done
	bare letter check l
	check "refused with its line: $bad" was 2 'text.en.md: line 3: '
done

expect "an estimate cannot be typed in" 2 '' add a.habeas estimate question=x
as "$PASS
documenter pass
documenter pass" officer add a.habeas Documenter --role documenter
as "documenter pass" toll mse a.habeas --held-on 2020-03-27 $exact --commit
check "a documenter is told beforehand that no estimate may be kept" was 2 'may not be kept by a documenter'
as "documenter pass" toll list a.habeas
check "and reads those that are" was 0 "$id"
h toll mse a.habeas --event death --from 2019-01-01 --to 2020-03-27 $exact
check "few deaths are not made many" sh -c "grep -q withheld out || [ $code = 2 ]"
# Interrupted in the midst: no record, and the register is free for the next.
h log a.habeas
cp out before
code=0
timeout -s TERM --preserve-status 1 "$HABEAS" toll mse a.habeas --held-on 2020-03-27 \
	--method loglinear --replicates 100000 --linkages 1000 --commit --passphrase-fd 3 3<<X >out 2>err || code=$?
$PASS
X
check "a run that is stopped says so" test "$code" -ge 128
h log a.habeas
check "and keeps nothing" cmp out before
expect "the next is kept" 0 'as record' toll mse a.habeas --held-on 2020-03-27 --method chao --commit
expect "the log stands" 0 'all as signed' verify a.habeas
finish
