"""The rules about results: bounds that carry their sentence, and what could overturn it."""

import ast
import re
import statistics

from tests.contract.rules import rule, weekly
from tools.shared.cells import bounds_of, result_of

NAMED = re.compile(r"<!--\s*=\s*([^@]+?)\s*(?:@.+?)?-->")


@rule
def plain_bounds(lesson):
    """A claim's bounds are numbers, written by name where the claim is made."""
    for cell, check in lesson.checks:
        if check.kind != "claim":
            continue
        bounds = {k.arg: k.value for k in check.call.keywords if k.arg in ("at_least", "at_most")}
        if len(check.call.args) > 2 or not bounds or not all(map(is_number, bounds.values())):
            yield cell.id, f"{check.name!r}: write its bound as a number: at_least=0.9"


def is_number(node):
    """Tell whether an expression is a number as it stands."""
    try:
        return isinstance(ast.literal_eval(node), (int, float))
    except ValueError:
        return False


@rule
def bounds_carry(lesson):
    """No bound would be kept by the opposite of what was measured.

    A difference that is 0.8 and must be "at least -9" says nothing: -0.8 would pass, too.
    """
    for cell, check in lesson.checks:
        values, result = lesson.seeds.get(check.name), result_of(cell, check)
        if check.kind != "claim" or not values or not result:
            continue
        (word, bound), *more = bounds_of(result).items()
        measured = statistics.median(values)
        if more or measured * bound >= 0:  # about equal; or a bound on the measured side of zero
            continue
        opposite = -measured
        if opposite >= bound if word == "at_least" else opposite <= bound:
            said = f"{word.replace('_', ' ')} {bound:g}"
            yield (
                cell.id,
                f"{check.name!r} is {measured:.3g} over the seeds, and {opposite:.3g} would be "
                f"{said}, too: set a bound that its sentence needs, or two if it says about equal",
            )


@weekly
def main_results(lesson):
    """What the first box or What to remember states was measured over seeds and under stress."""
    if lesson.draft:
        return
    claims = {check.name for _, check in lesson.checks if check.kind == "claim"}
    stressed = {name for run in lesson.stress.values() for name in run}
    remember = [cell for title, cell in lesson.sections() if title == "What to remember"]
    for cell in [lesson.cells[0], *remember]:
        for name in dict.fromkeys(NAMED.findall(cell.source)):
            if name in claims and name not in lesson.seeds:
                yield cell.id, f"{name!r} is not measured over seeds: make seeds NB={lesson.week}"
            if name in claims and name not in stressed:
                yield (
                    cell.id,
                    f"{name!r} has no stress run: declare in tests/stress/{lesson.week}.yml what "
                    f"could overturn it, then make stress NB={lesson.week}",
                )
