"""Which code a measured number belongs to, so that a stored number of other code is noticed.

Only the cells that a claim's value depends on count, and of them only what computes: prose,
comments, bounds, checks, prints and figures may change without making a measurement stale.
"""

import ast
import hashlib

from tools.shared.cells import checks_in, parse
from tools.shared.footprint import fixed_names, footprint, root
from tools.shared.planting import Links, PlantError, plant


def claims_code(sources):
    """Return {claim: a short hash of the code that its value depends on}.

    Args:
        sources: The sources of a notebook's code cells, in order. The first one, the setup cell, is
            left out: the book's address stands in it.
    """
    kept = [essential(source) for source in sources]
    imports = {name: line for source in sources for name, line in imported(source).items()}
    fixed = set().union(*map(fixed_names, sources))
    links = Links(kept, {}, fixed.__contains__)
    prints = [footprint(source) for source in kept]
    assigned = set().union(*(one.binds - one.loops for one in prints))
    for provides, one in zip(links.provides, prints, strict=True):
        provides -= one.loops & assigned  # what a loop leaves behind is not what is read later
    codes = {}
    for index, source in enumerate(sources):
        for check in checks_in(source):
            if check.kind == "claim":
                value = ast.get_source_segment(source, value_of(check.call))
                needed = links.needed(index, footprint(value).reads) - {0}
                reads = footprint(value).reads.union(*(links.reads[one] for one in needed))
                lines = sorted({imports[name] for name in reads if name in imports})
                code = [*lines, *(kept[one] for one in sorted(needed) if kept[one]), value]
                text = "\0".join(code).encode("utf-8")
                codes[check.name] = hashlib.sha256(text).hexdigest()[:12]
    return codes


def value_of(call):
    """Return the expression of a claim's value."""
    by_keyword = [keyword.value for keyword in call.keywords if keyword.arg == "value"]
    return [*call.args[1:2], *by_keyword][0]


def imported(source):
    """Return {name: the import that binds it} of a cell."""
    found = {}
    for node in parse(source).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                found[name] = f"{getattr(node, 'module', '')} {alias.name} as {name}"
    return found


def essential(source):
    """Return a cell's code without imports, comments, checks and prints."""
    lines, kept = source.splitlines(), []
    for node in parse(source).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        if isinstance(node, ast.Expr) and root(node.value) in ("checks", "print"):
            continue
        decorated = getattr(node, "decorator_list", [])
        first = min(line.lineno for line in [node, *decorated])
        kept += lines[first - 1 : node.end_lineno]
    kept = [line.rstrip() for line in kept if line.strip() and line.strip()[0] != "#"]
    return "\n".join(kept)


def stale_seeds(week, stored, sources):
    """Return what of a week's values over seeds does not belong to its notebook's code, in words.

    Args:
        week: Such as `c4w2`.
        stored: What `make seeds` stored, empty where nothing is.
        sources: The sources of the notebook's code cells.

    Returns:
        A line for each claim that is missing, gone, or computed by other code now.
    """
    codes, file = claims_code(sources), f"book/_data/seeds/{week}.json"
    known = stored["code"] if stored else {}
    wrong = {name: "is not measured" for name in codes.keys() - known.keys()}
    wrong |= {name: "is no claim of the notebook" for name in known.keys() - codes.keys()}
    for name in codes.keys() & known.keys():
        if codes[name] != known[name]:
            wrong[name] = "was measured with other code"
    return [f"{file}: {name!r} {what}: make seeds NB={week}" for name, what in wrong.items()]


def stale_in_run(run, stored, ids, sources):
    """Return what of a stress run's stored values does not belong to the code, in words.

    Args:
        run: A `StressRun`.
        stored: What `make stress` stored of it, or None.
        ids: The ids of the notebook's code cells.
        sources: Their sources.
    """
    if stored is None:
        return ["is not measured"]
    changed = dict(zip(ids, sources, strict=True))
    try:
        changed |= plant(changed, run.changes)
    except PlantError as wrong:
        return [str(wrong)]
    codes, claims = claims_code(list(changed.values())), stored["claims"]
    wrong = [f"has no claim {name!r}" for name in run.claims if name not in codes]
    if set(claims) != set(run.claims):
        return [*wrong, "was measured with other claims"]
    if any(tuple(values["seeds"]) != run.seeds for values in claims.values()):
        wrong.append("was measured with other seeds")
    if stored["asks"] != run.asks:
        wrong.append("asked something else")
    wrong += [
        f"{name!r} was measured with other code"
        for name, values in claims.items()
        if name in codes and values["code"] != codes[name]
    ]
    return wrong


def stale_stress(week, declared, stored, ids, sources):
    """Return what of a week's stress runs is missing, gone or of other code, in words.

    Args:
        week: Such as `c4w2`.
        declared: Its `StressRun`s.
        stored: What `make stress` stored, empty where nothing is.
        ids: The ids of the notebook's code cells.
        sources: Their sources.
    """
    runs = stored["runs"] if stored else {}
    wrong = [(name, "is no longer declared") for name in runs.keys() - {r.run for r in declared}]
    for run in declared:
        found = stale_in_run(run, runs.get(run.run), ids, sources)
        wrong += [(run.run, what) for what in found]
    remedy = f"make stress NB={week}"
    return [f"book/_data/stress/{week}.json: {name!r} {what}: {remedy}" for name, what in wrong]
