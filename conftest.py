"""Make every pytest run offline, and let nbval compare the figures too."""

import os
import runpy
import textwrap

import pytest
from nbval.plugin import NbCellError

from tools.shared.figures import disagreement, figures, is_trained
from tools.shared.notebooks import OFFLINE, ROOT, SANITIZER, week_of

os.environ.update(OFFLINE)
runpy.run_path(str(ROOT / "tools" / "shared" / "offline" / "sitecustomize.py"))


def pytest_addoption(parser):
    """Add an option."""
    help = "after nbval has executed a notebook, plant its faults there; compare explorable pages"
    parser.addoption("--faults", action="store_true", help=help)


def pytest_collection_modifyitems(config, items):
    """Add the tests in a notebook's kernel where they are asked for."""
    if config.option.faults:
        # `make matrix` runs without the tests.
        from tests.kernel_tests import add_tests

        add_tests(items)


def pytest_configure(config):
    """Give nbval this project's settings, also when it is called by hand."""
    if config.option.nbval:
        config.option.nbval_current_env = True
        config.option.nbval_sanitize_with = str(SANITIZER)
        config.option.nbval_cell_timeout = 300


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Name the cell that nbval refuses, and refuse what nbval overlooks.

    It overlooks another picture, and a cell that was never executed.
    """
    cell = getattr(item, "cell", None)
    if cell is None:
        return (yield)
    place = f"{item.path.name}: {cell.get('id')}"
    remedy = f"If that is right, run: make refresh NB={week_of(item.path)}"
    try:
        result = yield
    except NbCellError as error:
        differs = "outputs differ" in str(error)
        error.args = (f"{place}: {error}{f'. {remedy}' if differs else ''}",)
        raise
    if cell.execution_count is None:
        item.raise_cell_error(f"{place}: the cell was never executed", remedy)
    problem = disagreement(figures(cell.outputs), figures(item.test_outputs), is_trained(cell))
    if problem:
        item.raise_cell_error(f"{place}: {problem}", remedy)
    return result


def pytest_terminal_summary(terminalreporter):
    """Print the planted faults and what refused them, unless -q asks for less."""
    if terminalreporter.config.option.verbose < 0:
        return
    write, reports = terminalreporter.write_line, terminalreporter.getreports("passed")
    rows = [value for report in reports for key, value in report.user_properties if key == "fault"]
    if rows:
        write("\n| week | planted | refused by | seconds |\n| --- | --- | --- | --- |")
    for week, planted, refusal, seconds in sorted(rows, key=lambda row: row[0]):
        write(f"| {week} | {planted} | {textwrap.shorten(refusal, 120)} | {seconds:.1f} |")
