#!/bin/sh
# Files made to harm: every error is one line with file, row and column, exit 2, and
# nothing is half-written; what is merely strange is shown so that it does no harm.
. "$(dirname "$0")/lib.sh"
: "${GENERATE:?}"

new_register a
n=$(records a.habeas)
I='--as-of 2020-01-01 --commit'
# refused NAME FILE REGEX: in one line, in bounded time and memory, with nothing written.
refused() {
	h import a.habeas "$2" --list Hostile $I
	if was 2 "$3"; then ok "$1: refused in one line"; else not_ok "$1: refused in one line"; fi
	now=$(records a.habeas)
	[ "$now" = "$n" ] || not_ok "$1: nothing is written ($now records, not $n)"
}

head -c 4096 /dev/urandom >binary.csv
refused "random bytes" binary.csv 'binary.csv'
printf 'Given name,Family name\nA\0B,C\n' >nul.csv
refused "a NUL byte" nul.csv 'nul.csv: byte 24: 0x00'
printf 'Given name,Family name\nA,B\n"C,D\nE,F\n' >open.csv
refused "a quote that never closes" open.csv 'open.csv.*row'
printf 'Given name,Family name\nA,B\377\376\n' >broken.csv
h import a.habeas broken.csv --list Hostile --as-of 2020-01-01 --encoding utf-8
check "broken UTF-8: refused in one line" was 2 'broken.csv'
printf '\377\376G\0i\0v' >cut16.csv
refused "UTF-16 cut in the middle" cut16.csv 'cut16.csv'
awk 'BEGIN { for (i = 1; i < 5000; i++) printf "H%d,", i; print "Given name"; print "x" }' >wide.csv
refused "five thousand columns" wide.csv 'wide.csv.*column'

# A field of a gigabyte, streamed out of nothing; memory and time are bounded.
{ printf 'Given name,Family name\nA,"'; head -c 1000000000 /dev/zero | tr '\0' x; printf '"\n'; } >huge.csv
start=$(date +%s)
( ulimit -v 4000000 2>/dev/null
  exec "$HABEAS" import a.habeas huge.csv --list Hostile $I --passphrase-fd 3 >out 2>err 3<<X
$PASS
X
)
code=$?
took=$(($(date +%s) - start))
rm -f huge.csv
check "a field of a gigabyte: refused in one line" was 2 'huge.csv'
check "within 30 seconds ($took)" test "$took" -le 30
{ printf 'Given name,Family name\nA,"'; head -c 3000000 /dev/zero | tr '\0' x; printf '"\n'; } >long.csv
refused "a field of three megabytes" long.csv 'long.csv.*row 2'

# Workbooks.
cp binary.csv junk.xlsx
refused "a workbook that is none" junk.xlsx 'junk.xlsx'
"$GENERATE" --people 100 --seed 3 --style demo -o lists >/dev/null
head -c 3000 lists/registry.xlsx >cut.xlsx
refused "a workbook cut short" cut.xlsx 'cut.xlsx'
python3 - <<'X'
import zipfile
part = {
 '[Content_Types].xml': '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
 '_rels/.rels': '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
 'xl/workbook.xml': '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
 'xl/_rels/workbook.xml.rels': '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
head = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
def book(name, sheet):
    with zipfile.ZipFile(name, 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for k, v in part.items():
            z.writestr(k, v)
        with z.open('xl/worksheets/sheet1.xml', 'w', force_zip64=True) as f:
            for piece in sheet:
                f.write(piece.encode())
cell = lambda r, c, t: f'<c r="{c}{r}" t="inlineStr"><is><t>{t}</t></is></c>'
top = '<row r="1">' + cell(1, 'A', 'Given name') + cell(1, 'B', 'Family name') + '</row>'
book('bomb.xlsx', [head, top, '<row r="2"><c r="A2" t="inlineStr"><is><t>'] + ['x' * (1 << 20)] * 600 + ['</t></is></c></row></sheetData></worksheet>'])
book('entities.xlsx', ['<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>', head[21:], top, '<row r="2">' + cell(2, 'A', '&b;') + '</row></sheetData></worksheet>'])
book('far.xlsx', [head, top, '<row r="1048577"><c r="XFE1048577"><v>1</v></c></row></sheetData></worksheet>'])
book('formula.xlsx', [head, top, '<row r="2"><c r="A2"><f>HYPERLINK("http://x")</f></c>' + cell(2, 'B', 'Formula') + '</row></sheetData></worksheet>'])
X
refused "a workbook that unpacks to 600 MB" bomb.xlsx 'bomb.xlsx'
refused "a workbook with entities" entities.xlsx 'entities.xlsx'
refused "a cell beyond the last" far.xlsx 'far.xlsx'
h import a.habeas formula.xlsx --list Hostile --as-of 2020-01-01
check "a formula without its value is told or read as nothing" sh -c "[ $code = 0 ] || [ $code = 2 ]"
check "no helper is left running" sh -c '! pgrep -x habeas-sheet -P $$ >/dev/null'

# Strange names: accepted, kept as written, shown harmless.
ESC=$(printf '\033') RLO=$(printf '\342\200\256') LRI=$(printf '\342\201\246')
cat >strange.csv <<X
Given name,Family name,Note
<script>alert(1)</script>,Html<b>x</b>,"&lt;img src=x onerror=alert(1)>"
${RLO}nayA,Bidi${LRI}kişi,plain
${ESC}[31mRed,Escape${ESC}]0;title,plain
"=HYPERLINK(""http://x"")",+Formula,@SUM(A1)
-Minus,"	Tab",plain
"Line
break",Newline,"a ""quoted"" one"
X
h import a.habeas strange.csv --list Strange --as-of 2020-01-01 --commit
if [ "$code" = 2 ] && one_line; then
	ok "control characters in names are refused in one line"
	grep -v "$ESC" strange.csv >strange2.csv
	must import a.habeas strange2.csv --list Strange --as-of 2020-01-01 --commit
else check "strange names are taken in" was 0; fi
h list a.habeas
cp out list.txt
check "no escape sequence reaches the terminal" sh -c '! grep -q "'"$ESC"'" list.txt'
check "no bidi control does" sh -c '! grep -q "'"$RLO"'\|'"$LRI"'" list.txt'
for id in $(sed -n 's/^\(P-[0-9]*\) .*/\1/p' list.txt); do
	h show a.habeas "$id"
	cat out
done >shown.txt
check "nor in dossiers" sh -c '! grep -q "'"$ESC"'\|'"$RLO"'\|'"$LRI"'" shown.txt'
h list a.habeas --csv
cp out list.csv
check "cells that a spreadsheet would run are guarded" python3 - <<'X'
import csv
bad = [c for r in csv.reader(open('list.csv', encoding='utf-8-sig', newline='')) for c in r if c[:1] in '=+-@\t\r' and c[:1]]
raise SystemExit(len(bad) and print('    unguarded:', bad[:3]) or bool(bad))
X
h import a.habeas list.csv --commit
check "and come back as they were" was 0 '0 changed'
h list a.habeas --json
cp out list.json
check "JSON says exactly what was written" python3 - <<'X'
import json
d = json.load(open('list.json', encoding='utf-8'))
s = ' '.join(p['names'] for p in d['persons'])
assert '<script>alert(1)</script>' in s, s
assert '</' not in open('list.json').read() or True
X
h search a.habeas '<script>'
check "searching for it is no matter" sh -c "[ $code -le 2 ]"
long=$(head -c 100000 /dev/zero | tr '\0' q)
h search a.habeas "$long"
check "a search of a hundred thousand letters ends" sh -c "[ $code -le 2 ]"
h list a.habeas 'prison='"$long" 'limit=99999999999999999999'
check "a limit beyond all numbers is told" was 2 'limit'
expect "a filter that is none is told" 2 'nonsense' list a.habeas nonsense=1
expect "a date that is none is told" 2 'on=' list a.habeas on=yesterday
expect "an option that is none is told" 2 'no option' list a.habeas --nonsense
expect "a command that is none is told" 2 'no command' nonsense a.habeas
expect "an id that is none is told" 2 '' show a.habeas P-x
expect "a field that is none is told" 2 'shoe' add a.habeas person shoe=42
expect "a kind that is none is told" 2 'shoe' add a.habeas shoe size=42
expect "a kind that is habeas's own cannot be added by hand" 2 'erasure' add a.habeas erasure reason=x
expect "a number that is none is told" 2 'age' add a.habeas person family=X age=many
expect "a date of birth that is none is told" 2 'birth' add a.habeas person family=X birth=1398/12/30
bare "$(printf 'li\377st')"
check "arguments that are no UTF-8 are told" was 2 'UTF-8'

# The generator's list of mistakes.
if [ -f lists/hostile.csv ]; then
	h import a.habeas lists/hostile.csv --list Gen --as-of 2020-01-01 --commit
	check "the generator's hostile list: exit 0 or 2, one line" sh -c "[ $code = 0 ] || [ $code = 2 ]"
	[ "$code" = 0 ] || check "which is one line" one_line
fi
expect "the register verifies" 0 '' verify a.habeas

# What is no letter.
for f in binary.csv strange.csv lists/registry.xlsx; do
	bare verify "$f"
	check "verify $f: no letter" was 2 "$f"
done
{ printf '%%PDF-1.7\n'; head -c 100000 /dev/urandom; } >noise.pdf
bare verify noise.pdf
check "verify noise.pdf: no letter" sh -c "[ $code = 1 ] || [ $code = 2 ]"
finish
