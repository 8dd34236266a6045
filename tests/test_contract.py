"""Every notebook keeps every rule of the contract."""

import functools
from pathlib import Path

import pytest

from tests.contract.lesson import Lesson
from tests.contract.rules import RULES
from tools.shared.cells import anchors
from tools.shared.declared import faults
from tools.shared.measurements import SEEDS, STRESS, stored
from tools.shared.notebooks import ROOT, documents, find_all, read, week_of
from tools.write import configure

# A week that is not in the book yet is a draft: some rules wait for it.
IN_THE_BOOK = {week_of(Path(name)) for name in documents()}


@functools.cache
def beside():
    """Return {link: anchors} of all pages; the anchors of a page that is no notebook are None."""
    notebooks = {path.name: anchors(read(path).cells) for path in find_all()}
    return notebooks | {f"../book/{path.name}": None for path in (ROOT / "book").glob("*.md")}


@functools.cache
def lesson(path):
    """Return a notebook as the rules see it."""
    return Lesson(
        file=path.name,
        cells=read(path).cells,
        size=path.stat().st_size,
        setup=configure.setup_cell(*configure.address()),
        faults=frozenset(fault.check for fault in faults(week_of(path))),
        beside=beside(),
        seeds=stored(SEEDS, week_of(path)).get("claims", {}),
        stress={
            run: {name: claim["values"] for name, claim in entry["claims"].items()}
            for run, entry in stored(STRESS, week_of(path)).get("runs", {}).items()
        },
        draft=week_of(path) not in IN_THE_BOOK,
    )


@pytest.mark.parametrize("path", find_all(), ids=week_of)
@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_notebook_keeps(rule, path):
    problems = rule(lesson(path))
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


def test_every_page_is_in_the_book():
    listed = documents()
    pages = [*find_all(), *sorted((ROOT / "book").glob("*.md"))]
    missing = [path.relative_to(ROOT) for path in pages]
    missing = [path for path in missing if str(path.with_suffix("")) not in listed]
    if missing:
        lines = (f"{path}: name it in _toc.yml, or nobody will see it" for path in missing)
        pytest.fail("\n".join(lines), pytrace=False)
