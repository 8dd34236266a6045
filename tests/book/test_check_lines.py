"""Lines of checks get a face; all other text, and every character of theirs, stays as it was."""

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_output

from book._ext import check_lines
from tools.shared.cells import checked_lines

SOURCE = """\
checks.fact("side", n, 6)
checks.fact("side of a <b>", n, [1, 2])
checks.equal("side: ours equals Keras", a, b)
checks.claim("accuracy", x, at_least=0.94)
checks.claim("gap", y, at_least=-1, at_most=-0.25, digits=2, unit="points")
checks.exercise(double, cases)"""
PRINTED = """\
side = 6
  64 pixels a side: 280
side of a <b> = [1, 2]
side: ours equals Keras for dW, db (rtol 1e-10)
accuracy ≈ 0.968 (at least 0.940)
gap ≈ -0.50 points (at least -1.00 and at most -0.25)
double: not attempted yet
"""
NAMES = ("side", "side of a <b>", "side: ours equals Keras", "accuracy", "gap", "double")
ROWS = {name: f"evidence.html#row-{number}" for number, name in enumerate(NAMES)}
SEEDS = {"accuracy": [0.95, 0.97, 0.96], "gap": [-0.4, -0.4]}


def cell(text=PRINTED, **metadata):
    return new_code_cell(SOURCE, outputs=[new_output("stream", text=text)], metadata=metadata)


def page(text=PRINTED, **metadata):
    html = check_lines.output(cell(text, **metadata), text, ROWS, SEEDS)
    return html and BeautifulSoup(html, "html.parser")


def test_a_line_belongs_to_the_check_that_printed_it():
    owners = [check and check.name for _, check in checked_lines(SOURCE, PRINTED)]
    assert owners == [NAMES[0], None, *NAMES[1:]]
    others = "sides = 6\nside 6\naccuracy = 1\nside: ours equals nothing\n"
    assert all(check is None for _, check in checked_lines(SOURCE, others))


def test_each_kind_has_a_face_and_leads_to_its_row():
    lines = page().select("a.check")
    kinds = [line["class"][1] for line in lines]
    assert kinds == ["exact", "exact", "proof", "measured", "measured", "exercise"]
    assert [line.i["aria-label"] for line in lines] == kinds
    assert all(line.i["role"] == "img" for line in lines)
    assert [line["href"] for line in lines] == list(ROWS.values())
    assert [line.b.text for line in lines if line.b] == ["6", "[1, 2]", "0.968", "-0.50 points"]
    quiet = [line.small.text for line in lines if line.small]
    assert quiet == [
        "(rtol 1e-10)",
        "(at least 0.940)",
        "(at least -1.00 and at most -0.25)",
    ]


def test_the_text_is_that_of_the_output():
    assert page().pre.text == PRINTED
    assert page(tags=["guard"]).select_one("details").pre.text == "side = 6\n"


def test_an_output_without_a_check_is_left_alone():
    assert page("side 6\n") is None


def test_lines_that_guard_are_folded_and_others_are_not():
    found = page(tags=["guard"])
    assert [line.parent.name for line in found.select("pre")] == [
        "details",
        "[document]",
        "details",
    ]
    summaries = [summary.text for summary in found.select("summary")]
    assert summaries == [
        "1 line that guards the machinery",
        "5 lines that guard the machinery",
    ]
    assert "".join(pre.text for pre in found.select("pre")) == PRINTED


def places(picture):
    """Return the x of the bounds, the seeds and the dot of a scale."""
    svg = BeautifulSoup(picture, "html.parser").svg
    paths = {path["class"][0]: path["d"] for path in svg.select("path")}
    marks = {
        name: [float(mark.split()[0]) for mark in paths.get(name, "").split("M")[1:]]
        for name in ("bound", "seeds")
    }
    line = [float(x) for x in paths["within"][1:].replace(" 8H", " ").split()]
    return marks | {"dot": float(svg.circle["cx"]), "within": line}


def test_a_scale_shows_bound_value_and_seeds_in_order():
    marks = places(check_lines.scale("0.968 (at least 0.940)", [0.95, 0.97, 0.96]))
    (bound,) = marks["bound"]
    assert check_lines.LEFT < bound < marks["seeds"][0] < marks["seeds"][1] < marks["dot"]
    assert marks["dot"] < marks["seeds"][2] < check_lines.RIGHT
    assert marks["within"] == [bound, check_lines.RIGHT]
    ticks, dot = marks["seeds"], marks["dot"]
    assert (dot - bound) / (ticks[1] - ticks[0]) == pytest.approx(2.8, abs=0.01)


@pytest.mark.parametrize(
    ("result", "seeds"),
    [
        ("-0.50 points (at least -1.00 and at most -0.25)", [-0.4]),
        ("0.000 (at most 0.010)", [2e-8, 3e-8]),
        ("0.000 (at least 0.000)", []),  # nothing to stretch the line to
        ("5 (at most 5)", [5.0]),
    ],
)
def test_a_scale_keeps_all_marks_on_its_line(result, seeds):
    marks = places(check_lines.scale(result, seeds))
    shown = [*marks["bound"], *marks["seeds"], marks["dot"], *marks["within"]]
    assert all(check_lines.LEFT <= x <= check_lines.RIGHT for x in shown)
    low, high = marks["within"]
    assert low <= marks["dot"] <= high
    assert {low, high} >= set(marks["bound"]) or len(marks["bound"]) == 1


@pytest.mark.parametrize(
    ("result", "seeds", "words"),
    [
        (
            "0.968 (at least 0.940)",
            [0.95, 0.97],
            "scale: 0.028 inside the bound; 2 more seeds: 0.950 to 0.970",
        ),
        ("0.50 s (at most 2.00)", [0.5, 0.5], "scale: 1.50 inside the bound; 2 more seeds: 0.50"),
        (
            "1.0 (at least 0.8 and at most 1.1)",
            (),
            "scale: 0.1 inside the nearer bound",
        ),
    ],
)
def test_a_scale_is_told_in_words(result, seeds, words):
    svg = BeautifulSoup(check_lines.scale(result, seeds), "html.parser").svg
    assert svg["role"] == "img" and svg["aria-label"] == words


def test_rows_have_ids_of_their_own():
    same = 'checks.fact("a: b", 1, 1)\nchecks.fact("a b", 1, 1)\nchecks.fact("b", 1, 1)'
    assert check_lines.row_ids("c1w1", [new_code_cell(same)]) == {
        "a: b": "check-c1w1-a-b",
        "a b": "check-c1w1-a-b-2",
        "b": "check-c1w1-b",
    }


def test_the_page_on_how_to_use_the_book_shows_a_line_of_each_kind():
    found = BeautifulSoup(check_lines.examples(), "html.parser").select("pre > a.check")
    kinds = [line["class"][1] for line in found]
    assert kinds == list(check_lines.KINDS.values())
    assert all(line["href"].startswith("evidence.html#check-c4w1-") for line in found)
