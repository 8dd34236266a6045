"""What only draws is folded and the first check is explained; the lesson's own code stays open."""

import re

import pytest

from tests.contract.example import code, edit, good_lesson, put
from tests.contract.reading import MEANING, only_draws
from tests.contract.rules import RULES


def problems(rule, *changes):
    lesson = good_lesson()
    for change in changes:
        change({cell.id: cell for cell in lesson.cells})
    return "\n".join(RULES[rule](lesson))


def test_a_figure_whose_code_lies_open_is_refused():
    assert problems("folded", put("plot-one", tags=["trained-figure"])) == (
        "c4w1_a_good_week.ipynb: plot-one: this cell only draws: fold it with the tag hide-input"
    )
    assert problems("folded", put("plot-one", tags=["hide-cell"])) == ""


def test_what_another_cell_reads_stays_open():
    kept = edit("plot-one", "ax.plot(x)", "curve = x\nax.plot(curve)")
    assert "plot-one" in problems("folded", put("plot-one", tags=[]), kept)
    used = edit("plot-two", "ax.plot(x)", "ax.plot(curve)")
    assert problems("folded", put("plot-one", tags=[]), kept, used) == ""


@pytest.mark.parametrize(
    "source",
    [
        "fig, ax = plt.subplots()\nax.plot(x)",
        "grid = np.linspace(0, 1)\nplots.show_image(grid)",
        "fig, axes = plt.subplots(2)\nfor ax, row in zip(axes, rows):\n    ax.plot(row)",
        "if x:\n    fig, ax = plt.subplots()\n    ax.plot(x)",
        "fig, ((left, right),) = boxes(plt, 2)\noutline(left)",
        "def curve(ax):\n    ax.plot(x)\n\n\nfig, ax = plt.subplots()\ncurve(ax)",
        "for alpha in (1, 2):\n    plt.plot(alpha * x)",  # a loop's variable is nobody's
        "sheet(x)",
    ],
)
def test_code_that_only_draws(source):
    assert only_draws(source, frozenset({"alpha"}), drawers={"sheet"})


@pytest.mark.parametrize(
    "source",
    [
        "y = 2 * x",
        "fig, ax = plt.subplots()\nax.plot(x)\nchecks.fact('length', len(x), 2)",
        "fig, ax = plt.subplots()\nax.plot(x)\nprint(x)",
        "history = model.fit(x)\nplots.show_curves(history)",
        "shared = 2 * x\nfig, ax = plt.subplots()\nax.plot(shared)",
        "model.train()\nfig, ax = plt.subplots()\nax.plot(x)",
    ],
)
def test_code_that_does_more(source):
    assert not only_draws(source, frozenset({"shared"}))


def test_a_folded_cell_may_follow_a_code_cell():
    lesson = good_lesson()
    at = [cell.id for cell in lesson.cells].index("plot-one")
    lesson.cells.insert(at, code("train", "y = list(x)", "trained"))
    lesson.cells.insert(at, lesson.cells[at - 1])
    assert RULES["rhythm"](lesson) == []
    lesson.cells[at + 2].metadata.tags = []
    assert re.search("train: write behind.*", "\n".join(RULES["rhythm"](lesson)))
    assert re.search("plot-one: write a sentence before", "\n".join(RULES["rhythm"](lesson)))


def test_a_first_check_that_nobody_explains_is_refused():
    message = problems("explained", edit("area-read", MEANING, "](../book/a.md)"))
    assert message.startswith("c4w1_a_good_week.ipynb: area: say directly before or behind")
    moved = edit("reading", "A [paper]", f"A [line{MEANING} and a [paper]")
    assert problems("explained", edit("area-read", MEANING, "](../book/a.md)"), moved) == message
    before = edit("areas", "A sentence", f"A [line{MEANING} sentence")
    assert problems("explained", edit("area-read", MEANING, "](../book/a.md)"), before) == ""
