#!/bin/sh
# How well linking did, against the truth of generated lists.
# Usage: score.sh CLUSTERS.csv TRUTH.csv
# CLUSTERS: list,row,cluster (rows count the heading as row 1); TRUTH: list,row,person
# (data rows from 1).  Pairs are those that clusters imply; one record, no pair.
set -eu
[ $# = 2 ] || { echo "usage: score.sh CLUSTERS.csv TRUTH.csv" >&2; exit 2; }
awk -F, '
function key(list) { list = tolower(list); sub(/\.(csv|xlsx)$/, "", list)
	return list == "araz" ? "registry" : list }
FNR == 1 { file++; next }
file == 1 { cluster[key($1) "," $2 - 1] = $3; records++; next }
{
	k = key($1) "," $2
	if (!(k in cluster)) { missing++; next }
	c = cluster[k]
	nc[c]++; nt[$3]++; both[c, $3]++
}
END {
	for (c in nc) found += nc[c] * (nc[c] - 1) / 2
	for (t in nt) { true += nt[t] * (nt[t] - 1) / 2; persons++ }
	for (b in both) right += both[b] * (both[b] - 1) / 2
	for (c in nc) clusters++
	p = found ? right / found : 1
	r = true ? right / true : 1
	printf "%d records, %d persons in truth, %d found; %d true pairs, %d found, %d right\n", \
		records, persons, clusters, true, found, right
	printf "precision %.4f, recall %.4f, cluster F1 %.4f\n", p, r, p + r ? 2 * p * r / (p + r) : 0
	if (missing) { printf "%d rows of the truth are in no cluster\n", missing; exit 1 }
}' "$1" "$2"
