"""Every rule of the contract passes a good notebook and refuses a bad one."""

import dataclasses
import re

import pytest
from nbformat.v4 import new_output

from tests.contract import reading, results
from tests.contract.example import (
    PROSE,
    QUESTIONS,
    drawing,
    edit,
    good_lesson,
    printing,
    put,
)
from tests.contract.lesson import words
from tests.contract.numbers import agrees
from tests.contract.rules import RULES


def two_figures(cells):
    cells["plot-one"].outputs *= 2


def a_value(cells):
    cells["plot-one"].outputs.insert(0, new_output("execute_result", {"text/plain": "(0, 1)"}))


def without(*field):
    def change(cells):
        mystnb = cells["plot-one"].metadata["mystnb"]
        mystnb[field[0]][field[1]] = "image.png"

    return change


ERROR = new_output("error", ename="ValueError", evalue="no", traceback=[])
STDERR = new_output("stream", name="stderr", text="careful")
LONG = "\n".join(["x[0]"] * 41)
SEVEN = ["imports", "area", "proof", "measure", "exercise-1", "exercise-2", "exercise-3"]
SEVEN += [f"plot-{number}" for number in ("one", "two", "three", "four", "five")]

VIOLATIONS = [
    (
        "title",
        edit("title", "C4 W1 ·", "C4 W2:"),
        r"title: titles are \['C4 W2: A good week'\]; write",
    ),
    ("title", edit("plan", "## What", "# What"), "write one, in the first cell: # C4 W1 · …"),
    ("title", edit("title", "# C4", "Hello\n\n# C4"), "title: start the notebook with its title"),
    (
        "anatomy",
        edit("remember", "## What", "## Not what"),
        "no section '## What to remember' in its",
    ),
    ("anatomy", edit("areas", "## ", "### "), "no lecture topic between"),
    (
        "anatomy",
        edit("reading", "## F", "## More\n\n## F"),
        "move '## More' before '## Experiment …'",
    ),
    ("topics", edit("plan", "|", "/"), "put a table of lecture topics"),
    (
        "links",
        edit("plan", "#areas-1-by-1", "#volumes"),
        "plan: no heading has the anchor #volumes; there are areas-1-by-1, ",
    ),
    (
        "links",
        edit("areas", "A sen", "A [s](c4w9_gone.ipynb#top) sen"),
        "areas: c4w9_gone.ipynb#top leads nowhere: link to one of ../book/a.md, ../book/how",
    ),
    (
        "links",
        edit("areas", "A sen", "A [s](conventions.ipynb#4-dropout) sen"),
        "areas: no heading has the anchor conventions.ipynb#4-dropout; there are 3-dropout",
    ),
    ("links", edit("areas", "A sen", "A [s](../book/a.md#x) `[s](x)` sen"), None),
    ("bridge", edit("notation", "#3-dropout", ""), "notation: link to the rows that this week"),
    ("cell_lengths", put("area", source=LONG), "area: 41 lines of code, at most 40: split"),
    ("cell_lengths", put("area", source=LONG[:105]), None),
    (
        "cell_lengths",
        lambda cells: [
            put(name, source=LONG[:105])(cells) for name in ("area", "proof", "measure")
        ],
        "code: more than 1 cell in 10 is over 20 lines of code: split area, proof, measure",
    ),
    (
        "cell_lengths",
        lambda cells: [put(name, source=LONG[:34])(cells) for name in SEVEN],
        "the median cell has 7 lines of code, at most 6",
    ),
    (
        "prose_share",
        edit("reading", PROSE, PROSE * 40),
        r"prose: \d+ words for 2\d lines of code; write 7",
    ),
    ("prose_share", put("area", source=LONG * 3), "write 7 to 14 words for a line"),
    ("figures", put("plot-one", outputs=[]), "figures: 4 figures; show 5 to 12"),
    ("figures", two_figures, "plot-one: two figures share one caption"),
    ("figures", a_value, "plot-one: a value stands beside the figure"),
    (
        "figures",
        without("figure", "caption"),
        "plot-one: write a sentence in mystnb.figure.caption",
    ),
    ("figures", without("image", "alt"), "plot-one: write a sentence .* in mystnb.image.alt"),
    ("figures", put("plot-one", mystnb={}), "plot-one: give the figure a name of its own"),
    (
        "figures",
        lambda cells: cells["plot-two"].metadata["mystnb"]["figure"].update(name="one"),
        "plot-two: give the figure a name of its own",
    ),
    ("figures", put("draw", mystnb={}), "draw: give the figure a name of its own"),
    ("figures", put("draw", mystnb={}), "draw: write a sentence in mystnb.figure.caption"),
    ("drawings", put("draw", tags=[]), "draw: fold the cell that draws: tag hide-input"),
    (
        "drawings",
        put("draw", outputs=drawing("A volume")[0].outputs),
        "draw: write a sentence that says what the drawing shows in its alt",
    ),
    (
        "drawings",
        edit("draw", "'b'", "'28 × 28 × 192'"),
        r"draw: take 28 × 28 × 192 from a model: drawing.shape\(x, y, layer.output.shape\)",
    ),
    ("drawings", edit("draw", "'b'", "'1 × 1'"), None),
    ("drawings", edit("draw-check", "shapes drawn", "area"), "draw: compare its shapes behind it"),
    ("signs", edit("area", "x =", "cmap = 'bwr'\nx ="), "area: write RdBu_r instead of bwr"),
    ("signs", edit("area", "x =", "cmap = 'RdBu'\nx ="), "area: write RdBu_r instead of RdBu"),
    ("signs", edit("area", "x =", "cmap = 'RdBu_r'\nx ="), None),
    ("clean_outputs", put("area", outputs=[ERROR]), "area: an error or a warning is stored"),
    ("clean_outputs", put("area", outputs=[STDERR]), "area: an error or a warning is stored"),
    ("cell_ids", put("area", id="proof"), "proof: 2 cells have this id"),
    ("cell_ids", put("area", id="3f9a1c2e"), "3f9a1c2e: give the cell an id of words"),
    ("cell_ids", put("area", id="cell-b41d77ab"), "cell-b41d77ab: give the cell an id of words"),
    ("cell_ids", put("area", id="b41d77ab"), "b41d77ab: give the cell an id of words"),
    ("cell_ids", put("area", id=None), "None: give the cell an id of words"),
    (
        "executed",
        put("area", execution_count=None),
        "area: execution count None, not 3: make refresh",
    ),
    ("executed", put("area", execution_count=9), "area: execution count 9, not 3"),
    (
        "ignored_outputs",
        put("area", tags=["nbval-ignore-output"]),
        "area: 1 of 16 outputs are ignored",
    ),
    ("ignored_outputs", edit("area", "x", "# NBVAL_SKIP\nx"), "area: 1 of 16 outputs are ignored"),
    ("setup", edit("setup", "seed=1", "seed=2"), "setup: restore the common setup cell:\nfrom"),
    ("setup", put("setup", tags=["setup"]), "make the first code cell the setup cell"),
    ("setup", put("imports", id="other"), "other: import in the cell behind the setup, id imports"),
    ("setup", edit("area", "x =", "import math\nx ="), "area: move the import to the imports cell"),
    ("plain_markdown", edit("areas", "A sen", "```{note}\n"), "areas: a MyST directive shows raw"),
    ("plain_markdown", edit("areas", "A sen", ":::{note}\n"), "areas: a MyST directive shows raw"),
    ("plain_markdown", edit("areas", "A sen", "{numref}`a`"), "areas: a MyST role shows raw"),
    ("plain_markdown", edit("areas", "## A", "(a)=\n## A"), "areas: a MyST target shows raw"),
    ("plain_markdown", edit("areas", "## A", "% a\n## A"), "areas: a MyST comment shows raw"),
    (
        "plain_markdown",
        edit("areas", "A sen", "<div class='a'>"),
        "areas: <div>: of HTML use only br",
    ),
    (
        "bound_numbers",
        edit("area-read", "1,200 m", "1,201 m"),
        "1,201 m in the prose, but 'area' is 1,200",
    ),
    (
        "bound_numbers",
        edit("measure-read", "97.3", "97.4"),
        "97.4 % in the prose, but 'accuracy' is 0.973",
    ),
    ("bound_numbers", edit("measure-read", "0.97<", "0.98<"), "0.98 in the prose"),
    (
        "bound_numbers",
        edit("area-read", "=area", "=volume"),
        "no checks.fact or claim prints .* 'volume'",
    ),
    (
        "bound_numbers",
        edit("area-read", "1,200 m<", "area <"),
        "area-read: put <!-- =name --> directly",
    ),
    (
        "bound_numbers",
        printing("area", "area = (1, 2)\n"),
        "no checks.fact or claim prints a number",
    ),
    ("loose_numbers", edit("areas", "A sen", "2.5 sen"), "areas: bind 2.5 to an output by"),
    ("loose_numbers", edit("areas", "A sen", "**1,200** sen"), "areas: bind 1,200 to an output by"),
    ("loose_numbers", edit("areas", "A sen", "12 % sen"), "areas: bind 12 to an output by"),
    ("loose_numbers", edit("area-read", "2.5<!-- =given -->", "2.5"), "area-read: bind 2.5"),
    ("rhythm", put("areas", source="## Areas"), "area: write a sentence before this code cell"),
    ("rhythm", edit("area-read", "The area", "### The area"), "area: write behind this cell what"),
    ("rhythm", put("draw-check", tags=[]), "draw-check: write a sentence before this code cell"),
    ("rhythm", put("draw-check", tags=[]), "draw: write behind this cell what its output shows"),
    ("forbidden_code", edit("plot-one", "(x)", "(x);"), "plot-one: nbval does not heed a ; at the"),
    ("forbidden_code", edit("area", "x =", "!ls\nx ="), "area: shell and magic lines"),
    ("forbidden_code", edit("area", "x =", "%time 1\nx ="), "area: shell and magic lines"),
    (
        "forbidden_code",
        edit("imports", "import m", "from math import *\nimport m"),
        "imports: name what",
    ),
    (
        "forbidden_code",
        edit("imports", "from dsl_utils ", "from dsl_utils.checks "),
        "import checks from",
    ),
    (
        "forbidden_code",
        edit("area", "x =", "warnings.filterwarnings()\nx ="),
        "area: remove the warning's",
    ),
    (
        "forbidden_code",
        edit("plot-one", "ax.plot(x)", "plt.show()"),
        r"plot-one: remove plt.show\(\)",
    ),
    (
        "forbidden_code",
        edit("area", "x =", "SGD(lr=1)\nx ="),
        "area: write learning_rate= instead of lr=",
    ),
    (
        "forbidden_code",
        edit("area", "x =", "open('/content/a')\nx ="),
        "'/content/a' is an absolute path",
    ),
    (
        "single_assignment",
        edit("proof", "checks", "x = 1\nchecks"),
        "proof: x is bound in cell area too",
    ),
    (
        "single_assignment",
        edit("proof", "checks", "for x in y: 1\nchecks"),
        "proof: x is bound in cell",
    ),
    ("checks", edit("area", "'area'", "name"), "area: write the name of name as a string"),
    ("checks", edit("proof", "area: ours equals Keras", "area"), "proof: 'area' names 2 checks"),
    ("checks", edit("area", "x[0]", "1200"), "area: 'area': compute the value instead"),
    (
        "checks",
        edit("area", "'area'", "'size'"),
        "area: plant a fault for 'size' in tests/faults/c4w1.yml",
    ),
    ("checks", edit("solution-1", "double_1", "triple"), "solution-1: plant a fault for 'triple'"),
    (
        "exercises",
        put("exercise-3", id="exercise-4"),
        "exercises: number the exercises: exercise-1",
    ),
    ("exercises", put("exercise-3", id="other"), "exercises: 2 exercises; write 3 to 8"),
    ("exercises", put("solution-1", id="other"), "exercise-1: let the cells exercise-1-check and"),
    (
        "exercises",
        put("exercise-1-check", source="1"),
        "exercise-1-check: call checks.exercise once",
    ),
    (
        "exercises",
        edit("solution-1", "(1,), 2", "(2,), 4"),
        "solution-1: end the solution in the check's",
    ),
    (
        "exercises",
        printing("exercise-1-check", "double_1: passed 1 of 1 cases\n"),
        "let the stub return",
    ),
    (
        "exercises",
        printing("solution-1", "double_1: passed 1 of 2 cases\n"),
        "does not pass all cases",
    ),
    (
        "exercises",
        edit("solution-1", "# @title", "#"),
        "solution-1: start the solution with: # @title",
    ),
    ("exercises", put("solution-1", tags=[]), "solution-1: fold the solution: tag hide-cell"),
    (
        "questions",
        edit("questions", "<details><summary>Answer</summary>\n\nWho", "<details>Who"),
        r"questions: write each question as .*; not so is: \*\*6. So\?\*\*$",
    ),
    (
        "questions",
        edit("questions", "**2. Why", "**3. Why"),
        "questions: number the questions 1, 2",
    ),
    ("questions", edit("questions", "**6. So", "**So"), "not so is: <details><summary>Answer"),
    ("questions", edit("questions", QUESTIONS[5], "Free words."), None),
    ("questions", edit("questions", QUESTIONS[4], ""), "the site can mark 4 questions; write 5"),
    (
        "questions",
        edit("questions", "- B. It is so.\n", ""),
        "question 1: write three options or more: - A. …, - B. …, - C. …",
    ),
    (
        "questions",
        edit("questions", "**A.** So", "So"),
        "question 1: begin the answer with the let",
    ),
    ("questions", edit("questions", "**A.** So", "**D.** So"), "question 1: begin the answer with"),
    (
        "questions",
        edit("questions", "- Not B: why?\n", ""),
        "question 1: say for each wrong option, and for no other, what is wrong: - Not A: …",
    ),
    ("questions", edit("questions", "- Not B: why?", "- Not A: why?"), "question 1: say for each"),
    ("questions", edit("questions", "**A.** So", "**C.** So"), "question 1: say for each wrong"),
    (
        "questions",
        edit("questions", "<!-- =area -->", ""),
        "question 4: bind the number that answe",
    ),
    ("questions", edit("questions", "=area", "=given"), "question 4: bind the number that answers"),
    (
        "questions",
        edit("questions", QUESTIONS[0], QUESTIONS[1].replace("**2.", "**1.")),
        "ask some choices, and let different letters be right",
    ),
    (
        "questions",
        lambda cells: [
            edit("questions", QUESTIONS[k], QUESTIONS[0].replace("**1.", f"**{k + 1}."))(cells)
            for k in (3, 4)
        ],
        "questions: ask for a number, too",
    ),
    ("bound_numbers", edit("questions", "1,200 m", "1,300 m"), "questions: 1,300 m in the prose"),
]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_good_notebook_keeps(rule):
    assert rule(good_lesson()) == []


@pytest.mark.parametrize(("rule", "change", "message"), VIOLATIONS)
def test_a_violation_is_refused(rule, change, message):
    lesson = good_lesson()
    change({cell.id: cell for cell in lesson.cells})
    problems = "\n".join(RULES[rule](lesson))
    if message is None:
        assert not problems
        return
    assert re.search(rf"c4w1_a_good_week.ipynb: .*{message}", problems)


@pytest.mark.parametrize(
    ("rule", "field", "message"),
    [
        ("title", {"file": "week1.ipynb"}, "week1.ipynb: name: name the file like"),
        ("size", {"size": 900_000}, "size: 900,000 bytes, at most 800,000"),
    ],
)
def test_a_bad_file_is_refused(rule, field, message):
    (problem,) = RULES[rule](dataclasses.replace(good_lesson(), **field))
    assert message in problem


def test_every_rule_can_fail():
    elsewhere = {"size", *(name for name in RULES if hasattr(results, name))}
    elsewhere |= {name for name in RULES if hasattr(reading, name)}
    assert {rule for rule, *_ in VIOLATIONS} | elsewhere == set(RULES)


@pytest.mark.parametrize(
    ("shown", "value", "scale", "expected"),
    [
        ("97.3", "0.973", 100, True),
        ("97", "0.973", 100, True),
        ("97.4", "0.973", 100, False),
        ("14,450,688", "14,450,688", 1, True),
        ("−0.5", "-0.48", 1, True),
        ("1e-5", "1.2e-05", 1, True),
        ("2e-5", "1.2e-05", 1, False),
    ],
)
def test_numbers_agree_at_the_digits_shown(shown, value, scale, expected):
    assert agrees(shown, value, scale) is expected


def test_words_are_those_a_reader_reads():
    markdown = "Two words [three](http://a.b/c) $x + y$ <!-- no -->\n```\nno\n```\n| `four` | – |"
    assert words(markdown) == ["Two", "words", "[three]", "`four`"]
