"""Measure every claim of a week under several seeds: `make seeds NB=c4w1`.

A bound belongs at the worst value seen, with a margin. Prints one table: the bound, the worst and
the median value, and how far the worst one stays away from its bound. The values are stored in
book/_data/seeds/, for the page of evidence.
"""

import argparse
import json
import statistics

from tools.shared.measurements import SEEDS, conditions, store, worst_of
from tools.shared.notebooks import code_cells, find_all, read, run, week_of
from tools.shared.provenance import claims_code

# Put behind the imports: note each claim instead of checking it.
RECORD = """
import json

def record(name, value, at_least=None, at_most=None, **look):
    print("CLAIM", json.dumps([name, float(value), at_least, at_most]))

checks.claim = record
"""


def claims_under(path, seed):
    """Run a notebook with a seed and return its claims as [name, value, at_least, at_most]."""
    notebook = read(path)
    cells = {cell.id: cell for cell in notebook.cells}
    cells["setup"].source = cells["setup"].source.replace("seed=1", f"seed={seed}")
    cells["imports"].source += RECORD
    run(notebook, f"{path.name} with seed {seed}", timeout=3600)  # the machine may be busy
    lines = [
        line
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        for line in output.get("text", "").splitlines()
    ]
    return [json.loads(line.removeprefix("CLAIM")) for line in lines if line.startswith("CLAIM")]


def row(name, values, at_least, at_most):
    """Return one line of the table."""
    words = {"at least": at_least, "at most": at_most}
    bound = ", ".join(f"{word} {value:g}" for word, value in words.items() if value is not None)
    worst, margin = worst_of(values, at_least, at_most)
    return f"| {name} | {bound} | {worst:.4f} | {statistics.median(values):.4f} | {margin:.4f} |"


def measure(path, seeds):
    """Print the table of one notebook, and return what is stored of it."""
    codes = claims_code([source for _, source in code_cells(path)])
    runs = [claims_under(path, seed) for seed in seeds]
    print(f"{path.name}, seeds {', '.join(map(str, seeds))}")
    print("| claim | bound | worst | median | margin |\n| --- | --- | --- | --- | --- |")
    claims = {}
    for same in zip(*runs, strict=True):
        name, _, at_least, at_most = same[0]
        values = [value for _, value, _, _ in same]
        print(row(name, values, at_least, at_most))
        claims[name] = [float(f"{value:.6g}") for value in values]
    return {
        **conditions(),
        "seeds": seeds,
        "claims": claims,
        "code": {name: codes[name] for name in claims},
    }


def main():
    """Run the weeks named on the command line under the seeds given."""
    parser = argparse.ArgumentParser(prog="seeds", description=__doc__.partition("\n")[0])
    parser.add_argument("weeks", nargs="+", help="such as c4w1")
    # The stored outputs are those of seed 1.
    parser.add_argument("--seeds", type=int, nargs="+", default=[2, 3, 4, 5, 6])
    arguments = parser.parse_args()
    for path in find_all(arguments.weeks):
        store(SEEDS / f"{week_of(path)}.json", measure(path, arguments.seeds))


if __name__ == "__main__":
    main()
