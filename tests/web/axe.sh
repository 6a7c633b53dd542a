#!/bin/sh
# Usage: axe.sh HABEAS GENERATE
# axe-core (from npm, into a directory that is removed) over every page, in the
# languages' three directions of reading and 400 pixels.  Skips without npm.
here=$(cd "$(dirname "$0")" && pwd)
command -v npm >/dev/null && command -v chromedriver >/dev/null ||
	{ echo "skip web/axe: npm or chromedriver is missing"; exit 77; }
dir=$(mktemp -d) || exit 3
trap 'rm -rf "$dir"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$dir/npm" axe-core@4 \
	>/dev/null 2>&1 || { echo "skip web/axe: npm has no axe-core for us"; exit 77; }
sh "$here/register.sh" "$1" "$dir" letter || exit 3
estimate=$(sh "$here/estimate.sh" "$1" "$2" "$dir" | head -1)
node "$here/axe.js" "$1" "$dir" "$dir/npm/node_modules/axe-core/axe.min.js" "$estimate"
