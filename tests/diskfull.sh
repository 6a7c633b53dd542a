#!/bin/sh
# A disk that is full, and one that fails, at every step of each command that writes:
# exit 3, one clear line, nothing half-written, and the same command works later.
#
#   diskfull.sh [EVERY]: try each EVERYth step (1: all of them)
. "$(dirname "$0")/lib.sh"
every=${1:-3}

awk 'BEGIN {
	print "Given name,Family name,Date of birth,Arrest date,Prison"
	for (i = 1; i <= 8; i++) printf "Given%d,Family%d,1970-01-%02d,2019-02-%02d,Prison\n", i, i, i, i
}' >list.csv

# try NAME SHAPE COMMAND…: at each step, once no space and once an I/O error.
# check_after must be true of the register after the failure.
wrong=''
complain() { wrong="$wrong
    $1"; }
try() {
	name=$1
	shift
	wrong='' n=1 failed=0 soft=0
	while :; do
		done_all=yes
		for fault in nospace io; do
			before
			FAULT=$fault:$n
			"$@"
			FAULT=
			case $code in
			0) # What failed did not matter (an index that is derived, a mark).
			   soft=$((soft + 1)) ;;
			3) done_all=no failed=$((failed + 1))
			   one_line || complain "$fault:$n: not one line: $(cat "$work/err")"
			   # The line must not blame the file for what the disk did.
			   ;;
			2) # Where not even a mark can be removed, the index is taken for a
			   # ruin; the next command builds it anew.
			   done_all=no failed=$((failed + 1))
			   grep -q 'last writer died at work' "$work/err" \
				|| complain "$fault:$n: exit 2: $(head -2 "$work/err")" ;;
			*) done_all=no
			   complain "$fault:$n: exit $code: $(head -2 "$work/err")" ;;
			esac
			[ "$code" = 0 ] || after "$fault:$n"
		done
		[ "$done_all" = no ] || break
		n=$((n + every))
		[ "$n" -lt 3000 ] || { complain "it never ends"; break; }
	done
	before
	"$@"
	was 0 || complain "undisturbed: exit $code: $(cat "$work/err")"
	echo "$name: steps up to $n, $failed failures"
	if [ "$failed" = 0 ] && [ "$n" = 1 ]; then skip "$name: no faults in this build"; return; fi
	if [ -z "$wrong" ]; then ok "$name: full and failing disks"; else
		echo "$wrong" | head -20; not_ok "$name: full and failing disks"; fi
}

# A register that verifies, at once or when the next writer has put away what the
# disk did not let this one put away.
mend() { h add a.habeas task what="the next writer"; }
after_writing() {
	h verify a.habeas
	[ "$code" != 0 ] || return 0
	mend
	[ "$code" = 0 ] || complain "$1: the next writer: exit $code: $(cat "$work/err")"
	h verify a.habeas
	[ "$code" = 0 ] || complain "$1: verify: $(cat "$work/err")"
}

make() { init a; }
before() { rm -rf a.habeas* a.recovery a.root "$XDG_STATE_HOME"; }
# Here nothing can be removed either, so what is left is checked on the small disk.
after() {
	[ ! -e a.habeas ] || grep -q 'a.recovery' "$work/err" || complain "$1: a.habeas is left behind"
}
try "init" make
before
as "$ROOTPASS
$PASS" init a.habeas --organisation "Org a" --root a.root --recovery nowhere/a.recovery --quick
if one_line && [ "$code" != 0 ] && [ ! -e a.habeas ]; then
	ok "no register is left whose recovery key could not be written"
else not_ok "no register is left whose recovery key could not be written"; fi

before
make
remember a.habeas
before() { put_back a.habeas; }
after() { after_writing "$1"; }
import() { h import a.habeas list.csv --list L --as-of 2020-01-01 --basis historical --commit; }
after() {
	after_writing "$1"
	h list a.habeas --count
	case $(head -1 "$work/out") in
	"0 persons, 0 records."*|"8 persons, 8 records."*) ;;
	*) complain "$1: list says $(head -1 "$work/out" "$work/err")" ;;
	esac
}
try "import" import

put_back a.habeas
import
remember a.habeas
after() { after_writing "$1"; }
add() { h add a.habeas person family=Full given=Disk birth=1970; }
try "add" add

echo "evidence" >file.txt
attach() { h attach a.habeas P-"$person" file.txt --title "A letter"; }
h list a.habeas limit=1
person=$(sed -n 's/^P-\([0-9]*\) .*/\1/p' "$work/out")
try "attach" attach
after() { after_writing "$1"; }

erase() { h erase a.habeas P-"$person" --yes --reason test; }
try "erase" erase

before() { put_back a.habeas; rm -rf backup; }
backup() { h backup a.habeas "$work/backup"; }
after() {
	after_writing "$1"
	[ ! -e "$work/backup" ] || { # then it is whole, or can be refreshed
		backup
		[ "$code" = 0 ] || complain "$1: the backup cannot be done again: $(cat "$work/err")"
	}
}
try "backup" backup

# A real small disk, when we may mount one.
if [ "$(id -u)" = 0 ] && mkdir -p small && mount -t tmpfs -o size=400k none small 2>/dev/null; then
	cleaners='umount "$work/small" 2>/dev/null'
	awk 'BEGIN { print "Given name,Family name,Note"; s = "x"; while (length(s) < 600) s = s s
		for (i = 1; i <= 1500; i++) printf "Given%d,Family%d,%s\n", i, i, s }' >big.csv
	head -c 350000 /dev/zero >small/filler
	as "$ROOTPASS
$PASS" init small/s.habeas --organisation "Org s" --root s.root --recovery s.recovery --quick
	if was 3 'full|space'; then ok "a small disk: init says that it is full"; else
		not_ok "a small disk: init says that it is full"; fi
	check "a small disk: and leaves nothing there" test "$(ls -A small)" = filler
	rm -rf small/filler s.root s.recovery
	as "$ROOTPASS
$PASS" init small/s.habeas --organisation "Org s" --root s.root --recovery s.recovery --quick
	if [ "$code" = 0 ]; then
		h import small/s.habeas big.csv --list L --as-of 2020-01-01 --basis historical --commit
		if was 3 'full|space'; then ok "a small disk: import says that it is full"; else
			not_ok "a small disk: import says that it is full"; fi
		mount -o remount,size=64m small
		h import small/s.habeas big.csv --list L --as-of 2020-01-01 --basis historical --commit
		if was 0; then ok "a small disk: the same import goes on when there is room"; else
			not_ok "a small disk: the same import goes on when there is room"; fi
		expect "a small disk: the register verifies" 0 '' verify small/s.habeas
	else not_ok "a small disk: init when there is room"
	fi
	umount small
	cleaners=:
else
	skip "a small disk: may not mount one here"
fi
finish
