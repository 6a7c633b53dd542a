#!/bin/sh
# One line more in kinds.txt, and nothing else: the field is in imports, lists,
# dossiers, search, editing, JSON, annexes and forms.  FIELD is a program that was
# built from the same sources and that file.
. "$(dirname "$0")/lib.sh"
# Helpers lie beside the program that runs them.
mkdir bin
cp "$FIELD" bin/habeas
cp "$(dirname "$HABEAS")/habeas-sheet" "$(dirname "$HABEAS")/habeas-typeset" bin/
HABEAS=$work/bin/habeas

new_register a
cat >list.csv <<'X'
Given name,Family name,Qan qrupu,Arrest date,Prison
Aydın,Səmədov,AB mənfi,2019-07-08,Evin
Leyla,Quliyeva,0 müsbət,2019-07-09,Evin
X
expect "a list's column is understood by its words" 0 '"Qan qrupu" → Blood group' \
	import a.habeas list.csv --list L --as-of 2020-01-01 --commit
printf 'نام,نام خانوادگی,گروه خون\nعلی,رضایی,آ مثبت\n' >fa.csv
expect "in Persian too" 0 '→ Blood group' import a.habeas fa.csv --list F --as-of 2020-01-01 --commit
expect "list has its column" 0 'Blood group.*' list a.habeas
check "with what it says" grep -q 'AB mənfi' out
expect "named in Persian when asked" 0 'گروه خون' list a.habeas --lang fa
h list a.habeas --csv
cp out bulk.csv
check "the exported list has it" sh -c 'head -1 bulk.csv | grep -q ",blood" && grep -q "AB mənfi" bulk.csv'
h list a.habeas --json
check "JSON has it" sh -c 'grep -q "\"blood\"" out && grep -q "AB mənfi" out'
expect "it is searched" 0 'Səmədov' search a.habeas "AB mənfi"
check "and only who has it is found" sh -c '! grep -q Quliyeva out'
person=$(sed -n 's/^\(P-[0-9]*\) .*/\1/p' out | head -1)
expect "a dossier shows it" 0 'Blood group +AB mənfi +L v1, row 2' show a.habeas "$person"
expect "and in JSON" 0 'blood' show a.habeas "$person" --json
expect "a person is added with it" 0 '' add a.habeas person family=Yeni given=Biri blood="B müsbət"
id=$(head -1 out)
expect "it is amended" 0 '' amend a.habeas "$id" blood="B mənfi"
expect "which shows" 0 'B mənfi' list a.habeas
sed -i 's/0 müsbət/0 mənfi/' bulk.csv
expect "it is edited in bulk" 0 'Written: 1 record' import a.habeas bulk.csv --commit
expect "and stands" 0 '0 mənfi' list a.habeas
one=$(h rebuild a.habeas; cat out)
expect "the index built anew has it" 0 "$one" rebuild a.habeas
expect "it is proven" 0 '' prove a.habeas "$id" --disclose blood
expect "the register verifies" 0 '' verify a.habeas

# A letter's annex with that column; public, and of a person who consents.
h search a.habeas "AB mənfi"
person=$(sed -n 's/^\(P-[0-9]*\) .*/\1/p' out | head -1)
must add a.habeas consent person="$person" purpose=letter basis=family as=name
bare letter new l
if [ "$code" != 0 ] || [ ! -f l/head.ini ]; then skip "annex: no letter to begin with"; finish; fi
key=$(sed -n 2p a.root)
cat >l/head.ini <<X
name = blood
date = 2020-03-27
authentic = en
title.en = A letter
place.en = Geneva
letterhead.en = Org a
addressee.en = To whom it may concern

[party 1]
root = $key
name.en = Org a

[annex 1]
title.en = Names
query = event=arrest
columns = name, blood
purpose = letter
X
rm -f l/text.*
printf '# A letter\n\nText.\n' >l/text.en.md
bare letter check l
check "a letter may ask for it in an annex" was 0
expect "a letter's annex takes it" 0 '' letter propose a.habeas l -o l.bundle
expect "and freezes it" 0 '' letter adopt a.habeas blood -o l.adoption
mkdir -p pdf
expect "the letter is rendered" 0 '' letter render a.habeas blood -o pdf
check "with the column's name and the value" sh -c 'grep -q "Blood group" pdf/letter.en.html && grep -q "AB mənfi" pdf/letter.en.html'
finish
