"""Rules on numbers in the prose: each is bound to an output, or said to be given."""

import re
import statistics

from tests.contract.lesson import COMMENT, INLINE_CODE, LINK_TARGET, MATH, URL, strip
from tests.contract.rules import rule
from tools.shared.cells import bounds_of, result_of
from tools.shared.measurements import worst_of

NUMBER = r"[-+−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?"
BOUND = re.compile(rf"({NUMBER})(\s*%|\s+[^\W\d]+)?[*_`]*<!--\s*=\s*(.+?)\s*-->")
LOOSE = re.compile(r"\d[\d,]*\.\d+|\d{1,3}(?:,\d{3})+|\d+(?=\s*%)")


@rule
def bound_numbers(lesson):
    """A number bound to an output by `<!-- =name -->` agrees with it at the digits shown."""
    facts = stored_facts(lesson)
    for cell in lesson.prose:
        text = strip(cell.source)
        if len(re.findall(r"<!--\s*=", text)) != len(BOUND.findall(text)):
            yield cell.id, "put <!-- =name --> directly behind a number, its % or its unit"
        for shown, unit, name in BOUND.findall(text):
            if name == "given":
                continue
            value = re.match(rf"({NUMBER})(?![\w.])", facts.get(name) or "")
            if not value and " @ " in name:
                yield cell.id, f"nothing is stored for {name!r}: run make seeds or make stress"
            elif not value:
                yield cell.id, f"no checks.fact or claim prints a number for {name!r}"
            elif not agrees(shown, value[0], scale=100 if unit.strip() == "%" else 1):
                yield cell.id, f"{shown}{unit} in the prose, but {name!r} is {value[0]}"


def stored_facts(lesson):
    """Return {name: what is printed for it} for the facts and claims of a notebook.

    To these come what is stored of its claims: `claim @ worst seed`, `claim @ median seed`, and the
    mean over the seeds of a stress run, `claim @ run`.
    """
    facts, stored = {}, {}
    for cell, check in lesson.checks:
        if check.kind in ("fact", "claim"):
            facts[check.name] = result = result_of(cell, check)
            values = lesson.seeds.get(check.name)
            if values and result:
                stored[f"{check.name} @ worst seed"] = worst_of(values, **bounds_of(result))[0]
                stored[f"{check.name} @ median seed"] = statistics.median(values)
    for run, claims in lesson.stress.items():
        stored |= {f"{name} @ {run}": statistics.mean(values) for name, values in claims.items()}
    return facts | {name: f"{value:.10f}" for name, value in stored.items()}


def agrees(shown, value, scale):
    """Tell whether a value, times scale, rounds to the number shown."""
    shown, value = (text.replace(",", "").replace("−", "-") for text in (shown, value))
    mantissa, _, exponent = shown.partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    return abs(float(value) * scale - float(shown)) <= 0.5 * 10**-decimals * (1 + 1e-9)


@rule
def loose_numbers(lesson):
    """A number in prose with a decimal point, a thousands comma or a % is bound or given."""
    for cell in lesson.prose:
        text = BOUND.sub("", strip(cell.source, MATH))
        text = strip(text, INLINE_CODE, COMMENT, LINK_TARGET, URL)
        for number in LOOSE.findall(text):
            yield (
                cell.id,
                f"bind {number} to an output by <!-- =name --> directly behind it, or write "
                "<!-- =given --> if it is not a result",
            )
