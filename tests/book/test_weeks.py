"""What a course page says of its weeks is what the notebooks hold."""

import json

import pytest

from book._ext import weeks
from tools.shared.cells import anchors
from tools.shared.notebooks import ROOT, find, read, week_of


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


ASKED = """**3. How much is $a + b$<!-- =sum -->?**

- A. One.
- B. Two.

<details><summary>Answer</summary>

**B.** See [there](#there) and [here](c1w2_b.ipynb#here).

</details>"""


def notebook(folder, *sources):
    """Write a notebook of Markdown cells and return its path."""
    cells = [
        {"cell_type": "markdown", "id": f"m{n}", "metadata": {}, "source": source}
        for n, source in enumerate(sources)
    ]
    path = folder / "c1w1_a.ipynb"
    book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(book), encoding="utf-8")
    return path


def test_questions_stand_in_check_yourself_alone(tmp_path):
    path = notebook(tmp_path, "# A", ASKED, "## Check yourself", ASKED, "## Further reading", ASKED)
    (question,) = weeks.questions(path)
    assert question.text == "How much is $a + b$?"
    assert question.markdown == ASKED


def test_a_question_that_moves_to_the_review_takes_its_links_along():
    here = weeks.moved(ASKED, "c1w1_a.ipynb")
    assert here.startswith("**How much is")
    assert "[there](../notebooks/c1w1_a.ipynb#there)" in here
    assert "[here](../notebooks/c1w2_b.ipynb#here)" in here


def test_a_question_keeps_its_key_as_long_as_it_asks_the_same():
    ask = weeks.Question("c1w1", "How much?", "")
    assert ask.key == weeks.Question("c1w1", "How much?", "other options").key
    assert ask.key != weeks.Question("c1w1", "How many?", "").key
    assert ask.key != weeks.Question("c1w2", "How much?", "").key


def test_every_question_leads_to_a_section_of_its_week():
    named = weeks.named_sections()
    for path in find():
        asked = weeks.questions(path)
        for question in asked:
            assert question.section(named) in anchors(read(path).cells), (
                f"book/questions.yml: {question.week}: name the section that explains "
                f"{question.text!r}"
            )
        for start in named.get(week_of(path), {}):
            fitting = [question for question in asked if question.text.startswith(start)]
            assert len(fitting) == 1, (
                f"book/questions.yml: {start!r} begins {len(fitting)} questions"
            )


def test_no_two_questions_share_a_key():
    keys = [question.key for path in find() for question in weeks.questions(path)]
    assert len(set(keys)) == len(keys) > 70
