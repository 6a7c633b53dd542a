# What the tests of the whole program share.  Sourced; POSIX sh.
#
# Needs HABEAS (the program) and, where lists are generated, GENERATE.  Everything
# happens in a directory of its own, which is removed at the end; the state that
# habeas keeps outside its registers lies there too.  A test prints "ok NAME",
# "not ok NAME" or "skip NAME" lines and exits 0, 1, or 77 when all was skipped.
set -u
: "${HABEAS:?the program under test}"
umask 077
work=$(mktemp -d "${TMPDIR:-/tmp}/habeas-test.XXXXXX")
work=$(cd "$work" && pwd -P)
cleaners=:
trap 'eval "$cleaners"; chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
export HOME="$work/home" XDG_STATE_HOME="$work/state" TMPDIR="$work/tmp" LC_ALL=C.UTF-8
unset HABEAS_LANG HABEAS_FAULT
mkdir "$HOME" "$TMPDIR"
cd "$work" || exit 3

PASS='officer passphrase'
ROOTPASS='root passphrase'
failures=0 successes=0 skips=0

ok() { successes=$((successes + 1)); echo "ok $*"; }
not_ok() { # NAME; what was seen follows, indented so that nobody counts it
	failures=$((failures + 1))
	echo "not ok $*"
	[ ! -s "$work/out" ] || { echo "    stdout:"; head -c 1500 "$work/out" | sed 's/^/    | /'; echo; }
	[ ! -s "$work/err" ] || { echo "    stderr:"; head -c 1500 "$work/err" | sed 's/^/    | /'; echo; }
}
skip() { skips=$((skips + 1)); echo "skip $*"; }
finish() {
	[ "$failures" = 0 ] || exit 1
	[ "$successes" != 0 ] || exit 77
	exit 0
}

# as PASSPHRASE ARGUMENTS…: run habeas; leaves $code, out and err.  FAULT, when set,
# goes to this run alone.  More passphrases: lines of the first argument.
as() {
	_pass=$1
	shift
	code=0
	(
		[ -z "${FAULT:-}" ] || export HABEAS_FAULT="$FAULT"
		exec "$HABEAS" "$@" --passphrase-fd 3 >"$work/out" 2>"$work/err"
	) 3<<X || code=$?
$_pass
X
}
h() { as "$PASS" "$@"; }
# Without any passphrase.
bare() { code=0; "$HABEAS" "$@" >"$work/out" 2>"$work/err" </dev/null || code=$?; }

# One clear line: what `habeas:` says when it fails, and nothing else.
one_line() {
	[ "$(wc -l <"$work/err")" = 1 ] && head -1 "$work/err" | grep -q '^habeas: .' \
		&& ! grep -q 'Sanitizer\|runtime error' "$work/err"
}
# was CODE [REGEX]: how the last run ended.  0: nothing on stderr, REGEX in stdout.
# 2, 3: one line, REGEX in it.  1: at most one line, REGEX in either.
was() {
	[ "$code" = "$1" ] || { echo "    exit $code, not $1" ; return 1; }
	case $1 in
	0) [ ! -s "$work/err" ] || { echo "    words on stderr"; return 1; }
	   [ -z "${2:-}" ] || grep -qE -- "$2" "$work/out" || { echo "    no /$2/"; return 1; } ;;
	1) [ ! -s "$work/err" ] || one_line || { echo "    not one line"; return 1; }
	   [ -z "${2:-}" ] || cat "$work/out" "$work/err" | grep -qE -- "$2" || { echo "    no /$2/"; return 1; } ;;
	*) one_line || { echo "    not one line"; return 1; }
	   [ -z "${2:-}" ] || grep -qE -- "$2" "$work/err" || { echo "    no /$2/"; return 1; } ;;
	esac
}
# expect NAME CODE REGEX ARGUMENTS…: run as the officer and judge.
expect() {
	_name=$1 _code=$2 _re=$3
	shift 3
	h "$@"
	if was "$_code" "$_re"; then ok "$_name"; else not_ok "$_name"; fi
}
# must ARGUMENTS…: a step that is not what is being tested.
must() {
	h "$@"
	[ "$code" = 0 ] || { not_ok "step: habeas $*"; exit 1; }
}
# check NAME COMMAND…: a condition.
check() {
	_name=$1
	shift
	if "$@"; then ok "$_name"; else not_ok "$_name"; fi
}

# init NAME [OPTIONS…]: a register NAME.habeas, its root key NAME.root, its recovery
# key NAME.recovery.  Weak hashing of passphrases, or tests would take hours.
init() {
	_n=$1
	shift
	as "$ROOTPASS
$PASS" init "$_n.habeas" --organisation "Org $_n" --root "$_n.root" --officer "Officer $_n" \
		--recovery "$_n.recovery" --quick "$@"
}
new_register() { init "$@"; [ "$code" = 0 ] || { not_ok "step: init $1"; exit 1; }; }

# The register as it was: a directory that is copied is a copy and may not write, so
# the directory stays and its content is put back, with the state outside.
remember() { # REG: keep its content
	rm -rf "$work/kept"
	mkdir -p "$work/kept/reg"
	cp -a "$1/." "$work/kept/reg/"
	cp -a "$XDG_STATE_HOME" "$work/kept/state"
}
put_back() { # REG
	find "$1" -mindepth 1 -delete
	cp -a "$work/kept/reg/." "$1/"
	rm -rf "$XDG_STATE_HOME"
	cp -a "$work/kept/state" "$XDG_STATE_HOME"
}

# How many records the register holds.
records() { h doctor "$1"; sed -n 's/.*: \([0-9]*\) records, log .*/\1/p' "$work/out"; }
# What `list --csv` says of people, without the ids of records, in order.
people() {
	h list "$1" --csv
	[ "$code" = 0 ] || { echo "list: exit $code"; return; }
	sed 's/\r$//' "$work/out" | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "record") at = i }
		{ line = ""; for (i = 1; i <= NF; i++) if (i != at) line = line "," $i; print line }' | sort
}
# Nothing half-written beside it: no temporary files.
leftovers() { find "$@" \( -name '*.tmp*' -o -name '.*.??????' -o -name '*.new' -o -name '*-journal' -size +0 \) 2>/dev/null; }
