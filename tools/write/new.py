"""Start a week's notebook: `make new WEEK=c1w1 TITLE="Introduction to deep learning"`.

The new notebook and its planted faults pass the contract, nbval and `make faults` as they are: an
author replaces its toy content (a straight line) section by section and stays green on the way.
"""

import argparse
import re
import sys

import nbformat
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.shared.notebooks import ROOT
from tools.write import configure
from tools.write.refresh import refresh

READ = "Here a sentence says what the output shows, and what the reader should take from it."
MEANING = (
    "This line is a fact, compared to the last digit: "
    "[what a checked line says](../book/how_to_use.md#what-a-checked-line-says)."
)
LEAD = "Here a sentence says what the next cell computes, and which question that will answer."

IMPORTS = """\
import keras
import matplotlib.pyplot as plt
import numpy as np

from dsl_utils import checks, plots

plots.use_style()
rng = np.random.default_rng(profile.seed)
print(profile)"""

LINE = """\
def line(x):
    return 2 * x + 1


checks.fact("line at 3", line(3), 7)"""

PROOF = """\
dense = keras.layers.Dense(1, dtype="float64")
dense.build((None, 1))
dense.set_weights([np.array([[2.0]]), np.array([1.0])])
points = np.linspace(-1, 1, 5)[:, None]  # (5, 1)
checks.equal("line: NumPy equals keras.layers.Dense", line(points), dense(points))"""

CLAIM = """\
noisy = line(points) + rng.normal(0, 0.01, points.shape)
slope = np.polyfit(points[:, 0], noisy[:, 0], 1)[0]
checks.claim("slope found in noisy points", slope, at_least=1.9, at_most=2.1)"""

FIGURE = """\
fig, ax = plt.subplots()
_ = ax.plot(points, {number} * line(points), color=plots.ROLES["train"]["color"])"""

EXERCISES = {"double": 2, "triple": 3, "quadruple": 4}
CALL = "checks.exercise({name}, [((1,), {answer}), ((3,), {more})])"

CHOICE = """\
**{}. Here stands a question?**

- A. Here stands an option.
- B. Here stands an option.
- C. Here stands an option.

<details><summary>Answer</summary>

**{}.** Here stands why.

- Not {}: here stands what is wrong with it.
- Not {}: here stands what is wrong with it.

</details>"""

NUMBER = """\
**5. Here stands a question for a number of this notebook: what is the line at 3?**

<details><summary>Answer</summary>

**7**<!-- =line at 3 -->. Here stands how it is computed.

- Not 6: here stands what was forgotten.

</details>"""

FAULTS = [
    ("line at 3", "the slope is forgotten", "toy-line", "2 * x + 1", "x + 1"),
    (
        "line: NumPy equals keras.layers.Dense",
        "the bias is left out",
        "toy-proof",
        "np.array([1.0])",
        "np.array([0.0])",
    ),
    (
        "slope found in noisy points",
        "the intercept is read instead",
        "toy-claim",
        ", 1)[0]",
        ", 1)[1]",
    ),
]


def cells(week, title, setup):
    """Return the cells of a new notebook.

    Args:
        week: Such as `c1w1`.
        title: The week's title.
        setup: Source of the setup cell.
    """
    course, number = week[1], week[3]
    notebook = []

    def text(cell_id, source):
        notebook.append(new_markdown_cell(source, id=cell_id))

    def code(cell_id, source, **metadata):
        notebook.append(new_code_cell(source, id=cell_id, metadata=metadata))

    def section(cell_id, heading):
        text(cell_id, f"## {heading}\n\nHere stands the idea in words. {LEAD}")

    def figure(number):
        word = ("one", "two", "three", "four", "five")[number - 1]
        about = {
            "figure": {"name": f"{week}-{word}", "caption": "Here stands what the figure shows."},
            "image": {"alt": "Here stands the message of the figure in words."},
        }
        text(f"figure-{word}-text", LEAD)
        code(f"figure-{word}", FIGURE.format(number=number), mystnb=about, tags=["hide-input"])
        text(f"figure-{word}-reading", READ)

    text(
        "title",
        f"# C{course} W{number} · {title}\n\nHere one sentence promises what the reader will be "
        "able to do, and a number of this notebook proves it: 7<!-- =line at 3 -->.",
    )
    text(
        "plan",
        "## What you will do\n\n**Do.** …\n\n**Learn.** …\n\n**Need.** …\n\n"
        "| lecture topic | section |\n| --- | --- |\n| a straight line | [A topic](#a-topic) |",
    )
    text(
        "setup-text", "## Setup\n\nThe first cell installs the helper package where it is missing."
    )
    code("setup", setup, tags=["hide-input", "setup"])
    code("imports", IMPORTS)
    text("imports-reading", "The line tells which profile you are in.")
    text("notation", "## Notation and shapes\n\n| lectures | here |\n| --- | --- |\n| x | `x` |")
    section("topic", "A topic")
    code("toy-line", LINE)
    text("toy-line-reading", f"{READ} {MEANING} {LEAD}")
    code("toy-proof", PROOF)
    text("toy-proof-reading", READ)
    figure(1)
    figure(2)
    section("experiment", "Experiment: what is measured")
    code("toy-claim", CLAIM)
    text("toy-claim-reading", READ)
    figure(3)
    figure(4)
    text("change", "## Change one thing: what is changed\n\nHere stands the prediction, first.")
    figure(5)
    text("remember", "## What to remember\n\n- Here stands what to remember.")
    text("exercises", "## Exercises\n\nFill in the function, run it and the cell below it.")
    for name, times in EXERCISES.items():
        exercise, call = times - 1, CALL.format(name="{name}", answer=times, more=3 * times)
        text(f"{name}-text", f"**{exercise}. A task.** Here stands the task: {name} the number.")
        code(f"exercise-{exercise}", f"def {name}(x):\n    return None")
        code(f"exercise-{exercise}-check", call.format(name=name))
        code(
            f"solution-{exercise}",
            f"# @title Solution {exercise}\ndef {name}_solution(x):\n    return {times} * x\n\n\n"
            + call.format(name=f"{name}_solution"),
            tags=["hide-cell"],
            cellView="form",
        )
    choices = [
        CHOICE.format(k, *letters) for k, letters in enumerate(("BAC", "CAB", "ABC", "BAC"), 1)
    ]
    text("check-yourself", "\n\n".join(["## Check yourself", *choices, NUMBER]))
    text("further-reading", "## Further reading\n\n- Here stand papers, with DOI or arXiv links.")
    return notebook


def faults():
    """Return the planted faults of a new notebook, as its YAML file has them."""
    keys = ("check", "planted", "cell", "replace", "with")
    entries = [dict(zip(keys, fault, strict=True)) for fault in FAULTS]
    for name, times in EXERCISES.items():
        values = (name, "one too much", f"solution-{times - 1}", f"{times} * x", f"{times} * x + 1")
        entries.append(dict(zip(keys, values, strict=True)))
    return entries


def new(week, title, root=ROOT):
    """Write a new notebook and its faults, and execute it.

    Args:
        week: Course and week, such as `c1w1`.
        title: The week's title, such as `Introduction to deep learning`.
        root: The book's folder.

    Returns:
        The two files.

    Raises:
        SystemExit: If the week or the title has another form, or the week is already there.
    """
    if not re.fullmatch(r"c[1-5]w[1-4]", week):
        sys.exit(f"{week!r} is not a week: write course and week, as in WEEK=c1w1.")
    name = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
    if not name or not title.isprintable():
        sys.exit(f'{title!r} is not a title: write words, as in TITLE="Introduction".')
    planted = root / "tests" / "faults" / f"{week}.yml"
    for path in [*(root / "notebooks").glob(f"{week}_*.ipynb"), planted]:
        if path.exists():
            sys.exit(f"{path.relative_to(root)} is already there: move it away, or edit it.")
    path = root / "notebooks" / f"{week}_{name}.ipynb"
    setup = configure.setup_cell(*configure.address(root))
    notebook = new_notebook(cells=cells(week, title, setup))
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    refresh(path)
    planted.write_text(yaml.safe_dump(faults(), sort_keys=False), encoding="utf-8")
    return path, planted


def main():
    """Start a week's notebook and say what to do next."""
    parser = argparse.ArgumentParser(prog="new", description=__doc__.partition("\n")[0])
    parser.add_argument("week", help="such as c1w1")
    parser.add_argument("title", help="such as 'Introduction to deep learning'")
    arguments = parser.parse_args()
    files = new(arguments.week, arguments.title)
    for path in files:
        print(f"made {path.relative_to(ROOT)}")
    print(f"Edit it, then: make refresh NB={arguments.week} and make test NB={arguments.week}.")
    print("When it is written, name it in _toc.yml, index.md and README.md.")


if __name__ == "__main__":
    main()
