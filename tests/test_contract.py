"""Every notebook keeps every rule of the contract."""

import pytest

from tests.contract.lesson import Lesson
from tests.contract.rules import RULES
from tests.faults_runner import load
from tools import configure
from tools.notebooks import find, read, week_of


@pytest.mark.parametrize("path", find(), ids=week_of)
@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_notebook_keeps(rule, path):
    lesson = Lesson(
        file=path.name,
        cells=read(path).cells,
        size=path.stat().st_size,
        setup=configure.setup_cell(*configure.address()),
        faults=frozenset(fault.check for fault in load(week_of(path))),
    )
    problems = rule(lesson)
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)
