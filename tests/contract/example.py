"""A small notebook that keeps every rule, and ways to change it."""

import base64

from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from PIL import Image

from tests.contract import reading
from tests.contract.lesson import Lesson
from tools.shared.figures import encode

PNG = base64.b64encode(encode(Image.new("L", (2, 2)))).decode()
SETUP = "from dsl_utils import runtime\n\nprofile = runtime.start(seed=1)"
PROSE = "A sentence with enough words stands here for all. "
FAULTS = {
    "volume: shapes drawn",
    "area",
    "area: ours equals Keras",
    "accuracy",
    "double_1",
    "double_2",
    "double_3",
}


def question(number, options, *answer):
    """Return a question of Check yourself."""
    lines = (
        [f"**{number}. Why is it so?**", "\n".join(options)] if options else [f"**{number}. So?**"]
    )
    return "\n\n".join([*lines, "<details><summary>Answer</summary>", *answer, "</details>"])


OPTIONS = ("- A. Because.", "- B. It is so.", "- C. It is not.")
QUESTIONS = [
    question(1, OPTIONS, "**A.** So it is.", "- Not B: why?\n- Not C: it is."),
    question(2, OPTIONS, "**C.** It is not.", "- Not A: why?\n- Not B: is it?"),
    question(3, OPTIONS, "**C.** It is not.", "- Not A: why?\n- Not B: is it?"),
    question(4, (), "**1,200 m**<!-- =area -->. Multiply.", "- Not 2: that is the other one."),
    question(5, (), "**97 %**<!-- =accuracy -->, as measured."),
    question(6, (), "Who knows? Nobody marks this."),
]


def text(cell_id, source):
    return new_markdown_cell(source, id=cell_id)


def code(cell_id, source, output="", **metadata):
    outputs = [new_output("stream", name="stdout", text=f"{output}\n")] if output else []
    return new_code_cell(source, id=cell_id, outputs=outputs, metadata=metadata)


def figure(name):
    mystnb = {
        "figure": {"name": name, "caption": "The curve rises all the way."},
        "image": {"alt": "A line that rises from left to right."},
    }
    source = "fig, ax = plt.subplots()\nax.plot(x)"
    cell = code(f"plot-{name}", source, mystnb=mystnb, tags=["hide-input"])
    cell.outputs = [new_output("display_data", {"image/png": PNG})]
    return cell


SVG = '<svg xmlns="http://www.w3.org/2000/svg" role="img"><title>A</title><desc>{}</desc></svg>'
SHAPES = "checks.fact('volume: shapes drawn', drawing.shapes, ['3 × 3 × 1'])"


def drawing(alt="One volume in the middle of the page."):
    """Return a folded cell that draws, and the one behind it that compares its shapes."""
    figure = {"name": "volume", "caption": "A volume has height, width and channels."}
    source = "drawing = drawings.Drawing('a', 'b')\ndrawing.volume(0, 0, x)\ndrawing"
    cell = code("draw", source, tags=["hide-input"], mystnb={"figure": figure})
    data = {"image/svg+xml": SVG.format(alt), "text/plain": "<Drawing: A>"}
    cell.outputs = [new_output("execute_result", data, execution_count=1)]
    return [cell, code("draw-check", SHAPES, "volume: shapes drawn = …", tags=["guard"])]


def exercise(number):
    name, word = f"double_{number}", ("one", "two", "three")[number - 1]
    call = "checks.exercise({}, [((1,), 2)])"
    return [
        text(f"task-{word}", f"### Exercise {number}\n\nWrite a function that doubles."),
        code(f"exercise-{number}", f"def {name}(n):\n    return None"),
        code(f"exercise-{number}-check", call.format(name), f"{name}: not attempted yet"),
        code(
            f"solution-{number}",
            f"# @title Solution {number}\ndef {name}_solution(n):\n    return 2 * n\n\n\n"
            + call.format(f"{name}_solution"),
            f"{name}_solution: passed 1 of 1 cases",
            tags=["hide-cell"],
            cellView="form",
        ),
    ]


def good_lesson():
    """Return a small notebook that keeps every rule."""
    cells = [
        text("title", f"# C4 W1 · A good week\n\n{PROSE}"),
        text(
            "plan", "## What you will do\n\n| topic | where |\n|--|--|\n| a | [b](#areas-1-by-1) |"
        ),
        text("setup-words", f"## Setup\n\n{PROSE}"),
        code("setup", SETUP, tags=["hide-input", "setup"]),
        code("imports", "import matplotlib.pyplot as plt\n\nfrom dsl_utils import checks"),
        text(
            "notation", f"## Notation and shapes\n\n[Row 3](conventions.ipynb#3-dropout). {PROSE}"
        ),
        text("areas", f"## Areas, 1 by 1\n\n{PROSE}"),
        code("area", "x = [1200, 2]\nchecks.fact('area', x[0], 1200)", "area = 1,200"),
        text(
            "area-read",
            "The area is 1,200 m<!-- =area -->, from 2.5<!-- =given --> at `0.1` $0.2$. "
            f"It is a [fact{reading.MEANING}.",
        ),
        code(
            "proof", "checks.equal('area: ours equals Keras', x, list(x))", "area: … (rtol 1e-05)"
        ),
        text("proof-read", PROSE),
        text("experiment", f"## Experiment: doubling\n\n{PROSE}"),
        code(
            "measure",
            "checks.claim('accuracy', x[1], at_least=1)",
            "accuracy ≈ 0.973 (at least 0.960)",
        ),
        text("measure-read", "It reaches **97.3 %**<!-- =accuracy --> or 0.97<!-- =accuracy -->."),
    ]
    cells += [*drawing(), text("draw-read", PROSE)]
    for name in ("one", "two", "three", "four", "five"):
        cells += [figure(name), text(f"{name}-read", PROSE)]
    cells += [
        text("change", f"## Change one thing: the size\n\n{PROSE}"),
        text("remember", f"## What to remember\n\n{PROSE}"),
        text("exercises", f"## Exercises\n\n{PROSE}"),
        *exercise(1),
        *exercise(2),
        *exercise(3),
        text("questions", "\n\n".join(["## Check yourself", *QUESTIONS])),
        text("reading", f"## Further reading\n\nA [paper](https://example.org/1.5). {PROSE}"),
    ]
    name = "c4w1_a_good_week.ipynb"
    beside = {name: {"areas-1-by-1"}, "conventions.ipynb": {"3-dropout"}}
    beside |= {"../book/a.md": None, "../book/how_to_use.md": None}
    lesson = Lesson(name, cells, 1000, SETUP, frozenset(FAULTS), beside)
    for number, cell in enumerate(lesson.code, start=1):
        cell.execution_count = number
    return lesson


def edit(cell_id, old, new):
    """Return a change of one cell's source."""

    def change(cells):
        assert old in cells[cell_id].source
        cells[cell_id].source = cells[cell_id].source.replace(old, new)

    return change


def put(cell_id, **values):
    """Return a change of one cell's fields; `tags` and `mystnb` go to its metadata."""

    def change(cells):
        for key, value in values.items():
            where = cells[cell_id].metadata if key in ("tags", "mystnb") else cells[cell_id]
            where[key] = value

    return change


def printing(cell_id, output):
    return put(cell_id, outputs=[new_output("stream", name="stdout", text=output)])
