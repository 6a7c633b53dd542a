#!/bin/sh
# The same lists through Splink on DuckDB (and FEBRL4 through Python's recordlinkage).
# Figures, never a test.
#
#   bench/match/run_peers.sh [-b BUILD] [NAME…]    (default: build/release; 100k)
#
# NAMEs and lists are those of run_match.sh: 100k 1m 100k-rare 1m-rare sets.  PEER_PYTHON:
# a python that has them (README.md says how to get one); what it has not is skipped, with
# a line that says so.  1m takes about 150 CPU seconds and 2.3 GB.
set -eu
cd "$(dirname "$0")/../.."
build=build/release
if [ "${1:-}" = -b ]; then
	build=$2
	shift 2
fi
python=${PEER_PYTHON:-python3}
sets=${SETS:-../shared/data/link}
work=${BENCH_DIR:-${TMPDIR:-/tmp}/habeas-bench-match}
has() {
	"$python" -c "import $1" 2>/dev/null && return
	echo "skipped: $python has no $1; bench/match/README.md says how to install it"
	return 1
}
peer() {
	nice "$python" bench/match/splink_peer.py "$@"
}
has splink && splink=yes || splink=
has recordlinkage && recordlinkage=yes || recordlinkage=
for name in "${@:-100k}"; do
	case $name in
	100k | 1m | 100k-rare | 1m-rare)
		test "$splink" || continue
		bench/match/run_match.sh -b "$build" -m "$name"
		peer plain "$work/$name"
		peer lean "$work/$name"
		;;
	sets)
		for set in febrl rldata historical; do
			test -z "$splink" || peer $set "$sets"
		done
		test -z "$recordlinkage" ||
			nice "$python" -W ignore bench/match/recordlinkage_peer.py "$sets"
		;;
	*)
		echo "run_peers.sh: $name: see the top of the file" >&2
		exit 2
		;;
	esac
done
