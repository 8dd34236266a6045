"""What a week prints: all of it, an exercise sheet without answers, or one page to remember."""

import contextlib
import re

WEEK = "notebooks/c4w1_convolutional_foundations"
SEEN = """(selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility())
    .map((e) => e.textContent.trim())"""


def start_printing(page, name):
    """Press a button that prints, and see the page as paper shows it."""
    page.evaluate("void (window.print = () => (document.body.dataset.printed = true))")
    button = page.get_by_role("button", name=name)
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-printed]")
    page.evaluate("delete document.body.dataset.printed")


@contextlib.contextmanager
def on_paper(page, name):
    """Print a page and yield a function that returns what is seen of a kind of element."""
    start_printing(page, name)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    yield lambda selector: page.evaluate(SEEN, selector)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="null")
    assert page.evaluate("document.documentElement.dataset.print") is None
    assert page.locator("#terms").count() == 0


def test_an_exercise_sheet_has_no_answers(visit):
    page = visit(WEEK).page
    answers = "#check-yourself > details, [id*='-solution-'], .question [role=status]"
    with on_paper(page, "Print without answers") as seen:
        assert len(seen("#check-yourself legend")) == 10
        assert len(seen("[id*='-exercise-'] pre")) >= 8
        assert seen(answers) == []
        assert "Padding#" in seen("h2")
    with on_paper(page, "Print this week") as seen:
        assert len(seen("#check-yourself > details")) == 10
        assert len(seen("[id*='-solution-']")) == 8


def test_a_summary_is_what_to_remember_and_the_terms_in_both_languages(visit):
    with on_paper(visit(WEEK).page, "Print a summary") as seen:
        titles = [title.removesuffix("#") for title in seen("article h2")]
        assert titles == ["Notation and shapes", "What to remember", "Terms"]
        assert "padding 패딩" in seen("#terms li") and len(seen("#terms li")) > 20
        assert len(seen("#what-to-remember li")) > 4
        assert seen("#notation-and-shapes table")


def test_a_summary_fits_a_sheet(visit, notebook):
    page = visit(notebook).page
    start_printing(page, "Print a summary")
    sheet = page.pdf(format="A4")
    assert len(re.findall(rb"/Type /Page\b", sheet)) <= 2  # both sides of it
    page.evaluate("dispatchEvent(new Event('afterprint'))")
