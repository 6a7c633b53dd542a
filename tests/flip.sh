#!/bin/sh
# A byte changed in a small register: verify finds it, or nothing that any command
# reads is different.  record's own test changes every byte; here the whole program
# meets every STEPth, in every file, the state outside and the index too.
#
#   flip.sh [STEP]
. "$(dirname "$0")/lib.sh"
step=${1:-1499}

new_register a
printf 'Given name,Family name,Birth date,Arrest date,Prison,Identity number\nAydın,Səmədov,1980-01-02,2019-07-08,Evin,N-1\nLeyla,Quliyeva,1985,2019-07-09,Evin,\n' >list.csv
must import a.habeas list.csv --list L --as-of 2020-01-01 --commit
echo evidence >file.txt
h list a.habeas
person=$(sed -n 's/^\(P-[0-9]*\) .*/\1/p' out | head -1)
must attach a.habeas "$person" file.txt
must link a.habeas

# All that commands read, as one text.
seen() {
	for c in "list a.habeas --json" "show a.habeas $person" "officer list a.habeas" \
		"list a.habeas --csv-events" "trust a.habeas" "clusters a.habeas"; do
		h $c
		echo "$c: $code"
		cat out err
	done
}
seen >before
h verify a.habeas
check "the register verifies before" was 0
remember a.habeas

flips=0 found=0 harmless=0 told=0 wrong=''
for f in $(cd "$work" && find a.habeas state -type f -size +0 | sort); do
	size=$(wc -c <"$f")
	# Not the same offsets in every file, and never past a small one.
	at=$((size % 97 % size))
	[ "$size" -gt "$step" ] || at=$((size / 2))
	while [ "$at" -lt "$size" ]; do
		old=$(od -An -tu1 -j "$at" -N 1 "$f" | tr -d ' ')
		printf "\\$(printf %03o $((old ^ (1 << (at % 8)))))" | dd of="$f" bs=1 seek="$at" conv=notrunc 2>/dev/null
		flips=$((flips + 1))
		h verify a.habeas
		if [ "$code" != 0 ]; then
			found=$((found + 1))
			one_line || wrong="$wrong
    $f, byte $at: verify says it in other than one line"
			[ "$code" -le 3 ] || wrong="$wrong
    $f, byte $at: verify ends with $code"
		else
			seen >after
			# The index is derived: what is wrong with it is told, or it is made anew.
			case $f in */index.db)
				if grep -q 'habeas: .*index.db.*habeas rebuild' after; then
					told=$((told + 1))
					h rebuild a.habeas
					[ "$code" = 0 ] || wrong="$wrong
    $f, byte $at: rebuild does not mend it: $(cat err)"
					seen >after
				fi ;;
			esac
			if cmp -s before after; then harmless=$((harmless + 1)); else
				wrong="$wrong
    $f, byte $at: not found by verify, and something reads otherwise: $(diff before after | head -3 | tr '\n' ' ')"
			fi
		fi
		put_back a.habeas
		at=$((at + step))
	done
done
echo "# $flips bytes changed: $found found by verify, $harmless change nothing that is read ($told after a rebuild that was asked for)"
if [ -z "$wrong" ] && [ "$found" -gt 10 ]; then ok "a byte changed is found or changes nothing"; else
	echo "$wrong" | head -20; not_ok "a byte changed is found or changes nothing"; fi
finish
