#!/bin/sh
# Prints the interpreter to make .venv with: $PYTHON where it is set, else the first one that the
# tested versions have wheels for (3.11 to 3.14), else one that is newer still. A name on PATH
# proves nothing, since version managers leave stubs there: each candidate is started.
set -u
seen=""
newer=""
if [ -n "${PYTHON:-}" ]; then
    set -- "$PYTHON"
else
    set -- python3 python3.14 python3.13 python3.12 python3.11 .venv/bin/python
fi
for candidate in "$@"; do
    version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) ||
        continue
    case $version in
    3.11 | 3.12 | 3.13 | 3.14)
        printf '%s\n' "$candidate"
        exit 0
        ;;
    3.1[5-9] | 3.[2-9]?) newer=${newer:-$candidate} ;;
    *) seen="$seen${seen:+, }$candidate is $version" ;;
    esac
done
if [ -n "$newer" ]; then
    printf '%s\n' "$newer"
    exit 0
fi
[ -n "$seen" ] || seen="$1 does not run"
printf '%s\n' "Fovea needs Python 3.11 or newer; here $seen." \
    "Install a newer Python (on Debian and Ubuntu: apt install python3 python3-venv)," \
    "or name the one to use: make run PYTHON=/path/to/python3.12" >&2
exit 1
