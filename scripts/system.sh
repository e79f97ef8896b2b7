#!/bin/sh
# Make sure that the programs outside pip and npm are there: system.sh chromium redis-server
set -eu

PATH=$PATH:/usr/sbin # where nginx is, which not every user looks into

missing=
for program in "$@"; do
    command -v "$program" >/dev/null 2>&1 || missing="$missing $program"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086 # one word per package
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "The tests need:$missing. Install them, for example: sudo apt-get install$missing" >&2
    exit 1
fi
