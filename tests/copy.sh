#!/bin/sh
# A directory belongs to one machine: a copy and a restored backup open read-only, and
# never fork the log.
. "$(dirname "$0")/lib.sh"

printf 'Given name,Family name\nAydın,Səmədov\nLeyla,Quliyeva\n' >list.csv
origin() { head -1 "$1/log/checkpoint"; }
size() { sed -n 2p "$1/log/checkpoint"; }

new_register a
must import a.habeas list.csv --list L --commit --as-of 2020-01-01
must backup a.habeas "$work/backup"
cp -a a.habeas copy.habeas

# The copy.
h list copy.habeas
check "a copy is read" was 0 'Səmədov'
expect "a copy verifies" 0 '' verify copy.habeas
expect "a copy does not take records" 2 'resume' add copy.habeas person family=Xəyanət
expect "nor imports" 2 'resume' import copy.habeas list.csv --list L2 --commit --as-of 2020-01-01
expect "nor officers" 2 'resume' officer revoke copy.habeas "Officer a"
expect "a dry run of an import it does" 0 'dry run' import copy.habeas list.csv --list L2 --as-of 2020-01-01
expect "doctor says why" 0 'read-only' doctor copy.habeas
expect "the original goes on" 0 '' add a.habeas person family=Davam
cp -a a.habeas later.habeas

expect "the copy resumes as a successor" 0 '' resume copy.habeas
check "which has a log of its own" test "$(origin a.habeas)" != "$(origin copy.habeas)"
expect "and takes records" 0 '' add copy.habeas person family=Varis
expect "and verifies" 0 '' verify copy.habeas
h search copy.habeas Səmədov
check "with what was there before" was 0 'Səmədov'
expect "the original verifies" 0 '' verify a.habeas
expect "and still takes records" 0 '' add a.habeas person family=Davam2
check "the former log stays, closed" test -f copy.habeas/log.0/checkpoint
expect "the successor's index built anew agrees" 0 '' rebuild copy.habeas

# A copied-back old state: what was signed since must not be signed anew.
cp -a a.habeas/. newest.habeas/ 2>/dev/null || { mkdir newest.habeas; cp -a a.habeas/. newest.habeas/; }
find a.habeas -mindepth 1 -delete
cp -a later.habeas/. a.habeas/
expect "a directory put back to an earlier day does not write" 2 'resume' add a.habeas person family=Geri
old=$(origin a.habeas)
expect "it resumes" 0 '' resume a.habeas
check "as a successor, since newer was signed" test "$(origin a.habeas)" != "$old"
expect "and verifies" 0 '' verify a.habeas

# A backup.
expect "a backup is restored" 0 'read-only' restore "$work/backup" restored.habeas
h list restored.habeas
check "and read" was 0 'Səmədov'
expect "a restored backup does not take records" 2 'resume' add restored.habeas person family=X
expect "nor is it written over" 2 'restored.habeas' restore "$work/backup" restored.habeas
expect "a restored backup verifies" 0 '' verify restored.habeas
before=$(origin restored.habeas)
expect "it resumes" 0 '' resume restored.habeas
check "as a successor, for nobody can say" test "$(origin restored.habeas)" != "$before"
expect "and verifies" 0 '' verify restored.habeas
expect "and takes records" 0 '' add restored.habeas person family=Bərpa

# With a partner's word.
rm -rf "$work/state"
new_register b
must import b.habeas list.csv --list L --commit --as-of 2020-01-01
cp b.habeas/log/checkpoint held.checkpoint
must backup b.habeas "$work/backup-b"
rm -rf b.habeas "$work/state"
must restore "$work/backup-b" b.habeas
before=$(origin b.habeas)
printf 'not a checkpoint\n' >junk
expect "what is no checkpoint is refused" 2 'junk' resume b.habeas junk
sed 's/^\([0-9]*\)$/1\1/' held.checkpoint >forged
expect "a forged checkpoint is refused" 2 'forged' resume b.habeas forged
expect "with a partner's checkpoint of exactly this size" 0 '' resume b.habeas held.checkpoint
check "the log goes on" test "$(origin b.habeas)" = "$before"
expect "and takes records" 0 '' add b.habeas person family=Davam
expect "and verifies" 0 '' verify b.habeas
cp b.habeas/log/checkpoint newer.checkpoint
rm -rf b.habeas "$work/state"
must restore "$work/backup-b" b.habeas
expect "with a newer checkpoint shown" 0 '' resume b.habeas held.checkpoint newer.checkpoint
check "a successor begins" test "$(origin b.habeas)" != "$before"
expect "which verifies" 0 '' verify b.habeas

# Moved by hand on the same machine.
new_register c
must add c.habeas person family=Köçən
before=$(origin c.habeas)
mv c.habeas moved.habeas
h add moved.habeas person family=Köçən2
case $code in
0) ok "a directory renamed goes on" ;;
*) check "a directory renamed asks for resume" was 2 'resume'
   expect "resume finds that nothing newer was signed" 0 '' resume moved.habeas ;;
esac
check "and its log is the same" test "$(origin moved.habeas)" = "$before"
finish
