#!/bin/sh
# Erasure, as docs/design.md defines it: with every passphrase and key, decrypt
# whatever still decrypts in all files; the text is nowhere.  UNSEAL (unseal.c) reads
# the files without the program.
. "$(dirname "$0")/lib.sh"
: "${UNSEAL:?the program that opens what can be opened}"

# Marker words: one for every way a person's data comes in.  Nothing else has them.
cat >list.csv <<'X'
No,Given name,Family name,Father,Date of birth,Arrest date,Prison,Identity number,Contact,Note,Unmapped column
1,Zəkülmarka,Qırxbulaqmarka,Atamarka,1971-03-04,2019-05-06,Zindanmarka,NUM-marka,telmarka,notmarka,xanamarka
2,Aydın,Səmədov,Rəşid,1980-01-02,2019-07-08,Evin,AZ-2,+2,left alone,unmapped two
3,Leyla,Quliyeva,Əli,1985-01-02,2019-07-09,Evin,AZ-3,+3,also left alone,unmapped three
X
sed 's/notmarka/notmarkaiki/' list.csv >list2.csv
echo "a letter that names filemarka" >file.txt
marks='marka'

new_register a
as "$PASS
reviewer passphrase" officer add a.habeas Second --role reviewer
must import a.habeas list.csv --list Listname --as-of 2020-01-01 --basis family --commit
must import a.habeas list2.csv --list Listname --as-of 2020-02-01 --basis family --commit
h search a.habeas Qırxbulaqmarka
person=$(sed -n 's/^\(P-[0-9]*\) .*/\1/p' out | head -1)
other=$(h search a.habeas Səmədov; sed -n 's/^\(P-[0-9]*\) .*/\1/p' out | head -1)
[ -n "$person" ] && [ -n "$other" ] || { not_ok "step: the people are found"; exit 1; }
must add a.habeas event person="$person" type=transfer date=2020-02-02 facility=hadisəmarka account=təsvirmarka
event=$(head -1 out)
must amend a.habeas "$event" account=düzəlişmarka --reason səbəbmarka
must judge a.habeas "$person" "$other" not-same --reason qərarmarka
must attach a.habeas "$person" file.txt --title başlıqmarka --evidence
must add a.habeas consent person="$person" purpose=letter basis=family by=verənmarka words=sözmarka
must add a.habeas determination person="$person" finding=tapıntımarka confirmed=yes grounds=əsasmarka
must add a.habeas task about="$person" what=işmarka
must link a.habeas
h list a.habeas
must show a.habeas "$person"
h verify a.habeas
if was 0; then ok "the register verifies before"; else not_ok "the register verifies before"; fi

# A letter whose annex names the person; then its rows are records too.
letter=no
sed "s/^Aydın/&/" /dev/null
if h letter new l 2>/dev/null && [ -f l/head.ini ]; then :; fi
all="$PASS
reviewer passphrase"
unseal() { # REG: everything that can be read, and a line on what that was
	mkdir -p w
	"$UNSEAL" "$1" w >plain 2>note 3<<X
$all
X
}
unseal a.habeas || { cat note; not_ok "step: unseal opens the register"; exit 1; }
sed 's/^/# /' note
found=$(grep -ac "$marks" plain)
check "before, whoever has the passphrases reads them ($found lines)" test "$found" -ge 10
for m in Qırxbulaqmarka NUM-marka xanamarka hadisəmarka düzəlişmarka qərarmarka filemarka \
	verənmarka tapıntımarka işmarka notmarkaiki; do
	grep -qa "$m" plain || { echo "    $m was not readable before"; not_ok "the marks were there"; break; }
done
check "but nobody without" sh -c '! grep -rqa marka a.habeas state'

must backup a.habeas "$work/backup"
unseal backup
check "the backup holds them too" grep -qa Qırxbulaqmarka plain

# Erase, having been told what that covers.
h erase a.habeas "$person" --yes --reason "asked for by the family"
if was 0 'backup still holds the keys'; then ok "erasure names the backup that still holds keys"; else
	not_ok "erasure names the backup that still holds keys"; fi
n=$(sed -n 's/^Erasing this covers \([0-9]*\) records.*/\1/p' out)
echo "# erased: $n records"

unseal a.habeas
code=$?
sed 's/^/# /' note
check "no key of what was erased is left anywhere, in no free page and no journal" test "$code" = 0
if grep -qa "$marks" plain; then
	grep -a "$marks" plain | head -5 | cat -v | cut -c1-200 | sed 's/^/    | /'
	not_ok "with every passphrase, the text is nowhere"
else ok "with every passphrase, the text is nowhere"; fi
check "nor in the clear" sh -c '! grep -rqa marka a.habeas state'
check "what was not erased is still read" sh -c 'grep -qa Səmədov plain && grep -qa "unmapped three" plain'
expect "the log still verifies" 0 'erased' verify a.habeas
h rebuild a.habeas
one=$(cat out)
rm -f a.habeas/index.db
h rebuild a.habeas
check "the index built anew is the same" test "$one" = "$(cat out)"
unseal a.habeas
check "and does not have it either" sh -c '! grep -qa marka plain'
h list a.habeas --csv
check "the others are listed" was 0 'Səmədov'
check "the erased person is not" sh -c '! grep -q marka out'
h show a.habeas "$person"
check "nobody shows them" sh -c '! grep -q marka out && [ '"$code"' != 0 ]'
h show a.habeas "$event"
check "the event that named them is erased" was 0 'erased'
h search a.habeas Qırxbulaqmarka
check "nobody finds them" sh -c '! grep -q "^P-" out'
h clusters a.habeas
check "clusters are told without them" was 0

# The backup until it is refreshed, and after.
unseal backup
check "the backup still holds them until it is refreshed" grep -qa Qırxbulaqmarka plain
expect "backup refreshes it" 0 '' backup a.habeas "$work/backup"
unseal backup
code=$?
check "then no key is left there" test "$code" = 0
check "and the text is nowhere" sh -c '! grep -qa marka plain'
expect "the next erasure names no stale backup" 0 '' erase a.habeas "$other" --yes
expect "the register verifies after both" 0 '' verify a.habeas
expect "the list imported again does not bring the erased back unasked" 0 '' \
	import a.habeas list2.csv --list Listname --as-of 2020-02-01 --basis family
h erase a.habeas P-99999 --yes
check "who is not there cannot be erased" was 1
finish
