#!/bin/sh
# The same lists through Splink on DuckDB.  Figures, never a test.
#
#   bench/match/run_peers.sh [-b BUILD] [NAME…]    (default: build/release; 100k)
#
# NAMEs and lists are those of run_match.sh: 100k 1m 100k-rare 1m-rare sets.  PEER_PYTHON:
# a python that has Splink (README.md says how to get one); without it this says so and
# ends well.  1m takes about 70 CPU seconds and 2.3 GB.
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
if ! "$python" -c 'import splink, duckdb' 2>/dev/null; then
	echo "skipped: $python has no splink; bench/match/README.md says how to install it"
	exit 0
fi
peer() {
	nice "$python" bench/match/splink_peer.py "$@"
}
for name in "${@:-100k}"; do
	case $name in
	100k | 1m | 100k-rare | 1m-rare)
		bench/match/run_match.sh -b "$build" -m "$name"
		peer plain "$work/$name"
		peer lean "$work/$name"
		;;
	sets)
		for set in febrl rldata historical; do
			peer $set "$sets"
		done
		;;
	*)
		echo "run_peers.sh: $name: see the top of the file" >&2
		exit 2
		;;
	esac
done
