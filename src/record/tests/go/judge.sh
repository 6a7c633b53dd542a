#!/bin/sh
# Go's note and tlog packages judge a log of ours, and refuse it when a byte is changed.
# usage: judge.sh MAKE_LOG.  Skipped (77) without Go, or without the packages, which
# come with Go itself or with Debian's golang-golang-x-mod-dev.
set -eu
make_log=$1
here=$(cd "$(dirname "$0")" && pwd)

command -v go >/dev/null || { echo "skip go: no go here"; exit 77; }
for mod in "$(go env GOROOT)/src/cmd/vendor/golang.org/x/mod" /usr/share/gocode/src/golang.org/x/mod; do
	[ -f "$mod/sumdb/tlog/tlog.go" ] && break
done
[ -f "$mod/sumdb/tlog/tlog.go" ] || { echo "skip go: no golang.org/x/mod here"; exit 77; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME="$work/state" GOCACHE="$work/cache" GOPATH="$work/path" GOFLAGS=-mod=mod \
	GOPROXY=off GOTOOLCHAIN=local
version=$(go env GOVERSION | sed 's/^go\([0-9]*\.[0-9]*\).*/\1/')
# Whatever else lies beside them may need more: take these two, as they are.
mkdir -p "$work/mod/sumdb" "$work/judge"
cp -r "$mod/sumdb/note" "$mod/sumdb/tlog" "$work/mod/sumdb/"
[ ! -d "$mod/internal" ] || cp -r "$mod/internal" "$work/mod/"
find "$work/mod" -name '*_test.go' -delete
printf 'module golang.org/x/mod\n\ngo %s\n' "$version" > "$work/mod/go.mod"
cp "$here/main.go" "$work/judge/"
printf 'module judge\n\ngo %s\n\nrequire golang.org/x/mod v0.0.0\nreplace golang.org/x/mod => ../mod\n' \
	"$version" > "$work/judge/go.mod"
(cd "$work/judge" && go build -o ../judge.bin .)

vkey=$("$make_log" "$work" 1300)
log="$work/a.habeas/log"
"$work/judge.bin" "$log" "$vkey"

# Any changed byte of the checkpoint, of a tile, of a bundle.
change() {
	cp "$1" "$work/kept"
	printf '\377' | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
	if "$work/judge.bin" "$log" "$vkey" >/dev/null 2>&1; then
		echo "not ok: a changed byte $2 of $1 was accepted"
		exit 1
	fi
	cp "$work/kept" "$1"
}
change "$log/checkpoint" 3
change "$log/checkpoint" 60
change "$log/tile/0/001" 700
change "$log/tile/1/000.p/5" 33
change "$log/tile/entries/002" 99
"$work/judge.bin" "$log" "$vkey"
