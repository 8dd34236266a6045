"""A row of evidence for every check: its result, what was planted against it, seeds, stress runs.

A check's line on its notebook's page leads to its row here. A row is HTML: it needs an anchor.
"""

import re
import statistics
from html import escape

from book._ext.cells import label
from book._ext.check_lines import row_ids, scale
from tools.shared.cells import bounds_of, checks_of, result_of, slug
from tools.shared.measurements import worst_of
from tools.shared.notebooks import week_of

COLUMNS = {
    "claim": ("claim", "measured", "bound", "worst seed", "median seed", "margin"),
    "equal": ("proof", "tolerance"),
    "fact": ("fact", "value"),
    "exercise": ("exercise", "cases"),
}


def stated(cells, kind):
    """Return (cell, check, what it printed) for each check of a kind."""
    return [(cell, c, result_of(cell, c)) for cell, c in checks_of(cells) if c.kind == kind]


def table(header, rows):
    """Return an HTML table that says beside each value, for narrow screens, what it is.

    Args:
        header: The columns' names.
        rows: (anchor, the columns' HTML) for each row.
    """

    def cells(columns):
        first, *others = columns
        labeled = zip(header[1:], others, strict=True)
        return f"<td>{first}</td>" + "".join(
            f'<td data-label="{name}">{column}</td>' for name, column in labeled
        )

    heads = "".join(f"<th>{name}</th>" for name in header)
    body = "\n".join(f'<tr id="{anchor}">{cells(columns)}</tr>' for anchor, columns in rows)
    return (
        f'<div class="pst-scrollable-table-container"><table class="table rows">'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


def rows(path, cells, kind, faults=(), seeds=None, runs=None):
    """Return (anchor, columns) for each check of a kind.

    Args:
        path: The notebook's path.
        cells: Its cells.
        kind: "fact", "equal", "claim" or "exercise".
        faults: What is planted against the week's checks.
        seeds: {claim: its values under other seeds}.
        runs: The week's stress runs: {name: what `make stress` stored}.
    """
    ids = row_ids(week_of(path), cells)
    columns = {"claim": claim, "equal": proof, "fact": fact, "exercise": exercise}[kind]
    found = []
    for cell, check, result in stated(cells, kind):
        name, *others = columns(check, result, (seeds or {}).get(check.name))
        place = label(path, cell.id.replace("solution", "exercise"))
        name = f'<a href="../notebooks/{path.stem}.html#{place}">{name}</a>'
        notes = planted(check.name, faults) + stress_of(check.name, result, runs or {})
        found.append((ids[check.name], [name + notes, *others]))
    return found


def claim(check, result, seeds):
    """Return a claim's columns: name, result, bound with its scale, and the numbers over seeds."""
    shown, _, bound = result.partition(" (")
    over_seeds = ["not measured", "", ""]
    if seeds:
        worst, margin = worst_of(seeds, **bounds_of(result))
        numbers = [worst, statistics.median(seeds), margin]
        over_seeds = [number_like(result, number) for number in numbers]
        if len(set(seeds)) == 1 and len(seeds) > 1:
            over_seeds[0] += ", all the same"
    bound = f"{escape(bound.rstrip(')'))} {scale(result, seeds or ())}"
    return [escape(check.name), escape(shown), bound, *over_seeds]


def proof(check, result, _):
    """Return a proof's columns: what was compared, and how closely it agrees."""
    names, _, tolerance = result.rpartition("(rtol ")
    return [f"{escape(check.name)} {escape(names)}".strip(), tolerance.rstrip(")")]


def fact(check, result, _):
    """Return a fact's columns: its name and its value."""
    return [escape(check.name), escape(result)]


def exercise(check, result, _):
    """Return an exercise's columns: the learner's function, and how many cases check it."""
    return [f"<code>{escape(check.name)}</code>", result.split()[-2]]


def number_like(result, number):
    """Return a number with as many decimals as a claim printed."""
    return f"{number:.{len(result.split()[0].partition('.')[2])}f}"


def planted(name, faults):
    """Return in words what was planted against a check and refused by it."""
    words = [escape(fault.planted) for fault in faults if fault.check == name]
    return f"<p><b>Refused:</b> {'; '.join(words)}</p>" if words else ""


def stress_of(name, result, runs):
    """Return what the stress runs that read a claim measured for it, a line for each."""
    lines = [
        f"<p><b>Stress:</b> {escape(title)}: {escape(run['asks'])} "
        f"{values_of(run['claims'][name], result)}</p>"
        for title, run in runs.items()
        if name in run["claims"]
    ]
    return "".join(lines)


def values_of(measured, result="0.000"):
    """Return the values that a stress run stored for a claim, and how many seeds they are of."""
    values = measured["values"]
    words = f"<em>{', '.join(number_like(result, value) for value in values)}</em>"
    return f"{words} (seeds {', '.join(map(str, measured['seeds']))})" if len(values) > 1 else words


def stress_table(week, cells, runs):
    """Return the table of a week's stress runs: what each asks, and what came out.

    Args:
        week: The notebook's week.
        cells: Its cells.
        runs: {name: what `make stress` stored}.
    """
    results = {check.name: result for _, check, result in stated(cells, "claim")}
    found = []
    for title, run in runs.items():
        lines = [
            f"{escape(name)}: {values_of(measured, results.get(name) or '0.000')}"
            for name, measured in run["claims"].items()
        ]
        seconds = f"{run['seconds']:,.0f}"
        columns = [escape(title), escape(run["asks"]), "<br>".join(lines), seconds]
        found.append((f"stress-{week}-{slug(title)}", columns))
    return table(("stress run", "what it asks", "what came out", "seconds"), found)


def details(path, cells, faults=(), seeds=None, runs=None):
    """Return all of one notebook, a folded table for each kind of check; arguments as of `rows`."""
    names = {"claim": "claims", "equal": "proofs", "fact": "facts", "exercise": "exercises"}
    text = []
    for kind, name in names.items():
        if found := rows(path, cells, kind, faults, seeds, runs):
            text.append(fold(f"{len(found)} {name}", table(COLUMNS[kind], found)))
    if runs:
        text.append(fold(f"{len(runs)} stress runs", stress_table(week_of(path), cells, runs)))
    return "\n\n".join(text)


def fold(summary, html):
    """Return HTML folded under its summary, as Markdown takes it: no blank lines in between."""
    return re.sub(r"\n\s*\n", "\n", f"<details><summary>{summary}</summary>\n{html}\n</details>")
