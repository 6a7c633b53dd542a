#!/bin/sh
# People look at pairs: the queue, answers from a pipe, taking back, two officers,
# contradictions, a kill between answers, samples and what they tell.
. "$(dirname "$0")/lib.sh"
: "${GENERATE:?}"

SECOND='second passphrase' THIRD='third passphrase'
# answer PASSPHRASE LINES OPTIONS…: review with these lines on standard input.
answer() {
	_pass=$1 _lines=$2
	shift 2
	code=0
	printf "$_lines" | "$HABEAS" review a.habeas "$@" --passphrase-fd 3 >"$work/out" \
		2>"$work/err" 3<<P || code=$?
$_pass
P
}
field() { python3 -c 'import csv, sys
for row in csv.DictReader(open(sys.argv[1], encoding="utf-8", newline="")): print(row[sys.argv[2]])' out "$1"; }
persons() { h list a.habeas --count; sed -n 's/^\([0-9]*\) persons.*/\1/p' out; }
judgements() { h review a.habeas --mine --csv; field left | wc -l; }

new_register a
as "$PASS
$SECOND" officer add a.habeas Babek --role reviewer
as "$PASS
$THIRD" officer add a.habeas Cavid --role documenter
expect "before a run it says what to do" 2 'habeas link' review a.habeas --list
"$GENERATE" --people 3000 --seed 3 --style demo -o lists >/dev/null
must import a.habeas lists/birlik.csv --list Birlik --as-of 2020-03-20 --basis family --commit
must import a.habeas lists/nesim.csv --list Nesim --as-of 2020-03-20 --basis family --commit
must import a.habeas lists/registry.xlsx --list Araz --as-of 2020-03-20 --basis family --commit
must link a.habeas
as "$THIRD" review a.habeas --list
check "a documenter may not" was 2 'role documenter may not'

# The queue.
expect "the queue as a table, with the zones" 0 'surely one person: [0-9]+ pairs' review a.habeas --list
h review a.habeas --csv
cp out queue.csv
field effect >effects
check "the queue is not empty" test -s effects
check "by effect, the greatest first" sort -c -r -g effects
h review a.habeas --json
check "as JSON" python3 -c 'import json; q = json.load(open("out")); assert q["of"] == len(q["pairs"]) and q["reviewers"] == 1 and q["pairs"][0]["left"]["record"]'
h review a.habeas --list --limit 2
check "a limit" sh -c 'grep -q "^2 of [0-9]* pairs" out'

# Between two persons, so that an answer moves the count.
python3 - <<'P' >between
import csv
rows = list(csv.DictReader(open('queue.csv', encoding='utf-8', newline='')))
print(next(i for i, r in enumerate(rows) if r['joined'] == 'no'))
P
skip=$(cat between)
skips=$(i=0; while [ $i -lt "$skip" ]; do printf 'k\\n'; i=$((i + 1)); done)
before=$(persons)
answer "$PASS" "${skips}s names eyni ata adı\nq\n"
check "an answer from a pipe is recorded" was 0 'Recorded: [0-9a-f]{16}'
id=$(sed -n 's/.*Recorded: \([0-9a-f]*\).*/\1/p' out)
check "and there is one person less" test "$(persons)" = $((before - 1))
expect "with ground, words, zone and run" 0 'eyni ata adı' show a.habeas "$id"
check "all of them" sh -c 'grep -q "ground: the names" out && grep -q "zone: in doubt" out && grep -q "run: " out'
expect "taken back by its id" 0 'Taken back' review a.habeas --undo "$id"
check "it counts no more" test "$(persons)" = "$before"
expect "not twice" 1 'already' review a.habeas --undo "$id"
answer "$PASS" "${skips}s\n2 the same father\nb\nn names\nq\n"
check "back takes the last answer back and asks again" was 0 '2 answers recorded, 1 taken back'
check "what was said last holds" test "$(persons)" = "$before"
answer "$PASS" 'x\n\nu\n\nq\n'
check "what is no answer is asked again; Enter is a reason" was 0 '1 answers recorded'
answer "$PASS" ''
check "the end of input ends it" was 0 '0 answers recorded'
answer "$PASS" 's'
check "an answer that breaks off is none" was 1 'broke off'
printf 's \377\376\n' >bytes
code=0
"$HABEAS" review a.habeas --passphrase-fd 3 <bytes >out 2>err 3<<P || code=$?
$PASS
P
check "bytes that are no text are no answer" was 0 '0 answers recorded'

# Side by side in other languages and widths.
answer "$PASS" 'q\n' --lang fa
check "in Persian" was 0 'نام خانوادگی'
answer "$PASS" 'q\n' --lang az
check "in Azerbaijani" was 0 'Soyad'
check "what runs from right to left is isolated" sh -c "printf '\342\201\250' >fsi; grep -qF -f fsi out"
check "and the two side by side are no wider than 80" python3 -c '
import unicodedata
heads, rows = open("out", encoding="utf-8").read().strip().split("\n\n")[:2]
for line in (heads + "\n" + rows).split("\n"):
    w = sum(0 if unicodedata.category(c) in ("Mn", "Cf") else 1 for c in line)
    assert w <= 80, (w, line)'

# A contradiction is refused in one line, and the review goes on.
h review a.habeas --list --json
python3 - <<'P' >three
import json
q = json.load(open('out'))
print(q['pairs'][0]['left']['record'], q['pairs'][0]['right']['record'])
P
read -r L R <three
third=$(tail -1 queue.csv | cut -d, -f8)
must judge a.habeas "$L" "$third" same
must judge a.habeas "$R" "$third" not-same
expect "judge refuses what contradicts others" 2 'contradicts the judgements' judge a.habeas "$L" "$R" same
must judge a.habeas "$L" "$third" unsure
must judge a.habeas "$R" "$third" unsure

# Killed between answers: what was recorded stands.
n=$(judgements)
mkfifo in
(
	"$HABEAS" review a.habeas --passphrase-fd 3 <in >killed 2>&1 3<<P &
$PASS
P
	echo $! >pid
	wait $!
) 2>/dev/null &
exec 4>in
printf 'u little\nu little\n' >&4
i=0
while [ "$(grep -c Recorded killed)" != 2 ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
as "$SECOND" review a.habeas --list
check "others read while one thinks" was 0
must add a.habeas task what=waiting
check "and write" was 0
printf 'u little\n' >&4
i=0
while [ "$(grep -c Recorded killed)" != 3 ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
kill -9 "$(cat pid)"
exec 4>&-
wait
check "killed between answers: all stand" test "$(judgements)" = $((n + 3))
expect "and the register verifies" 0 '' verify a.habeas

# Two officers.
as "$SECOND" review a.habeas --reviewers 2
check "only an administrator sets the rule" was 2 'may not be written by a reviewer'
expect "two must agree" 0 'two officers agree' review a.habeas --reviewers 2
before=$(persons)
h review a.habeas --csv
python3 - <<'P' >between
import csv
rows = list(csv.DictReader(open('out', encoding='utf-8', newline='')))
i, r = next((i, r) for i, r in enumerate(rows) if r['joined'] == 'no' and r['state'] == 'open')
print(i, r['left'], r['right'])
P
read -r skip L R <between
skips=$(i=0; while [ $i -lt "$skip" ]; do printf 'k\\n'; i=$((i + 1)); done)
answer "$PASS" "${skips}s names\nq\n"
check "one is heard and does not count" test "$(persons)" = "$before"
h review a.habeas --second --csv
check "one's own word waits for others" sh -c "! grep -q '$L.*$R' out"
as "$SECOND" review a.habeas --second --csv
check "the second officer sees that it waits" grep -q "awaits,,$L.*$R" out
cp out waits
at=$(python3 -c 'import csv, sys
print([r["left"] + r["right"] for r in csv.DictReader(open("waits", encoding="utf-8", newline=""))].index(sys.argv[1]))' "$L$R")
skips=$(i=0; while [ $i -lt "$at" ]; do printf 'k\\n'; i=$((i + 1)); done)
answer "$SECOND" "${skips}s names\nq\n" --second
check "without what the first one said" sh -c '! grep -qi "you said\|the same person" out'
check "two agree: it counts" test "$(persons)" = $((before - 1))
as "$SECOND" review a.habeas --mine --csv
check "and is among one's own" grep -q "settled,same,$L.*$R" out
h rebuild a.habeas
first=$(cat out)
h list a.habeas --count
h rebuild a.habeas
check "a rebuilt index says the same" test "$(cat out)" = "$first"
must review a.habeas --reviewers 1

# Random samples.
expect "no figure without a sample" 1 'no sample was drawn yet' review a.habeas --estimate
answer "$PASS" 'q\n' --sample 16 --seed spring
check "a sample is drawn, the seed printed" was 0 'seed spring'
check "blind: no probability, no zone" sh -c '! grep -qE "probability|expected effect|P-[0-9]" out'
n=$(records a.habeas)
answer "$PASS" 'q\n' --sample 16 --seed spring
check "the same again writes nothing" test "$(records a.habeas)" = "$n"
expect "too few judged: withheld, with the reason" 0 'precision.*withheld: fewer than ten' review a.habeas --estimate
cat >sampler.py <<'P'
# Says "same" to every pair; skips where that contradicts what was said before.
import os, subprocess, sys
r, w = os.pipe()
os.write(w, (sys.argv[1] + '\n').encode())
os.close(w)
p = subprocess.Popen([os.environ['HABEAS'], 'review', 'a.habeas', '--sample', '40', '--zone', 'grey',
    '--seed', 'spring', '--passphrase-fd', str(r)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    pass_fds=[r])
seen = b''
while c := p.stdout.read(1):
    seen += c
    sys.stdout.buffer.write(c)
    if seen.endswith(b'[q] quit: '):
        p.stdin.write(b'k\n' if b'contradicts' in seen else b's names\n')
        p.stdin.flush()
        seen = b''
sys.exit(p.wait())
P
code=0
python3 sampler.py "$PASS" >out 2>err || code=$?
check "it grows by another zone's size, and is answered" was 0 'answers recorded'
h review a.habeas --estimate
check "precision with its interval" was 0 'precision of the run.s links: [0-9.]+ % \(95 % interval'
check "and what it cannot see" grep -q 'cannot see pairs that the run never compared' out
h review a.habeas --estimate --json
check "as JSON" python3 -c 'import json; x = json.load(open("out")); p = x["precision"]; assert x["seed"] == "spring" and 0 <= p["low"] <= p["estimate"] <= p["high"] <= 1'
expect "a sample of nothing" 2 '1 to 5000' review a.habeas --sample 0
expect "a zone that is none" 2 'sure, grey, not or all' review a.habeas --zone blue
expect "the register verifies" 0 '' verify a.habeas
finish
