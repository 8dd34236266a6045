"""Measurements that a command stores and the page of evidence shows: seeds, stress runs, times.

A measurement is a small JSON file in book/_data/ that says when, on what and with which versions it
was taken, and of which code: see `tools/shared/provenance.py`.
"""

import datetime
import importlib.metadata
import json
import os
import platform
import re

from tools.shared.notebooks import ROOT

DATA = ROOT / "book" / "_data"
SEEDS = DATA / "seeds"  # one file a week
STRESS = DATA / "stress"  # one file a week that declares stress runs
TIMES = DATA / "times.json"
PACKAGES = ("tensorflow", "keras", "numpy")


def conditions():
    """Return the date, the machine's cores, and the versions that a measurement is taken with."""
    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        versions[name] = version_of(name)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return {"date": today, "cores": os.cpu_count(), "versions": versions}


def version_of(package):
    """Return a package's installed version; TensorFlow's build for CPUs has another name."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return importlib.metadata.version(f"{package}-cpu")


def worst_of(values, at_least=None, at_most=None):
    """Return the value closest to a bound, and how far it keeps away from it; below 0: beyond it.

    Args:
        values: The measured values.
        at_least: Lower bound, or None.
        at_most: Upper bound, or None; at least one of the two is needed.
    """

    def margin(value):
        above = value - at_least if at_least is not None else float("inf")
        below = at_most - value if at_most is not None else float("inf")
        return min(above, below)

    worst = min(values, key=margin)
    return worst, margin(worst)


def store(path, measured):
    """Write a measurement with a line for each claim or week, so that a diff shows what moved."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(measured, indent=1, ensure_ascii=False)
    text = re.sub(r"\[\n[^\"\[\]]*\]", lambda numbers: json.dumps(json.loads(numbers[0])), text)
    path.write_text(text + "\n", encoding="utf-8")


def load(path):
    """Return a stored measurement."""
    return json.loads(path.read_text(encoding="utf-8"))


def stored(folder, week):
    """Return what is stored of a week in a folder of measurements; empty where nothing is."""
    path = folder / f"{week}.json"
    return load(path) if path.exists() else {}
