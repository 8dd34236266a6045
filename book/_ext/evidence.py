"""The page of evidence: every check of the book, read off the stored outputs.

The page book/evidence.md shows it in place of its comments, such as `<!-- summary -->`. Results
over seeds, stress runs and times are measurements in book/_data/, which `make seeds`, `make stress`
and `make bench` store. A measurement that does not fit the notebooks is a warning, which fails the
build.
"""

import re
from collections import Counter
from pathlib import Path

from sphinx.util import logging

from book._ext.evidence_rows import details, stated
from tools.shared.cells import bounds_of, headings
from tools.shared.declared import FAULTS, faults
from tools.shared.measurements import SEEDS, STRESS, TIMES, load, worst_of
from tools.shared.notebooks import find_all, read, week_of

PAGE = "book/evidence"
NOT_COMPARED = "nbval-ignore-output"
KINDS = {"fact": "facts", "equal": "proofs", "claim": "claims", "exercise": "exercises"}

logger = logging.getLogger(__name__)


def problems(notebooks, seeds, times):
    """Return what is wrong with the measurements: stale or broken evidence.

    Args:
        notebooks: {week: (path, cells)}.
        seeds: {week: what `make seeds` stored}.
        times: What `make bench` stored.

    Returns:
        A line for each problem: the file, the claim, what is wrong and the remedy.
    """
    found = [
        f"{TIMES.name}: {week}: there is no notebook of this week: make bench"
        for week in times.get("seconds", {})
        if week not in notebooks
    ]
    for week, measured in seeds.items():
        if week not in notebooks:
            found.append(f"{week}.json: there is no notebook of this week: remove the file")
            continue
        results = {check.name: result for _, check, result in stated(notebooks[week][1], "claim")}
        for name, values in measured["claims"].items():
            if name not in results:
                what = f"{name!r} is no claim of the notebook: make seeds NB={week}"
                found.append(f"{week}.json: {what}")
                continue
            worst, margin = worst_of(values, **bounds_of(results[name]))
            if margin < 0:
                what = f"{name!r} was {worst:g} under one seed, but the notebook prints "
                remedy = f"mend the experiment or the bound, then make seeds NB={week}"
                found.append(f"{week}.json: {what}{results[name]!r}: {remedy}")
    return found


def title_of(cells):
    """Return a notebook's title."""
    return headings(cells[0])[0][1]


def compared(cells):
    """Return how many outputs the tests compare."""
    return sum(
        len(cell.outputs)
        for cell in cells
        if cell.cell_type == "code" and NOT_COMPARED not in cell.metadata.get("tags", [])
    )


def table(header, rows):
    """Return rows of text as a Markdown table; numbers align right."""
    number = re.compile(r"[-−]?[\d,.]+")
    columns = zip(*rows, strict=True)
    aligned = ["---:" if any(map(number.fullmatch, column)) else "---" for column in columns]
    return "\n".join(f"| {' | '.join(row)} |" for row in [header, aligned, *rows])


def summary(notebooks, times):
    """Return the table of the whole book: a row for each notebook, and one for all."""
    seconds = {week: time["wall"] for week, time in times.get("seconds", {}).items()}
    rows, totals = [], Counter()
    for week, (_, cells) in notebooks.items():
        numbers = {name: len(stated(cells, kind)) for kind, name in KINDS.items()}
        numbers |= {"planted faults": len(faults(week)), "compared outputs": compared(cells)}
        totals.update(numbers)
        time = f"{seconds[week]:.0f}" if week in seconds else "not measured"
        name = f"[{title_of(cells)}](#{week}-evidence)"
        rows.append([name, *(f"{n:,}" for n in numbers.values()), time])
    whole = f"{sum(seconds.values()):,.0f}" if set(notebooks) <= set(seconds) else "not measured"
    rows.append(["**All**", *(f"**{n:,}**" for n in totals.values()), f"**{whole}**"])
    return table(["notebook", *totals, "seconds"], rows)


def conditions(measured):
    """Return in words when and with what a measurement was taken."""
    versions = measured["versions"]
    return (
        f"on {measured['date']} on {measured['cores']} cores, with Python {versions['python']}, "
        f"TensorFlow {versions['tensorflow']}, Keras {versions['keras']} and "
        f"NumPy {versions['numpy']}"
    )


def about_seeds(week, cells, seeds):
    """Return in words how a notebook's claims were measured over seeds."""
    if not stated(cells, "claim"):
        return "It makes no claims, so no seed can change it."
    if week not in seeds:
        return "Its claims were not measured over seeds."
    numbers = ", ".join(map(str, seeds[week]["seeds"]))
    return f"Its claims were measured under the seeds {numbers} {conditions(seeds[week])}."


def about_stress(runs):
    """Return in words when and with what stress runs were run, or nothing where there are none."""
    ran = dict.fromkeys(conditions(run) for run in runs.values())
    return f" Its stress runs ran {'; '.join(ran)}." if ran else ""


def section(path, cells, seeds, stress):
    """Return all of one notebook: a row for each of its checks, folded."""
    week = week_of(path)
    values = seeds.get(week, {}).get("claims", {})
    runs = stress.get(week, {}).get("runs", {})
    about = about_seeds(week, cells, seeds) + about_stress(runs)
    parts = [f"({week}-evidence)=\n### {title_of(cells)}"]
    parts.append(f"[To the notebook](../notebooks/{path.name}). {about}")
    parts.append(details(path, cells, faults(week), values, runs))
    return "\n\n".join(parts)


def fill(app, document, source):
    """Put the evidence into its page."""
    if document != PAGE:
        return
    notebooks = {week_of(path): (path, read(path).cells) for path in find_all()}
    seeds = {path.stem: load(path) for path in sorted(SEEDS.glob("*.json"))}
    times = load(TIMES) if TIMES.exists() else {}
    stress = {path.stem: load(path) for path in sorted(STRESS.glob("*.json"))}
    watched = [*Path(__file__).parent.glob("*.py"), SEEDS, STRESS, TIMES]
    watched += [*SEEDS.glob("*.json"), *STRESS.glob("*.json"), *FAULTS.glob("*.yml")]
    for path in [*watched, *(path for path, _ in notebooks.values())]:
        app.env.note_dependency(str(path))
    for line in problems(notebooks, seeds, times):
        logger.warning(line, location=document)
    parts = {
        "summary": summary(notebooks, times),
        "times": f"Seconds were measured {conditions(times)}." if times else "",
        "details": "\n\n".join(
            section(*notebook, seeds, stress) for notebook in notebooks.values()
        ),
    }
    for name, text in parts.items():
        source[0] = source[0].replace(f"<!-- {name} -->", text)


def setup(app):
    """Register with Sphinx."""
    app.connect("source-read", fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
