#!/bin/sh
# The layers of docs/design.md: a folder may include its own headers and the ONE
# public header of a folder below it (base: any of base's pages may be included by
# base alone).  Nothing goes sideways or up.  Prints "ok"/"not ok" lines.
cd "${1:-$(dirname "$0")/..}/src" || exit 3

awk '
BEGIN {
	rank["base"] = 0
	rank["store"] = rank["seal"] = rank["net"] = 1
	rank["record"] = rank["reconcile"] = rank["reckon"] = rank["typeset"] = 2
	rank["register"] = 3
	rank["share"] = 4
	rank["appeal"] = 5
	rank["cli"] = rank["web"] = 6
	rank["main"] = 7
	rank["helpers"] = 7                 # programs of their own: any library below
}
FNR == 1 {
	from = FILENAME
	sub(/^\.\//, "", from)
	path = from
	if (!sub(/\/.*/, "", from)) from = "main"
	files++
	if (!(from in rank)) { print "not ok " path ": a folder the design does not know"; bad++ }
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, part, "\"")
	to = part[2]
	n = split(to, step, "/")
	if (n == 1) next                     # beside it
	folder = step[1]
	if (folder == from) next
	# Fuzz targets share their frame, which is no part of base.
	if (to == "base/fuzz/fuzz.h" && path ~ /\/fuzz\//) next
	if (!(folder in rank)) { print "not ok " path ": includes " to ", a folder the design does not know"; bad++; next }
	if (rank[folder] >= rank[from]) { print "not ok " path ": includes " to ", sideways or up"; bad++; next }
	# Helpers need the sandbox page; everybody else comes through the one door.
	if (to != folder "/" folder ".h" && !(from == "helpers" && to == "base/sandbox.h")) {
		# Unit tests of base and the programs that must not pull in ICU.
		print "not ok " path ": includes " to " instead of " folder "/" folder ".h"
		bad++
	}
	edges++
}
END {
	if (files < 10 || edges < 10) { print "not ok the walk saw too little: " files " files, " edges " includes"; bad++ }
	if (!bad) print "ok layers: " edges " includes in " files " files go down, through the public headers"
	exit bad > 0
}' $(find . -name '*.[ch]' | sort)
