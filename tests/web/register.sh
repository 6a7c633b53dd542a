#!/bin/sh
# Usage: register.sh HABEAS DIR [letter]
# A small register at DIR/r.habeas for the tests of the web interface, made by
# `habeas add` alone: invented people, three scripts, hostile names; with `letter`, a
# letter that nobody has adopted.
set -eu
habeas=$1 dir=$2
reg=$dir/r.habeas
export XDG_STATE_HOME="$dir/state"
pass='open sesame, twice'

printf 'root %s\n%s\n' "$pass" "$pass" >"$dir/init"
"$habeas" init "$reg" --organisation 'Prison Watch <b>&' --organisation-fa 'دیده‌بان زندان' \
	--organisation-az 'Həbsxana Nəzarəti' --root "$dir/root" --officer 'Sevil' \
	--recovery "$dir/recovery" --quick --passphrase-fd 3 3<"$dir/init" >/dev/null
run() { "$habeas" "$@" --passphrase-fd 3 3<<X
$pass
X
}
# The record's id is the first word with 16 or more hex digits of what add says.
add() { run add "$reg" "$@" | grep -oE '[0-9a-f]{16,}' | head -1; }

p=$(add person given=Aynur family=Qaradağlı father=Həsən birth=1984 sex=female \
	occupation=müəllim)
add event person="$p" type=arrest date=2020-01-02 facility=Evin charge='§ 500' >/dev/null
q=$(add person given=آینور family=قره‌داغلی father=حسن birth=1360 sex=female)
add event person="$q" type=arrest date=1398/10/15 facility=اوین >/dev/null
add event person="$q" type=transfer date=1398/11 facility='Rəcai Şəhr' ward=7 >/dev/null
run judge "$reg" "$p" "$q" same --reason 'the same father, the same week' >/dev/null
p=$(add person given=Həsən family=Əliyev father=Məmməd birth=1970-05-17 sex=male)
add event person="$p" type=arrest date=2019-11-16 facility=Evin >/dev/null
add event person="$p" type=death date=2020-03-01 facility=Evin cause='heart failure' \
	cause-by='prison administration' >/dev/null
p=$(add person given=Rəşad family=Quliyev sex=male)
add event person="$p" type=arrest date=2019 facility=Təbriz >/dev/null
add event person="$p" type=release date=2020-02-11 >/dev/null
p=$(add person whole=مریم_رضایی father=علی birth=1370)
add event person="$p" type=furlough facility=اوین >/dev/null
# Markup, controls that turn lines around, and a name of 10,000 letters.
p=$(add person given='<script>alert(1)</script>' family='"><img src=x onerror=alert(2)>' \
	father="' onmouseover='alert(3)" occupation='<b>&amp;' note='</td></table><h1>')
add event person="$p" type=arrest date=2020-01-09 facility='<i>Evin</i>"' >/dev/null
add person given="$(printf '\342\200\256gnorw\342\201\246 Kamran\342\200\217')" \
	family="$(printf 'Babayev\342\200\250\302\205')" >/dev/null
add person given=Long family="$(head -c 10000 /dev/zero | tr '\0' x)" >/dev/null

[ "${3:-}" = letter ] || exit 0
mkdir "$dir/letter"
cat >"$dir/letter/head.ini" <<X
name = release
date = 2020-03-27
authentic = en
title.en = Release them
title.fa = آزادشان کنید
title.az = Onları azad edin
[party 1]
root = $(sed -n 2p "$dir/root")
name.en = Prison Watch
name.fa = دیده‌بان زندان
name.az = Həbsxana Nəzarəti
[annex 1]
title.en = Persons held
title.fa = بازداشتیان
title.az = Həbsdə olanlar
query = status=held on=2020-03-27
columns = name, facility
purpose = letter
X
printf 'Excellency,\n\n1. We ask for their release.\n' >"$dir/letter/text.en.md"
printf 'عالی‌جناب،\n\n1. آزادی آنان را خواستاریم.\n' >"$dir/letter/text.fa.md"
printf 'Zati-aliləri,\n\n1. Onların azad edilməsini xahiş edirik.\n' >"$dir/letter/text.az.md"
run letter propose "$reg" "$dir/letter" -o "$dir/letter.bundle" >/dev/null
