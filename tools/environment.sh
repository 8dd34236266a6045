#!/bin/sh
# Make .venv hold what requirements.lock asks for; do nothing when it does already.
# PYTHON=… names an interpreter; otherwise the one in .venv, or the first that fits, is used.
set -eu
cd "$(dirname "$0")/.."
unset PYTHONPATH PYTHONHOME # what they name would stand before the pinned packages

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

# Print the path of a Python that uv has or downloads; fail where there is no uv.
uv_interpreter() {
    uv=$(command -v uv || command -v "${HOME:-}/.local/bin/uv") || return
    echo "No Python 3.11, 3.12 or 3.13 is installed: uv provides one." >&2
    "$uv" python install --quiet 3.13 || return
    interpreter "$("$uv" python find --python-preference only-managed --no-project --system 3.13)"
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
    [ -z "${PYTHON:-}" ] && uv_interpreter && return
    echo "No Python 3.11, 3.12 or 3.13 runs as $*: name one (make book PYTHON=/path/to/python3.13)" \
        "or get uv, which installs one: curl -LsSf https://astral.sh/uv/install.sh | sh" >&2
    return 1
}

refuse() {
    echo "$*" >&2
    exit 1
}

base=$(find_interpreter)
wanted="$("$base" -VV) in $(pwd) with $(cksum <requirements.lock)"
if [ "$wanted" = "$(cat "$stamp" 2>/dev/null)" ]; then
    exit
fi
if [ -h .venv ]; then
    refuse ".venv is a link to $(readlink .venv), which is left as it is: remove the link (rm .venv)" \
        "and call make again."
fi
if ! "$base" -c 'import ensurepip, venv' 2>/dev/null; then
    refuse "$base makes no environments: install its venv module (Debian: apt install python3-venv)"
fi
[ -w . ] || refuse "$(pwd) cannot be written: copy the book to a folder of your own."

# One call installs and the others wait: this script goes on with a lock that ends with its last
# process, however it ends. What an interrupted one left has no stamp, and is cleared.
if [ -z "${DSL_LOCKED:-}" ]; then
    export PYTHON="$base"
    exec "$base" -c '
import fcntl, os
lock = os.open(".venv.lock", os.O_CREAT | os.O_RDWR)
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError:
    print("Another call is installing into .venv: waiting for it.", flush=True)
    fcntl.flock(lock, fcntl.LOCK_EX)
os.set_inheritable(lock, True)
os.environ["DSL_LOCKED"] = "1"
os.execvp("sh", ["sh", "tools/environment.sh"])'
fi
echo "Installing the pinned packages into .venv, once; this takes a minute or more."
rm -rf .venv
"$base" -m venv .venv
pip() { "$python" -m pip -qq --disable-pip-version-check install --no-input "$@"; }
pip --require-hashes -r requirements.lock
pip --no-deps --no-build-isolation -e .
echo "$wanted" >"$stamp"
