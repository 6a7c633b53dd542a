#!/bin/sh
# Usage: http.sh HABEAS
# The web interface over HTTP alone: sessions, tokens, headers, hostile requests and
# hostile names.  Prints one line a check.
set -u
here=$(cd "$(dirname "$0")" && pwd)
habeas=$1
command -v curl >/dev/null || { echo "skip web/http: curl is missing"; exit 77; }
dir=$(mktemp -d) || exit 3
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
export XDG_STATE_HOME="$dir/state" LC_ALL=C.UTF-8
pass='open sesame, twice'
failed=0

ok() { # NAME, then a command that must hold
	name=$1
	shift
	if "$@"; then echo "ok $name"; else echo "not ok $name"; failed=$((failed + 1)); fi
}
run() { "$habeas" "$@" --passphrase-fd 3 3<<X
$pass
X
}
sh "$here/register.sh" "$habeas" "$dir" || { echo "not ok a register is made"; exit 1; }
reg=$dir/r.habeas

: >"$dir/out"
"$habeas" serve "$reg" --listen 127.0.0.1:0 --passphrase-fd 3 3<<X >"$dir/out" 2>"$dir/err" &
$pass
X
pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
	url=$(grep -o 'http://[0-9.:]*' "$dir/out") && break
	sleep 0.2
done
[ -n "$url" ] || { echo "not ok it says where it serves"; cat "$dir/err"; exit 1; }
port=${url##*:}

# get PATH [curl options]: the body in $dir/body, head in $dir/head, code in $code
get() {
	path=$1
	shift
	code=$(curl -s --path-as-is --max-time 20 -o "$dir/body" -D "$dir/head" -w '%{http_code}' \
		"$@" "$url$path")
}
is() { [ "$code" = "$1" ]; }
has() { grep -qF -- "$1" "$dir/body"; }
hasnt() { ! grep -qF -- "$1" "$dir/body"; }
head_has() { tr -d '\r' <"$dir/head" | grep -qi -- "$1"; }
location() { tr -d '\r' <"$dir/head" | sed -n 's/^[Ll]ocation: *//p'; }
is_at() { [ "$(location)" = "$1" ]; }
jar() { curl -s --max-time 20 -b "$dir/jar" -c "$dir/jar" "$@"; }
field() { sed -n "s/.*name=\"$1\" value=\"\([^\"]*\)\".*/\1/p" "$2" | head -1; }
cookie() { awk -v n="habeas-session-$port" '$6 == n { print $7 }' "$dir/jar"; }
sign_in() { # JAR [THEN [PASSPHRASE]]: in a browser of its own
	sed -i '/#HttpOnly_.*habeas-/d' "$1" 2>/dev/null
	curl -s --max-time 20 -b "$1" -c "$1" -o "$dir/form" "$url/en/sign-in"
	code=$(curl -s --max-time 20 -b "$1" -c "$1" -o "$dir/body" -D "$dir/head" \
		-w '%{http_code}' "$url/en/sign-in" --data-urlencode "csrf=$(field csrf "$dir/form")" \
		--data-urlencode "then=${2:-}" --data-urlencode "passphrase=${3:-$pass}")
}
see() { # as get, signed in
	path=$1
	shift
	get "$path" -b "$dir/jar" "$@"
}

# --- before signing in

get /
ok "the root leads to a language" is_at /en/
get /en/persons?search=x%20y
ok "a page without a session leads to signing in, and back" \
	is_at '/en/sign-in?then=persons%3Fsearch%3Dx%2520y'
for p in persons persons.csv persons.json person/P-3 letters letter/x; do
	get "/en/$p"
	ok "$p needs a session" is 303
	ok "$p gives nothing away without a session" [ ! -s "$dir/body" ]
done
get /en/nothing
ok "an unknown page is 404" is 404
get /azb/persons
ok "a language that is not offered is 404" is 404
get /favicon.ico
ok "an unknown file is 404" is 404
ok "an unknown file sets no cookie" [ -z "$(grep -i '^set-cookie' "$dir/head")" ]
get /style.css
ok "the style sheet comes without signing in" head_has '^content-type: text/css'
ok "the style sheet names nothing from elsewhere" hasnt 'url('

for h in 'Content-Security-Policy: default-src .none.' "frame-ancestors 'none'" \
	'X-Frame-Options: DENY' 'X-Content-Type-Options: nosniff' 'Cache-Control: no-store' \
	'Referrer-Policy: no-referrer'; do
	get /en/sign-in
	ok "every page says $h" head_has "$h"
done
head_has "script-src" && { echo "not ok no script is allowed"; failed=$((failed + 1)); }
ok "the cookie is for this server's pages alone" head_has 'HttpOnly; SameSite=Strict'

# --- hostile requests

for name in evil.example "evil.example:$port" 127.0.0.1.evil.example localhost.evil.example; do
	get /en/sign-in -H "Host: $name"
	ok "the host $name is refused" is 421
done
for name in "localhost:$port" "127.0.0.1:$port" "[::1]:$port" abcdefgh.onion; do
	get /en/sign-in -H "Host: $name"
	ok "the host $name is served" is 200
done
for p in '/en/%' '/en/%2' '/en/%zz' '/en/%00' '/en/a%00b' '/en/%ff' '/en/%c0%af' '/en/%ed%a0%80' \
	'/en/persons?search=%ff' '/en/persons?%=1' '/en/persons?a=%u0041'; do
	get "$p"
	ok "broken percent-encoding $p is 400" is 400
done
get "/fa/persons?search=%ff"
ok "the fault is told in the page's language" has 'این نشانی درست نوشته نشده'
for p in '/en/../../etc/passwd' '/en/..%2f..%2fetc%2fpasswd' '//evil.example/' '/en//' '/en/persons/'; do
	get "$p"
	ok "the path $p is 404" is 404
done
get "/en/sign-in?$(head -c 500 /dev/zero | tr '\0' '&')"
ok "five hundred empty parameters do no harm" is 200
get "/en/sign-in?$(seq -s '&' 100)"
ok "too many parameters are 400" is 400
get "/en/$(head -c 100000 /dev/zero | tr '\0' a)"
ok "an address of 100,000 letters is refused" [ "$code" = 414 ]
get /en/sign-in -I
ok "HEAD is answered" is 200
ok "HEAD has no body" hasnt '<html'
for m in PUT DELETE OPTIONS TRACE PATCH FOO; do
	get /en/sign-in -X $m
	ok "$m is 405" is 405
done
ok "405 says what is allowed" head_has '^allow: GET, HEAD, POST'
head -c 100000 /dev/zero | tr '\0' a >"$dir/big"
get /en/sign-in --data-binary "@$dir/big"
ok "a body of 100,000 bytes is 413" is 413
get /en/sign-in -H 'Content-Type: text/plain' --data 'csrf=x'
ok "a form of another type is refused" is 403
for garbage in 'GARBAGE' 'GET' 'GET /en/ HTTP/9.9' 'GET http://evil.example/ HTTP/1.0' '\377\376\001'; do
	printf "$garbage\r\n\r\n" | curl -s --max-time 2 "telnet://127.0.0.1:$port" \
		>>"$dir/garbage" 2>/dev/null
done
ok "what is no request gets nothing" sh -c "! grep -qa '^HTTP.* [23]' '$dir/garbage'"
ok "it still answers" sh -c "curl -s -o /dev/null --max-time 5 '$url/en/sign-in'"

# --- signing in

get /en/sign-in --data-urlencode "passphrase=$pass"
ok "signing in without the form's token is 403" is 403
ok "and gives no session" [ -z "$(grep -i habeas-session "$dir/head")" ]
get /en/sign-in --data-urlencode "passphrase=$pass" --data "csrf=$(printf '0%.0s' $(seq 64))"
ok "signing in with a wrong token is 403" is 403
sign_in "$dir/wrong" '' 'not the passphrase'
ok "a wrong passphrase is 403" is 403
ok "a wrong passphrase is told" has "nobody&#39;s passphrase"
ok "a wrong passphrase is not shown again" hasnt 'not the passphrase'
# A value planted beforehand must not become the session's.
planted=$(printf 'ab%.0s' $(seq 32))
printf '127.0.0.1\tFALSE\t/\tFALSE\t0\thabeas-session-%s\t%s\n' "$port" "$planted" >"$dir/jar"
sign_in "$dir/jar"
ok "the right passphrase leads on" is_at /en/persons
ok "the session's value is new" [ "$(cookie)" != "$planted" ]
ok "the session's value is 256 bits" [ "${#planted}" = "$(cookie | tr -d '\n' | wc -c)" ]
ok "the cookie ends with the browser" [ -z "$(grep -i '^set-cookie.*max-age' "$dir/head")" ]
see /en/persons
ok "signed in, the list is there" is 200
for then in 'https://evil.example/' '//evil.example' '/\evil.example' '\evil' 'javascript:alert(1)' \
	"$(printf 'x\r\nSet-Cookie: a=b')"; do
	sign_in "$dir/then" "$then"
	ok "signing in never leads to another site ($(printf %s "$then" | tr -d '\r\n'))" \
		is_at /en/persons
done
sign_in "$dir/then" 'persons?prison=Evin&search=a%20b'
ok "signing in leads back to the page asked for" is_at '/en/persons?prison=Evin&search=a%20b'
ok "the passphrase is in nothing that was printed" \
	sh -c "! grep -rqF 'open sesame' '$dir/out' '$dir/err' '$dir/head' '$dir/body'"

# --- pages

see '/en/persons'
ok "nothing signed in is kept" head_has '^cache-control: no-store'
ok "no page has a script" hasnt '<script'
ok "no page has an inline style" hasnt 'style='
ok "no page has a handler" hasnt " onmouseover='"
ok "markup in a name is text" has '&lt;script&gt;alert(1)&lt;/script&gt;'
ok "markup in a father's name is text" has '&#39; onmouseover=&#39;alert(3)'
ok "markup in a prison is text, in menus too" has 'value="&lt;i&gt;Evin&lt;/i&gt;&quot;"'
ok "markup in the organisation is text" has 'Prison Watch &lt;b&gt;&amp;'
ok "counts come three ways" has 'by every source that tells of them'
ok "unconfirmed is said" has 'unconfirmed'
ok "long names are cut in lists" [ "$(wc -c <"$dir/body")" -lt 20000 ]
see '/en/person/P-17'
ok "a dossier has no markup of names" hasnt '<img'
ok "a note cannot close the table" has '&lt;/td&gt;&lt;/table&gt;&lt;h1&gt;'
ok "tables have scopes" has 'scope="col"'
for p in persons person/P-19; do
	see "/en/$p"
	ok "$p has no control that turns lines around" \
		sh -c "! grep -qP '[\x{202A}-\x{202E}\x{2066}-\x{2069}\x{200E}\x{200F}]' '$dir/body'"
done
see '/en/person/P-20'
ok "a dossier has the long name whole" has "$(head -c 10000 /dev/zero | tr '\0' x)"
see '/en/person/P-9'
ok "a cause of death is a claim by a party" has '(as a party states it; not established)'
see '/fa/person/P-3'
ok "a Persian page is from right to left" has '<html lang="fa" dir="rtl">'
ok "dates come in the Solar Hijri calendar first" has '۱۲ دی ۱۳۹۸ (۲ ژانویه ۲۰۲۰)'
ok "every value is isolated" has '<bdi>Qaradağlı</bdi>'
ok "who joined its records, and why" has '<bdi>the same father, the same week</bdi>'
ok "that people looked is not put in doubt" hasnt 'هیچ‌کس بازبینی نکرده'
see '/en/person/P-5'
ok "a number that was joined says whose it is now" has '<bdi>P-5</bdi> is now <bdi>P-3</bdi>'
ok "and the dossier tells how" has '<bdi>P-5</bdi> became part of <bdi>P-3</bdi>'
see '/az/persons'
ok "an Azerbaijani page says so" has '<html lang="az" dir="ltr">'
ok "statuses are in the language" has 'azad edilib'

see '/en/persons?search=%D9%82%D8%B1%D9%87%E2%80%8C%D8%AF%D8%A7%D8%BA%D9%84%DB%8C'
ok "Persian finds Latin" has 'Qaradağlı'
see '/en/persons?search=Qarada%C4%9Fl%C4%B1&on='
ok "Latin finds Persian" has 'قره‌داغلی'
ok "what was asked stands in the form" has 'value="Qaradağlı"'
ok "the language links keep the question" has '/fa/persons?search=Qarada%C4%9Fl%C4%B1&amp;on='
see '/en/persons?status=dead'
ok "a status filters" sh -c "grep -q 'Əliyev' '$dir/body' && ! grep -q 'Quliyev' '$dir/body'"
see '/en/persons?prison=T%C9%99briz'
ok "a prison filters" sh -c "grep -q 'Quliyev' '$dir/body' && ! grep -q 'Əliyev' '$dir/body'"
see '/en/persons?prison=Nowhere'
ok "nobody fits: said in words" has 'Nobody fits this filter.'
ok "a prison that no menu has stays chosen" has '<option value="Nowhere" selected>'
see '/en/persons?sort=name'
ok "the order is told to screen readers" has 'aria-sort="ascending"'
see '/en/persons?offset=1000'
ok "past the end there is a page" is 200
for bad in 'status=x' 'on=yesterday' 'on=1398/12/30' 'offset=-1' 'sort=x' 'x=1' 'list=none' 'confirmed=2' \
	'search=%22+status%3Ddead' 'person=P-99999999999999999999'; do
	see "/en/persons?$bad"
	case $bad in
	search=*) ok "a quote in a name is no filter" is 200 ;;
	*) ok "the filter $bad is 400 with a reason" sh -c \
		"[ $code = 400 ] && grep -q 'role=\"alert\"' '$dir/body'" ;;
	esac
done
see '/fa/persons?status=x'
ok "a bad filter is explained in Persian" has 'چنین وضعیتی نیست'
see '/az/persons?on=2020-13-01'
ok "a bad date is explained in Azerbaijani" has 'ay yoxdur'
see '/fa/persons?on=%DB%B1%DB%B3%DB%B9%DB%B9%2F%DB%B1%2F%DB%B8'
ok "a day may be written in Persian digits" is 200
see '/en/person/P-9999'
ok "an unknown person is 404" is 404
see '/en/person/%3Cb%3E'
ok "what is no person's id is 404" is 404
see '/en/letter/..%2f..%2fx'
ok "an unknown letter is 404" is 404
see '/en/tolls'
ok "no estimates: said in words" has 'There is no estimate yet.'
see '/en/letters'
ok "no letters: said in words" has 'There is no letter yet.'
see '/en/persons.json?status=dead'
ok "JSON is JSON" head_has '^content-type: application/json'
ok "JSON says what is unconfirmed" has '"unconfirmed":1'
see '/en/persons.json'
ok "JSON escapes what a browser could take for markup" hasnt '<script'
see '/en/persons.csv'
ok "CSV is a file to save" head_has '^content-disposition: attachment; filename="persons.csv"'
ok "CSV has everybody" has 'Qaradağlı'

# --- other processes

run add "$reg" person given=Yeni family=Gəlmiş >/dev/null 2>"$dir/add"
ok "another process may write while it serves" [ ! -s "$dir/add" ]
see /en/persons
ok "what another process wrote is seen" has 'Gəlmiş'
run rebuild "$reg" >/dev/null 2>&1
see /en/persons
ok "a rebuilt index is taken up" sh -c "[ $code = 200 ] && grep -q 'Gəlmiş' '$dir/body'"
last=$(run list "$reg" --json | grep -o '"P-[0-9]*"' | tail -1 | tr -d '"')
run erase "$reg" "$last" --reason test --yes >/dev/null 2>"$dir/erase" || cat "$dir/erase"
see /en/persons
ok "who was erased is gone" sh -c "[ $code = 200 ] && ! grep -q 'Gəlmiş' '$dir/body'"

# Roles; and an officer who is revoked while reading.
"$habeas" officer add "$reg" Elvin --role documenter --passphrase-fd 3 3<<X >/dev/null 2>"$dir/officer"
$pass
the passphrase of Elvin
X
sign_in "$dir/elvin" '' 'the passphrase of Elvin'
ok "another officer signs in" is_at /en/persons
get /en/persons -b "$dir/elvin"
ok "a documenter reads the list" has 'Signed in: <bdi>Elvin</bdi>'
ok "and is offered no letters" hasnt 'href="/en/letters"'
get /en/letters -b "$dir/elvin"
ok "a documenter may not read letters" is 403
get /fa/letters -b "$dir/elvin"
ok "and is told so in the page's language" has 'نقش شما اجازهٔ دیدن این صفحه را ندارد'
run officer revoke "$reg" Elvin --reason left >/dev/null 2>>"$dir/officer"
get /en/persons -b "$dir/elvin"
ok "the session of a revoked officer is over" is 303
see /en/persons
ok "and the others go on" is 200
[ ! -s "$dir/officer" ] || cat "$dir/officer"

for i in 1 2 3 4 5 6 7 8; do
	curl -s --max-time 60 -b "$dir/jar" -o "$dir/many.$i" -w '%{http_code}\n' \
		"$url/az/persons?sort=name" >"$dir/code.$i" &
	many="${many:-} $!"
done
# A client that sends its request a byte at a time holds nobody up.
(printf 'GET /en/sign-in HTTP/1.1\r\nHo'; sleep 3) | timeout 5 curl -s --max-time 5 \
	"telnet://127.0.0.1:$port" >/dev/null 2>&1 &
slow=$!
# shellcheck disable=SC2086
wait $many
ok "eight at once are all answered" [ "$(cat "$dir"/code.* | sort | uniq -c | tr -s ' ')" = ' 8 200' ]
see /en/persons
ok "a slow client holds nobody up" is 200
wait $slow

# --- signing out

see /en/sign-out
ok "signing out by a link is 405" is 405
see /en/sign-out -d csrf=wrong
ok "signing out needs the token" is 403
see /en/persons
token=$(field csrf "$dir/body")
see /en/sign-out -d "csrf=$token" -H 'Sec-Fetch-Site: cross-site'
ok "a form of another site is refused" is 403
see /en/persons
ok "and the session goes on" is 200
old=$(cookie)
see /en/sign-out -d "csrf=$token"
ok "signing out leads to signing in" is_at /en/sign-in
ok "the cookie is taken back" head_has 'Max-Age=0'
get /en/persons -b "habeas-session-$port=$old"
ok "the old session is over" is 303

for i in 1 2 3 4; do sign_in "$dir/wrong" '' "wrong $i"; done
sign_in "$dir/wrong"
ok "after many wrong passphrases even the right one must wait" is 403
ok "and that is said" has 'wait a minute'

kill -TERM "$pid"
began=$(date +%s)
wait "$pid"
ended=$?
pid=
ok "SIGTERM ends it with 0" [ "$ended" = 0 ]
ok "and soon" [ $(($(date +%s) - began)) -lt 5 ]
ok "nothing was said on standard error" [ ! -s "$dir/err" ]
"$habeas" serve "$reg" --listen nonsense --passphrase-fd 3 3<<X >/dev/null 2>"$dir/err"
$pass
X
ok "an address that is none is bad usage" [ $? = 2 ]
[ "$failed" = 0 ]
