#!/bin/sh
# Install what packages.txt names and this machine lacks.  Debian 12 and later.
# Usage: tools/need.sh   (from the root of the sources)
set -eu

missing=
while read -r name _; do
	case $name in ''|'#'*) continue ;; esac
	dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' ||
		missing="$missing $name"
done < packages.txt
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
	as_root=
elif command -v sudo >/dev/null; then
	as_root=sudo
	echo "These Debian packages are missing and will be installed through sudo:$missing"
else
	echo "Missing Debian packages, and neither root nor sudo here. As root, run:" >&2
	echo "  apt-get install$missing" >&2
	exit 3
fi
echo "Installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -q >/dev/null
# shellcheck disable=SC2086  # the words are package names
$as_root apt-get install -y -q --no-install-recommends $missing >/dev/null
