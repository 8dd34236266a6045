"""What is declared beside a notebook: planted faults and stress runs, a YAML file a week each.

An entry says which cells are changed, and what replaces what: either cell, replace and with, or a
list of these three under changes.
"""

import dataclasses

import yaml

from tools.shared.notebooks import ROOT

FAULTS = ROOT / "tests" / "faults"
STRESS = ROOT / "tests" / "stress"


class DeclarationError(Exception):
    """An entry has another form than it should; the message names the file and the entry."""


@dataclasses.dataclass(frozen=True)
class Fault:
    """A planted error.

    Attributes:
        check: First argument of the check that must refuse it; for an exercise the function's name.
        planted: What is wrong, in words.
        changes: (cell id, code to replace, code to put there) for each change.
    """

    check: str
    planted: str
    changes: tuple


@dataclasses.dataclass(frozen=True)
class StressRun:
    """A run that could overturn results.

    Attributes:
        run: Its name, by which prose quotes it.
        asks: What it could overturn, as a question.
        changes: As of a fault.
        claims: Names of the claims to read, of the notebook or of the code planted.
        seeds: The notebook's seeds to run it with.
    """

    run: str
    asks: str
    changes: tuple
    claims: tuple
    seeds: tuple = (1,)


def faults(week):
    """Return the faults of a week, none where there is no file.

    Raises:
        DeclarationError: If an entry has another form than `Fault` asks for.
    """
    found = []
    for place, entry, changes in entries(FAULTS / f"{week}.yml"):
        words = [entry.pop("check", None), entry.pop("planted", None)]
        if not all(words) or entry:
            raise DeclarationError(f"{place}: write check, planted and {CHANGES}")
        found.append(Fault(*words, changes))
    return found


def stress_runs(week):
    """Return the stress runs of a week, none where there is no file.

    Raises:
        DeclarationError: If an entry has another form than `StressRun` asks for, or two have the
            same name.
    """
    found = []
    for place, entry, changes in entries(STRESS / f"{week}.yml"):
        words = [entry.pop("run", None), entry.pop("asks", None)]
        claims, seeds = tuple(entry.pop("claims", ())), tuple(entry.pop("seeds", (1,)))
        whole = seeds and all(isinstance(seed, int) and seed >= 0 for seed in seeds)
        if not all(words) or not claims or not whole or entry:
            raise DeclarationError(
                f"{place}: write run, asks, claims (a list of names), {CHANGES}; and "
                "perhaps seeds, a list of whole numbers"
            )
        if words[0] in [run.run for run in found]:
            raise DeclarationError(f"{place}: there is a run {words[0]!r} already")
        found.append(StressRun(*words, changes, claims, seeds))
    return found


CHANGES = "either cell, replace and with, or a list of these three under changes"


def entries(path):
    """Yield (place for messages, the rest of the entry, its changes) for each entry of a file."""
    if not path.exists():
        return
    listed = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    for number, entry in enumerate(listed, 1):
        entry, place = dict(entry), f"{path.name}: entry {number}"
        keys = ("cell", "replace", "with")
        changes = entry.pop("changes", None) or [
            {key: entry.pop(key) for key in keys if key in entry}
        ]
        if any(set(change) != set(keys) for change in changes):
            raise DeclarationError(f"{place}: write {CHANGES}")
        yield place, entry, tuple((c["cell"], str(c["replace"]), str(c["with"])) for c in changes)
