#!/bin/sh
# ./demo, smaller: three organisations, one letter, a verification that fails when a
# byte is changed.  With the programs built here (HABEAS, GENERATE), not another build.
. "$(dirname "$0")/lib.sh"
: "${SOURCE:?}" "${GENERATE:?}"

# The demo builds into build/release; here it finds there what was built already.
mkdir -p tree/build/release/src tree/build/release/tools/generate tree/tools tree/bin
for f in "$(dirname "$HABEAS")"/habeas*; do [ ! -f "$f" ] || ln -s "$f" tree/build/release/src/; done
rm -f tree/build/release/src/habeas
cp "$HABEAS" "$(dirname "$HABEAS")/habeas-sheet" "$(dirname "$HABEAS")/habeas-typeset" \
	tree/build/release/src/ 2>/dev/null
ln -s "$GENERATE" tree/build/release/tools/generate/habeas-generate
cp -r "$SOURCE/docs" tree/
cp "$SOURCE/demo" tree/
cp "$SOURCE/tools/"*.sh tree/tools/
printf '#!/bin/sh\nexit 0\n' >tree/bin/ninja
printf '#!/bin/sh\nexit 0\n' >tree/tools/need.sh
chmod +x tree/bin/ninja
code=0
PATH="$work/tree/bin:$PATH" sh tree/demo --no-serve --out "$work/d" --people 150 >out 2>err || code=$?
cp out demo.txt
if [ "$code" = 0 ]; then ok "the demo goes through"; else
	not_ok "the demo goes through (exit $code)"; tail -5 out; finish; fi
for l in en fa az; do
	check "letter.$l.pdf is a PDF" sh -c "head -c 5 d/letter.$l.pdf | grep -q %PDF-"
	bare verify "d/letter.$l.pdf" --trust d/trust
	check "letter.$l.pdf verifies with the trust file" was 0
	bare verify "d/letter.$l.pdf"
	check "letter.$l.pdf is not verified without" was 1 'NOT CONFIRMED'
done
bare verify d/tampered/letter.en.pdf --trust d/trust
check "the tampered one is refused" sh -c "[ $code = 1 ] || [ $code = 2 ]"
f1=$(sed -n 's/.*cluster F1 \([0-9.]*\).*/\1/p' demo.txt)
check "cluster F1 is at least 0.95 ($f1)" awk "BEGIN { exit !(${f1:-0} >= 0.95) }"
truth=$(sed -n 's/^The truth that the generator knows: \([0-9]*\) held, .*/\1/p' demo.txt)
# 150 people are few: what may be said of them has to hold the truth, or be withheld.
span=$(sed -n 's/^Together: \([0-9,]*\) to \([0-9,]*\), .*/\1 \2/p' demo.txt | tr -d ,)
check "the estimate ($span) holds the truth ($truth), or is withheld" sh -c \
	"grep -q '^No number of people in all' demo.txt || { set -- $span; [ \$# = 2 ] && [ \$1 -le ${truth:-0} ] && [ ${truth:-0} -le \$2 ]; }"
# Every byte that is added, lost or changed is seen.
head -c -1 d/letter.en.pdf >short.pdf
{ cat d/letter.en.pdf; printf ' '; } >long.pdf
size=$(wc -c <d/letter.en.pdf)
missed='' at=0
while [ "$at" -lt "$size" ]; do
	cp d/letter.en.pdf flip.pdf
	old=$(od -An -tu1 -j "$at" -N 1 flip.pdf | tr -d ' ')
	printf "\\$(printf %o $((old ^ 1)))" | dd of=flip.pdf bs=1 seek="$at" conv=notrunc 2>/dev/null
	bare verify flip.pdf --trust d/trust
	[ "$code" = 1 ] || [ "$code" = 2 ] || missed="$missed $at:$code"
	at=$((at + size / 25 + 1))
done
for f in short long; do
	bare verify $f.pdf --trust d/trust
	[ "$code" = 1 ] || [ "$code" = 2 ] || missed="$missed $f:$code"
done
if [ -z "$missed" ]; then ok "a byte changed, added or cut is seen"; else not_ok "a change was not seen:$missed"; fi
finish
