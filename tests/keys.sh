#!/bin/sh
# Who gets in: wrong and lost passphrases, revoked officers, roles; and secrets that
# must not be seen by others of this machine.
. "$(dirname "$0")/lib.sh"

new_register a
as 'not the passphrase' list a.habeas
check "a wrong passphrase is a no, in one line" was 1 'passphrase'
as '' list a.habeas
check "an empty passphrase is refused" was 2 'passphrase'
as "$ROOTPASS" list a.habeas
check "the root key's passphrase opens nothing" was 1 'passphrase'
bare list a.habeas
check "without a terminal a passphrase is asked for by --passphrase-fd" was 2 'passphrase-fd'
bare list a.habeas --passphrase-fd 77
check "a descriptor that is not open is told" was 2 '77'
h list nothing.habeas
check "what is not there is no register" was 2 'nothing.habeas'
mkdir empty
h list empty
check "an empty directory is no register" was 2 'empty'
expect "init does not write over a register" 2 'a.habeas' init a.habeas --organisation X --root x.root
check "and makes no root key then" test ! -e x.root

# Officers and roles.
as "$PASS
documenter passphrase" officer add a.habeas Dilara --role documenter
check "an administrator lets a documenter in" was 0
as "$PASS
reviewer passphrase" officer add a.habeas Rövşən --role reviewer
check "and a reviewer" was 0
as "$PASS
someone else" officer add a.habeas Nobody --role king
check "a role that is none is refused" was 2 'documenter'
expect "they are listed" 0 'Rövşən +reviewer' officer list a.habeas
D='documenter passphrase' R='reviewer passphrase'
as "$D" add a.habeas person family=Cəfərov given=Elçin birth=1971 number=AZE-4711 contact="+000 1"
check "a documenter writes a person" was 0
id=$(head -1 out)
as "$D" list a.habeas
check "and reads" was 0 'Cəfərov'
for c in "officer list a.habeas" "erase a.habeas P-5 --yes" "backup a.habeas b" \
	"partner add a.habeas X RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3 --confirmed-by a --confirmed-how b" \
	"link a.habeas" "letter show a.habeas"; do
	as "$D" $c
	check "a documenter may not: habeas ${c%% a.habeas*}" was 2 'documenter'
done
cp -a a.habeas copy.habeas
as "$D" resume copy.habeas
check "a documenter may not: habeas resume" was 2 'documenter'
rm -rf copy.habeas
as "$R" show a.habeas "$id"
check "a reviewer sees that there are sealed fields" was 0 'sealed'
check "but not what they say" sh -c '! grep -q "AZE-4711\|+000" out'
as "$D" show a.habeas "$id"
check "their author sees them" was 0 'AZE-4711'
as "$R" search a.habeas 4711
check "sealed fields are not found by searching" sh -c '! grep -q Cəfərov out'

expect "an officer is revoked" 0 '' officer revoke a.habeas Dilara --reason "left us"
as "$D" list a.habeas
check "who was revoked does not get in" was 1 'passphrase'
expect "the list of officers says so" 0 'Dilara +documenter +revoked' officer list a.habeas
expect "what they wrote still verifies" 0 '' verify a.habeas
expect "who is not there cannot be revoked" 1 'Nobody' officer revoke a.habeas Nobody
expect "the last administrator cannot be revoked" 2 'administrator' officer revoke a.habeas "Officer a"

# A passphrase changed; one lost.
as "$R
reviewer passphrase two" passphrase a.habeas
check "an officer changes a passphrase" was 0
as "$R" list a.habeas
check "the former one opens nothing" was 1
as "reviewer passphrase two" list a.habeas
check "the new one does" was 0
as "$(cat a.recovery)
a third passphrase" officer add a.habeas Anew --role administrator --recovery-key
check "when passphrases are lost, the recovery key lets a new administrator in" was 0
T="a third passphrase"
as "$T" list a.habeas
check "who opens the register" was 0 'Cəfərov'
as "$T" show a.habeas "$id"
check "and what was sealed" was 0 'AZE-4711'
as "$T" officer revoke a.habeas "Officer a" --reason "passphrase lost"
check "and revokes who lost the passphrase" was 0
h list a.habeas
check "whose passphrase is then of no use" was 1
as "$(cat a.recovery)" list a.habeas
check "the recovery key is no passphrase" was 1
as "$(cat a.recovery)
x" officer add a.habeas Wrong --role administrator --recovery-key --lang en
check "the recovery key works more than once" was 0
as "$(tr 0-9A-Y 1-9A-Z0 <a.recovery)
a fourth" officer add a.habeas Wrong --role administrator --recovery-key
check "a mistyped recovery key is told from a wrong one" was 2 'recovery|paper|typ'
new_register b
as "$(cat b.recovery)
a fourth" officer add a.habeas Wrong --role administrator --recovery-key
check "another register's recovery key is a no" was 1 'recovery key'
as "$T" verify a.habeas
check "the register verifies after all of that" was 0
as "$T" import a.habeas list.csv --list L --commit
check "a file that is not there is told" was 2 'list.csv'

# Nothing secret where others look.
check "no passphrase and no recovery key in any file" sh -c \
	'! grep -rqaF -e "'"$PASS"'" -e "'"$D"'" -e "a third passphrase" -e "'"$(cut -c1-17 a.recovery)"'" a.habeas state a.root'
check "no name of a person, officer or organisation in the clear" sh -c \
	'! grep -rqa -e Cəfərov -e Dilara -e "Org a" -e AZE-4711 a.habeas state'
mkfifo slow
( "$HABEAS" list a.habeas --passphrase-fd 3 3<slow >/dev/null 2>&1 ) &
exec 4>slow
sleep 0.3
seen=$(ps -ef | grep -c '[t]hird passphrase')
pid=$(ps -eo pid,args | awk -v p="$HABEAS" '$2 == p && $3 == "list" && /a.habeas/ { print $1 }' | head -1)
limit=$(sed -n 's/^Max core file size *\([^ ]*\).*/\1/p' "/proc/$pid/limits" 2>/dev/null)
echo "a third passphrase" >&4
exec 4>&-
wait
check "passphrases are not among the arguments" test "$seen" = 0
check "no core dumps" test "$limit" = 0
check "files are for their owner alone" sh -c '[ -z "$(find a.habeas a.root a.recovery state -perm /077)" ]'
finish
