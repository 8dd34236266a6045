"""Measure every claim of a week under several seeds: `make seeds NB=c4w1`.

A bound belongs at the worst value seen, with a margin. Prints one table: the bound, the worst and
the median value, and how far the worst one stays away from its bound.
"""

import argparse
import json
import statistics

from tools.notebooks import find, read, run

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
    run(notebook, f"{path.name} with seed {seed}")
    lines = [
        line
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        for line in output.get("text", "").splitlines()
    ]
    return [json.loads(line.removeprefix("CLAIM")) for line in lines if line.startswith("CLAIM")]


def row(name, values, at_least, at_most):
    """Return one line of the table; the worst value is the one closest to a bound."""

    def margin(value):
        above = value - at_least if at_least is not None else float("inf")
        below = at_most - value if at_most is not None else float("inf")
        return min(above, below)

    words = {"at least": at_least, "at most": at_most}
    bound = ", ".join(f"{word} {value:g}" for word, value in words.items() if value is not None)
    worst = min(values, key=margin)
    median = statistics.median(values)
    return f"| {name} | {bound} | {worst:.4f} | {median:.4f} | {margin(worst):.4f} |"


def main():
    """Run the weeks named on the command line under the seeds given."""
    parser = argparse.ArgumentParser(prog="seeds", description=__doc__.partition("\n")[0])
    parser.add_argument("weeks", nargs="+", help="such as c4w1")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    arguments = parser.parse_args()
    for path in find(arguments.weeks):
        runs = [claims_under(path, seed) for seed in arguments.seeds]
        print(f"{path.name}, seeds {', '.join(map(str, arguments.seeds))}")
        print("| claim | bound | worst | median | margin |\n| --- | --- | --- | --- | --- |")
        for same in zip(*runs, strict=True):
            name, _, at_least, at_most = same[0]
            print(row(name, [value for _, value, _, _ in same], at_least, at_most))


if __name__ == "__main__":
    main()
