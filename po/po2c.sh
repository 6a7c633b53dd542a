#!/bin/sh
# Usage: po2c.sh PODIR > tables.c
# Checks the catalogues as msgfmt does and prints them as C tables.  Fuzzy
# entries never ship.
set -eu
export LC_ALL=C.UTF-8
dir=$1

echo '/* Made from po/ at build time. */'
echo '#include "base/tr.h"'
for lang in fa az azb; do
	po=$dir/$lang.po
	[ -f "$po" ] || continue
	msgfmt --check -o /dev/null "$po"
	echo "static const struct tr_pair $lang[] = {"
	msgattrib --translated --no-fuzzy --no-obsolete --no-wrap "$po" | awk '
		function flush() { if (id != "") print "\t{\"" id "\", \"" str "\"},"; id = str = ""; in_id = in_str = 0 }
		/^msgid / { flush(); in_id = 1; sub(/^msgid "/, ""); sub(/"$/, ""); id = $0; next }
		/^msgstr / { in_id = 0; in_str = 1; sub(/^msgstr "/, ""); sub(/"$/, ""); str = $0; next }
		/^"/ { sub(/^"/, ""); sub(/"$/, ""); if (in_id) id = id $0; else if (in_str) str = str $0; next }
		END { flush() }'
	echo '};'
done
echo 'const struct tr_table tr_tables[LANG_COUNT] = {'
for lang in fa az azb; do
	[ -f "$dir/$lang.po" ] || continue
	upper=$(echo "$lang" | tr '[:lower:]' '[:upper:]')
	echo "	[LANG_$upper] = {$lang, sizeof $lang / sizeof *$lang},"
done
echo '};'
