"""What a course page says of its weeks is what the notebooks hold."""

import json

import pytest

from book._ext import weeks
from tools.shared.notebooks import ROOT, find, week_of


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("Two words.", 2),
        ("A [link of words](../a/long-target.md) and $x + y$ here<!-- =fact -->.", 6),
        ("One\n\n```python\nnot = these\n```\n\n| a | b |\n| --- | --- |", 3),
        ("$$\na = b\n$$\n— · 7", 1),
    ],
)
def test_prose_is_counted_without_what_nobody_reads_as_prose(markdown, words):
    assert weeks.prose_words(markdown) == words


def test_a_notebook_is_measured(tmp_path):
    picture = {"output_type": "display_data", "data": {"image/png": "", "text/plain": ""}}
    cells = [
        {"cell_type": "markdown", "id": "a", "source": ["# C1 W1 · A title\n", "\n", "Words."]},
        {"cell_type": "code", "id": "solution-1", "source": [], "outputs": [picture, picture]},
        {"cell_type": "code", "id": "exercise-1", "source": [], "outputs": [{"name": "stdout"}]},
    ]
    path = tmp_path / "c1w1_a.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    assert weeks.measure(path) == ("C1 W1 · A title", 5, 2, 1)


def test_every_written_course_has_a_page_that_lists_its_weeks():
    for course in {week_of(path)[:2] for path in find()}:
        page = (ROOT / "book" / f"course{course[1]}.md").read_text(encoding="utf-8")
        assert f"{{weeks}} {course}" in page
