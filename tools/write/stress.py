"""Run what could overturn a week's main results: `make stress NB=c4w2 [RUN="ten times"] [FRESH=1]`.

tests/stress/<week>.yml declares the runs: more training, another learning rate, a larger model, the
missing arm, the cause taken away. The notebook is executed once; a run then re-runs only the cells
that depend on its changes, and notes its claims instead of judging them. The values are stored in
book/_data/stress/ with the code that they belong to. The page of evidence shows them, and prose
quotes them, `0.91<!-- =claim @ run -->`. A run whose stored values still belong to the code is left
as it is. All this may take minutes to hours, and is never part of `make test`.
"""

import argparse
import os
import statistics
import sys
import time

from tools.shared.cells import checks_in
from tools.shared.declared import stress_runs
from tools.shared.measurements import STRESS, conditions, load, store
from tools.shared.notebooks import OFFLINE, code_cells, find, week_of
from tools.shared.planting import PlantError, Replay
from tools.shared.provenance import claims_code, stale_in_run
from tools.shared.recording import claims_noted


def measure(replay, run, seed):
    """Re-run what depends on a stress run's changes, and return the run's claims.

    Args:
        replay: The executed notebook.
        run: A `StressRun`.
        seed: The notebook's seed; another one than 1 re-runs all that depends on it.

    Returns:
        {claim: value}.

    Raises:
        PlantError: If a change cannot be planted, a cell fails, or a claim is not made or does not
            depend on the changes.
    """
    variants = replay.plant(run.changes)
    sources = replay.with_variants(variants)
    if seed != 1:
        variants[0] = sources[0] = sources[0].replace("seed=1", f"seed={seed}")
    ends = claim_cells(sources)
    if unknown := [claim for claim in run.claims if claim not in ends]:
        raise PlantError(f"there is no claim {unknown[0]!r}; there are: {', '.join(ends)}")
    codes, unchanged = claims_code(sources), claims_code(replay.sources)
    if idle := [claim for claim in run.claims if codes[claim] == unchanged.get(claim)]:
        raise PlantError(f"the claim {idle[0]!r} does not depend on the changes")
    rerun = set().union(*(replay.affected(ends[claim], variants) for claim in run.claims))
    names = replay.fresh()
    with claims_noted() as noted:
        for index in sorted(rerun):
            try:
                replay.execute(index, sources[index], names)
            except Exception as wrong:  # whatever the changed notebook raises
                what = f"cell {replay.ids[index]} raised {type(wrong).__name__}: {wrong}"
                raise PlantError(what) from wrong
    return {claim: noted[claim] for claim in run.claims}


def claim_cells(sources):
    """Return {claim: index of its cell}."""
    return {
        check.name: index
        for index, source in enumerate(sources)
        for check in checks_in(source)
        if check.kind == "claim"
    }


def measure_run(replay, run):
    """Return what is stored of a run; print a line for each of its claims."""
    started = time.perf_counter()
    by_seed = [measure(replay, run, seed) for seed in run.seeds]
    seconds = time.perf_counter() - started
    codes = claims_code(replay.with_variants(replay.plant(run.changes)))
    print(f"{run.run} ({seconds:.0f} s): {run.asks}")
    claims = {}
    for claim in run.claims:
        values = [values[claim] for values in by_seed]
        print(f"    {claim}: {statistics.mean(values):.4f}, {values}")
        claims[claim] = {"values": values, "seeds": list(run.seeds), "code": codes[claim]}
    return {"asks": run.asks, **conditions(), "seconds": round(seconds, 1), "claims": claims}


def stress(path, only=None, fresh=False):
    """Run the stress runs of a week that are not stored yet or belong to other code.

    Args:
        path: The notebook.
        only: Part of the names of the runs to run; None for all.
        fresh: Run them all again.

    Returns:
        Whether all of them could be run.
    """
    week, cells = week_of(path), code_cells(path)
    declared, file = stress_runs(week), STRESS / f"{week}.json"
    stored = load(file)["runs"] if file.exists() else {}
    sources = [source for _, source in cells]
    ids = [cell_id for cell_id, _ in cells]
    waiting = [
        run
        for run in declared
        if (only is None or only in run.run)
        and (fresh or stale_in_run(run, stored.get(run.run), ids, sources))
    ]
    print(f"{path.name}: {len(waiting)} of {len(declared)} stress runs to be run")

    def keep():
        store(file, {"runs": {run.run: stored[run.run] for run in declared if run.run in stored}})

    if not waiting:
        if stored:
            keep()  # without what is no longer declared
        return True
    replay, failed = Replay(path.name, cells), False
    if replay.broken:
        print(f"{path.name}: cell {replay.broken[0]} fails as it stands: {replay.broken[1]!r}")
        return False
    for run in waiting:
        try:
            stored[run.run] = measure_run(replay, run)
        except PlantError as wrong:
            failed = True
            print(f"{path.name}: {run.run!r}: {wrong}", file=sys.stderr)
        keep()  # nothing is lost when a later one fails
    return not failed


def main():
    """Run the stress runs of the weeks named on the command line."""
    if os.environ.get("DSL_STRICT") != "1":
        command = [sys.executable, "-m", "tools.write.stress", *sys.argv[1:]]
        os.execve(sys.executable, command, {**os.environ, **OFFLINE})
    parser = argparse.ArgumentParser(prog="stress", description=__doc__.partition("\n")[0])
    parser.add_argument("weeks", nargs="+", help="such as c4w2")
    parser.add_argument("--run", help="only the runs whose name has this in it")
    parser.add_argument("--fresh", action="store_true", help="run again what is stored, too")
    arguments = parser.parse_args()
    done = [stress(path, arguments.run, arguments.fresh) for path in find(arguments.weeks)]
    sys.exit(not all(done))


if __name__ == "__main__":
    main()
