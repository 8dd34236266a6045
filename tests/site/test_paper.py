"""What a week prints: all of it, an exercise sheet without answers, or one page to remember."""

import re

import pytest

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


@pytest.fixture
def on_paper(visit):
    """A function that prints a week and returns what is seen of a kind of element."""
    pages = []

    def print_week(week, name):
        page = visit(week).page
        pages.append(page)
        start_printing(page, name)
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        return lambda selector: page.evaluate(SEEN, selector)

    yield print_week
    for page in pages:
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        page.emulate_media(media="null")
        assert page.evaluate("document.documentElement.dataset.print") is None
        assert page.locator("#terms").count() == 0


def test_an_exercise_sheet_has_no_answers(on_paper):
    seen = on_paper(WEEK, "Print without answers")
    assert len(seen("#check-yourself legend")) == 8 and len(seen("[id*='-exercise-'] pre")) >= 8
    assert seen("#check-yourself > details, [id*='-solution-'], .question [role=status]") == []
    assert "Padding" in " ".join(seen("h2"))
    whole = on_paper(WEEK, "Print this week")
    assert len(whole("#check-yourself > details")) == 8 and len(whole("[id*='-solution-']")) == 4


def test_a_summary_is_what_to_remember_and_the_terms_in_both_languages(on_paper):
    seen = on_paper(WEEK, "Print a summary")
    titles = [title.removesuffix("#") for title in seen("article :is(h1, h2)")]
    assert titles[1:] == ["Notation and shapes", "What to remember", "Terms"]
    assert "padding 패딩" in seen("#terms li") and len(seen("#terms li")) > 20
    assert len(seen("#what-to-remember li")) > 4 and seen("#notation-and-shapes table")


def test_a_summary_fits_a_sheet(visit, notebook):
    page = visit(notebook).page
    start_printing(page, "Print a summary")
    sheet = page.pdf(format="A4")
    assert len(re.findall(rb"/Type /Page\b", sheet)) <= 2  # both sides of it
    page.evaluate("dispatchEvent(new Event('afterprint'))")
