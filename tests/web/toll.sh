#!/bin/sh
# Usage: toll.sh HABEAS GENERATE
# A real estimate on its pages: every method or why it is withheld, its picture, what is
# assumed; in three languages.
habeas=$1 generate=$2
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d) || exit 3
pid=
trap '[ -z "$pid" ] || kill "$pid"; rm -rf "$dir"' EXIT
export XDG_STATE_HOME="$dir/state" SOURCE_DATE_EPOCH=1585303200
pass='open sesame, twice'
failed=0
ok() {
	name=$1
	shift
	if "$@"; then echo "ok $name"; else
		echo "not ok $name"
		failed=1
	fi
}
run() { "$habeas" "$@" --passphrase-fd 3 3<<P
$pass
P
}
sh "$here/register.sh" "$habeas" "$dir" >/dev/null 2>&1 || exit 3
reg=$dir/r.habeas
sh "$here/estimate.sh" "$habeas" "$generate" "$dir" >"$dir/ids" || exit 3
{ read -r older; read -r newer; read -r two; } <"$dir/ids"

"$habeas" serve "$reg" --listen 127.0.0.1:0 --passphrase-fd 3 3<<P >"$dir/out" 2>"$dir/err" &
$pass
P
pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	url=$(grep -o 'http://[0-9.:]*' "$dir/out") && break
	sleep 0.2
done
curl -s -c "$dir/jar" -o "$dir/form" "$url/en/sign-in"
token=$(sed -n 's/.*name="csrf" value="\([^"]*\)".*/\1/p' "$dir/form" | head -1)
curl -s -b "$dir/jar" -c "$dir/jar" -o /dev/null "$url/en/sign-in" --data-urlencode "csrf=$token" \
	--data-urlencode "then=" --data-urlencode "passphrase=$pass"
see() { code=$(curl -s --max-time 20 -b "$dir/jar" -o "$dir/body" -w '%{http_code}' "$url$1"); }
has() { grep -qE -- "$1" "$dir/body"; }
hasnt() { ! grep -qE -- "$1" "$dir/body"; }

see /en/tolls
ok "the list leads to each estimate" has "href=\"/en/toll/$older\""
ok "with both ends" has '>[0-9]+ to [0-9]+</td>'
ok "and says what is withheld" has '>withheld</td>'
see "/en/toll/$newer"
ok "an estimate has a page" [ "$code" = 200 ]
ok "with a picture that has a name and a description" has '<svg class="chart" role="img" aria-labelledby="chart-title chart-text"'
ok "a whisker for each number that is said" \
	[ "$(grep -o '<circle' "$dir/body" | wc -l)" = "$(sed '/<\/table>/q' "$dir/body" | grep -cE '>[0-9,]+ to [0-9,]+</td>')" ]
ok "and the same numbers in a table" has '>[0-9]+ to [0-9]+</td>'
ok "what is assumed" has 'nobody is impossible to list'
ok "what it would be without each list" has 'without the list &quot;Araz&quot;.*'
ok "and with another prior" has 'prior people in each cell 0.01'
ok "and for other ξ" has 'ξ = 0.5'
ok "the receipt" has 'Receipt: data [0-9a-f]{16}'
ok "no word of a newer one" hasnt 'A newer estimate'
see "/en/toll/$older"
ok "an older estimate of the same question names the newer one" has "A newer estimate.*href=\"/en/toll/$newer\""
see "/en/toll/$two"
ok "withheld numbers are not drawn" [ "$(grep -o '<circle' "$dir/body" | wc -l)" -le 1 ]
ok "nor is anything said around them" hasnt 'prior people in each cell|ξ = '
ok "and why is said" has 'withheld: fewer than three lists'
see "/fa/toll/$newer"
ok "in Persian, in its digits" has '<text [^>]*>(۱|۲|۳)(۰|۱|۲|۳|۴|۵|۶|۷|۸|۹){2}</text>'
ok "and from the right" has 'dir="rtl"'
see "/az/toll/$newer"
ok "in Azerbaijani" has 'siyahıda: [0-9]'
see /en/toll/0123456789abcdef
ok "an unknown estimate is 404" [ "$code" = 404 ]
see '/en/toll/%3Cb%3E'
ok "so is what is no id" [ "$code" = 404 ]
person=$(run list "$reg" --csv | sed -n '2s/.*\([0-9a-f]\{16\}\).*/\1/p')
see "/en/toll/$person"
ok "and a person" [ "$code" = 404 ]
[ "$failed" = 0 ]
