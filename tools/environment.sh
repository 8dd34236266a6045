#!/bin/sh
# Make .venv hold what requirements.lock asks for; do nothing when it does already.
# PYTHON=… names an interpreter; otherwise the one in .venv, or the first that fits, is used.
set -eu
cd "$(dirname "$0")/.."

python=.venv/bin/python
stamp=.venv/complete

# Print the path of the interpreter that command $1 runs; fail if it does not run or fit.
interpreter() {
    "$1" -c '
import sys
if not (3, 11) <= sys.version_info < (3, 14):
    sys.exit(1)
print(sys._base_executable)' 2>/dev/null
}

find_interpreter() {
    if [ -n "${PYTHON:-}" ]; then
        set -- "$PYTHON"
    else
        set -- "$python" python3.13 python3.12 python3.11 python3 python
    fi
    for candidate; do
        interpreter "$candidate" && return
    done
    echo "No Python 3.11, 3.12 or 3.13 runs as $*: install one (Debian: apt install python3" \
        "python3-venv), or name one: make book PYTHON=/path/to/python3.13" >&2
    return 1
}

base=$(find_interpreter)
wanted="$("$base" -VV) in $(pwd) with $(cksum <requirements.lock)"
if [ "$wanted" = "$(cat "$stamp" 2>/dev/null)" ]; then
    exit
fi
if ! "$base" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "$base makes no environments: install its venv module (Debian: apt install python3-venv)" >&2
    exit 1
fi
echo "Installing the pinned packages into .venv, once; this takes a minute or more."
"$base" -m venv --clear .venv
pip() { "$python" -m pip -qq --disable-pip-version-check install --no-input "$@"; }
pip --require-hashes -r requirements.lock
pip --no-deps --no-build-isolation -e .
echo "$wanted" >"$stamp"
