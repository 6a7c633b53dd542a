#!/bin/sh
# `habeas match` as people run it, on lists with known truth: processor seconds and peak
# of memory of the whole program, files read and written, and how right it is at its own
# threshold.  Figures, never a test.
#
#   bench/match/run_match.sh [-b BUILD] [-m] [NAME…]    (default: build/release; 100k)
#
#   100k 1m 10m                 so many people of habeas-generate --style plain
#   100k-rare 1m-rare 10m-rare  with the tail of rare names that real lists have
#   sets                        FEBRL4, RLdata10000, historical_50k of SETS
#                               (default ../shared/data/link; skipped where missing)
#   unlike                      small lists unlike all of these; slower, see below
#
# -m: only make the lists.  They are made once and kept in BENCH_DIR (default
# ${TMPDIR:-/tmp}/habeas-bench-match);
# 10m needs 1.5 GB there, and memory for the run.
set -eu
cd "$(dirname "$0")/../.."
build=build/release make_only=
if [ "${1:-}" = -b ]; then
	build=$2
	shift 2
fi
if [ "${1:-}" = -m ]; then
	make_only=yes
	shift
fi
build=$(cd "$build" && pwd)
sets=${SETS:-../shared/data/link}
work=${BENCH_DIR:-${TMPDIR:-/tmp}/habeas-bench-match}
mkdir -p "$work"
ninja -C "$build" src/habeas tools/generate/habeas-generate bench/match/match_bench >/dev/null
habeas=$build/src/habeas
export LC_ALL=C.UTF-8 XDG_STATE_HOME="$work/state"

# match NAME TRUTH ARGUMENTS…: one run, its cost and its score.
match() {
	python3 - "$work/result" "$habeas" "$@" <<'X'
import json, resource, shutil, subprocess, sys
out, habeas, name, truth, *arguments = sys.argv[1:]
run = subprocess.run([habeas, 'match', *arguments, '--truth', truth, '-o', out, '--json'],
                     stdout=subprocess.PIPE, stderr=subprocess.PIPE)
if run.returncode:
    print(f'{name}: failed: {run.stderr.decode().strip().splitlines()[-1:]}')
    sys.exit(0)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
shutil.rmtree(out)
r = json.loads(run.stdout)
c, p, e = r['truth_cluster_pairs'], r['truth_pairs'], r['estimated']
print(f"{name}: {r['records']} records; {used.ru_utime + used.ru_stime:.2f} CPU s, "
      f"{used.ru_maxrss / 1024:.0f} MiB; clusters F1 {c['f1']:.4f} (P {c['precision']:.4f} "
      f"R {c['recall']:.4f}), pairs F1 {p['f1']:.4f}; says of itself "
      f"P {e['precision']:.3f} R {e['recall']:.3f}")
X
}

# lists DIR PEOPLE OPTIONS…: made once.
lists() {
	dir=$work/$1 people=$2
	shift 2
	test -e "$dir/summary.txt" || "$build/tools/generate/habeas-generate" --people "$people" \
		--style plain --told --seed 3 -o "$dir" "$@"
}

plain() {
	case $1 in
	100k*) people=100000 ;;
	1m*) people=1000000 ;;
	10m*) people=10000000 ;;
	esac
	case $1 in
	*-rare) lists "$1" "$people" --rare 180 ;;
	*) lists "$1" "$people" ;;
	esac
	test "$make_only" || match "$1" person "$work/$1"/list-*.csv
}

# Others' files, with the columns that Splink gets (splink_peer.py), no more.
sets() {
	if [ -e "$sets/febrl4a.csv" ] && [ -e "$sets/febrl4b.csv" ]; then
		for x in a b; do
			sed 's/, */,/g; s/,[^,]*$//; s/^rec-\([0-9]*\)-[^,]*/\1/; 1s/rec_id/who/' \
				"$sets/febrl4$x.csv" >"$work/febrl4$x.csv"
		done
		match "FEBRL4 without soc_sec_id" who --unique "$work/febrl4a.csv" "$work/febrl4b.csv"
	else
		echo "skipped: no $sets/febrl4a.csv"
	fi
	if [ -e "$sets/RLdata10000.csv" ]; then
		sed 's/NA,/,/g' "$sets/RLdata10000.csv" >"$work/RLdata10000.csv"
		printf 'fname_c2 = extra\nlname_c2 = extra\nrec_id = ignored\n' >"$work/schema.ini"
		match RLdata10000 ent_id --schema "$work/schema.ini" "$work/RLdata10000.csv"
	else
		echo "skipped: no $sets/RLdata10000.csv"
	fi
	if [ -e "$sets/historical_50k.csv" ]; then
		printf 'full_name = ignored\nfirst_and_surname = ignored\nunique_id = ignored\n' \
			>"$work/schema.ini"
		match historical_50k cluster --schema "$work/schema.ini" "$sets/historical_50k.csv"
	else
		echo "skipped: no $sets/historical_50k.csv"
	fi
}

# unlike_one NAME PEOPLE OPTIONS…: the program's own threshold beside the best in hindsight.
unlike_one() {
	name=$1
	shift
	rm -rf "$work/unlike"
	lists unlike "$@"
	match "$name" person "$work/unlike"/list-*.csv
	for w in -6 -4 -2 -1 0 1 2 3 4 6 8 10 13; do
		CLUSTER_WEIGHT=$w "$build/bench/match/match_bench" plain "$work/unlike" |
			sed -n "s/.*clusters: F1 \([0-9.]*\).*/\1 at weight $w/p"
	done | sort -rn | sed '1s/^/    best in hindsight: clusters F1 /;1q'
}
unlike() {
	unlike_one "20,000 people, as usual" 20000
	unlike_one "no fathers" 20000 --no-father 1000
	unlike_one "no births" 20000 --no-birth 1000
	unlike_one "neither fathers nor births" 20000 --no-father 1000 --no-birth 1000
	unlike_one "fathers and births everywhere" 20000 --no-father 0 --no-birth 0
	unlike_one "one name in four mistyped" 20000 --typos 250
	unlike_one "no name mistyped or varied" 20000 --typos 0 --variants 0
	unlike_one "rare names" 20000 --rare 400
	unlike_one "one in four with a sibling" 20000 --siblings 500
	unlike_one "siblings, no births" 20000 --siblings 500 --no-birth 1000
	unlike_one "siblings, neither births nor fathers" 20000 --siblings 500 --no-birth 1000 \
		--no-father 1000
	unlike_one "tiny: 300 people" 300
	unlike_one "tiny: 300 people, neither fathers nor births" 300 --no-father 1000 \
		--no-birth 1000
	unlike_one "tiny: 60 people" 60
	unlike_one "one list, no duplicates" 60000 --lists 1 --copies 0
	unlike_one "one list, 1 % duplicates" 60000 --lists 1
	unlike_one "one list, 40 % duplicates" 60000 --lists 1 --copies 400
	unlike_one "eight lists" 10000 --lists 8
}

for name in "${@:-100k}"; do
	case $name in
	100k | 1m | 10m | 100k-rare | 1m-rare | 10m-rare) plain "$name" ;;
	sets) sets ;;
	unlike) unlike ;;
	*)
		echo "run_match.sh: $name: see the top of the file" >&2
		exit 2
		;;
	esac
done
