#!/bin/sh
# Every text of the sources that readers see in their language (tr(), N_()) has its
# translation in po/, and po/ has none that no source uses.  Texts that come to tr()
# by a variable and are not marked count as used when the literal stands somewhere.
export LC_ALL=C.UTF-8
cd "${1:-$(dirname "$0")/..}" || exit 3
command -v xgettext >/dev/null || { echo "skip po: xgettext (Debian: gettext) is missing"; exit 77; }
tmp=$(mktemp -d) || exit 3
trap 'rm -rf "$tmp"' EXIT

# Concatenated literals hide behind the format of struct str.
find src -name '*.c' ! -path '*/tests/*' ! -path '*/fuzz/*' | sort | while read -r f; do
	sed 's/STR_FMT/"%.*s"/g' "$f"
	echo
done >"$tmp/all.c"
msgids() { awk '/^msgid "../ { sub(/^msgid "/, ""); sub(/"$/, ""); print }' | sort -u; }
xgettext -L C --from-code=UTF-8 --no-wrap --no-location --keyword --keyword=tr:2 --keyword=N_ \
	-o - "$tmp/all.c" | msgids >"$tmp/needed"
tr '\n\t' '  ' <"$tmp/all.c" | sed 's/\\"/\x01/g; s/" *"//g; s/\x01/\\"/g' >"$tmp/joined"
[ "$(wc -l <"$tmp/needed")" -gt 50 ] || { echo "not ok po: the sources gave too few texts"; exit 1; }
unused() { # of the msgids on standard input
	LC_ALL=C awk -v sources="$tmp/joined" 'BEGIN { getline all < sources }
		index(all, "\"" $0 "\"") == 0'
}
bad=0
for lang in fa az; do
	msgattrib --no-obsolete --no-wrap --translated --no-fuzzy "po/$lang.po" | msgids >"$tmp/$lang"
	comm -23 "$tmp/needed" "$tmp/$lang" >"$tmp/missing"
	unused <"$tmp/$lang" >"$tmp/unused"
	if [ -s "$tmp/missing" ]; then
		echo "not ok po: $lang lacks a translation of"
		sed 's/^/    /' "$tmp/missing"
		bad=1
	elif [ -s "$tmp/unused" ]; then
		echo "not ok po: $lang translates what no source says"
		sed 's/^/    /' "$tmp/unused"
		bad=1
	else
		echo "ok po: $lang has all $(wc -l <"$tmp/needed") texts"
	fi
done
exit $bad
