#!/bin/sh
# Usage: estimate.sh HABEAS GENERATE DIR
# Three invented lists into DIR/r.habeas (register.sh), linked, and three estimates of who
# was held on a day: prints the ids of one, of a newer one, and of one from two lists.
set -eu
habeas=$1 generate=$2 dir=$3
reg=$dir/r.habeas
export XDG_STATE_HOME="$dir/state" SOURCE_DATE_EPOCH=1585303200
pass='open sesame, twice'
run() { "$habeas" "$@" --passphrase-fd 3 3<<P
$pass
P
}
"$generate" --people 400 --seed 20200327 --style demo -o "$dir/lists" >/dev/null
for f in birlik.csv:Birlik nesim.csv:Nesim registry.xlsx:Araz; do
	run import "$reg" "$dir/lists/${f%:*}" --list "${f#*:}" --as-of 2020-03-20 --commit >/dev/null
done
run link "$reg" >/dev/null
keep() {
	run toll mse "$reg" --held-on 2020-03-27 --method loglinear,graphs --replicates 200 --commit \
		"$@" | sed -n 's/.*as record \([0-9a-f]*\)$/\1/p'
}
keep
keep --seed 2
keep --lists Birlik,Nesim
