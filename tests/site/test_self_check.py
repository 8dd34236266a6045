"""The questions of Check yourself mark answers, explain them, and remember them in the browser."""

import pytest

from tests.contract.lesson import Lesson
from tools.shared.notebooks import ROOT, read

PAGE = "notebooks/c4w1_convolutional_foundations"
BLOCKED = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("blocked", "SecurityError"); } })"""


def asked(path):
    """Return the questions of a notebook that the site marks."""
    lesson = Lesson(path.name, read(path).cells, 0, "")
    return [question for question in lesson.questions()[0] if question.right]


def question(page, number):
    """Return the form of a question."""
    return page.locator("form.question").nth(number - 1)


def check(form):
    """Press Check and return what a screen reader announces."""
    form.get_by_role("button", name="Check").click()
    return form.get_by_role("status").inner_text()


def score(page):
    return page.locator(".score [role=status]").inner_text()


def marks(page, answers):
    """Give answers to questions, each (number, letter or text), and return what is said to each.

    One call of the browser for all of them: a week has about 40.
    """
    return page.evaluate(
        """(answers) => answers.map(([number, answer]) => {
            const form = document.querySelectorAll("form.question")[number - 1];
            const option = form.querySelector(`input[value="${answer}"][type=radio]`);
            if (option) option.checked = true;
            else form.querySelector("input").value = answer;
            form.querySelector("button").click();
            return form.querySelector("[role=status]").innerText;
        })""",
        answers,
    )


def test_every_option_is_marked_as_the_notebook_has_it(visit, notebook):
    questions = asked(ROOT / f"{notebook}.ipynb")
    page = visit(notebook).page
    assert page.locator("form.question").count() == len(questions)
    answers = [
        (number, answer)
        for number, about in enumerate(questions, 1)
        for answer in [*([letter for letter, _ in about.options] or about.reasons), about.right]
    ]
    for (number, answer), words in zip(answers, marks(page, answers), strict=True):
        right = answer == questions[number - 1].right
        begin = "Right. " if right else f"Not {answer}: "
        assert words.startswith(begin) and len(words) > len(begin) + 10
    of_all = page.locator("#check-yourself > details").count()  # the open ones, too
    assert score(page) == f"{len(questions)} of {of_all} answered correctly"
    page.get_by_role("button", name="Start over").click()


def test_questions_are_answered_by_keyboard(page):
    form = question(page, 1)
    form.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert form.get_by_role("status").inner_text().startswith("Right. The left column counts")
    assert form.get_by_role("group", name="1. A filter of this week").count() == 1
    field = question(page, 2).get_by_label("Your answer, a whole number")
    field.focus()
    page.keyboard.type("25")
    page.keyboard.press("Enter")
    words = question(page, 2).get_by_role("status").inner_text()
    assert words.startswith("Not 25: a filter has as many slices")
    assert score(page) == "1 of 10 answered correctly"


@pytest.mark.parametrize(
    ("typed", "shown", "right"),
    [
        ("1,960", "1,960", True),
        ("1960", "1,960", True),
        (" 1 960 ", "1,960", True),
        ("1961", "1,960", False),
        ("1.960", "1,960", False),
        ("0.667", "0.667", True),
        ("2/3", "0.667", False),
        ("0,667", "0.667", True),
        ("0.66666", "0.667", True),
        ("0.67", "0.667", False),
        ("66.7 %", "0.667", True),
        ("63", "63 %", True),
        ("63.4%", "63 %", True),
        ("0.634", "63 %", True),
        ("64", "63 %", False),
        ("3.9 %", "3.9 percent", True),
        ("0.039", "3.9 percent", True),
        ("3.92", "3.9 percent", True),
        ("3.9 percent", "3.9 percent", True),
        ("4", "3.9 percent", False),
        ("−2.5", "-2.5", True),
        ("2.5", "-2.5", False),
        ("", "0.5", False),
        ("five", "5", False),
    ],
)
def test_a_number_is_right_at_the_digits_shown(visit, typed, shown, right):
    ask = "([typed, shown]) => agrees(typed, shown)"
    assert visit(PAGE).page.evaluate(ask, [typed, shown]) is right


def test_what_is_no_answer_is_said(page):
    assert check(question(page, 1)) == "Choose an option first."
    assert check(question(page, 2)) == "Write a number first."
    question(page, 2).get_by_role("textbox").fill("many")
    assert check(question(page, 2)) == "Write a number, such as 12 or 3.5."
    question(page, 2).get_by_role("textbox").fill("74")
    assert check(question(page, 2)).startswith("Not right. Try again, or open the answer.")
    assert score(page) == "0 of 10 answered correctly"


def test_right_answers_are_remembered_until_the_reader_starts_over(page):
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    question(page, 2).get_by_role("textbox").fill("75")
    check(question(page, 2))
    question(page, 1).get_by_role("radio").first.check()
    check(question(page, 1))
    # The browser fetches the icon of a page whenever it likes.
    assert [url for url in sent if not url.endswith("favicon.svg")] == []
    page.reload()
    assert score(page) == "1 of 10 answered correctly"
    assert question(page, 2).get_by_role("textbox").input_value() == "75"
    assert question(page, 2).get_by_role("status").inner_text().startswith("Right. ")
    assert question(page, 1).locator(":checked").count() == 0
    page.get_by_role("button", name="Start over").click()
    page.reload()
    assert score(page) == "0 of 10 answered correctly"
    assert question(page, 2).get_by_role("textbox").input_value() == ""


def test_a_browser_that_stores_nothing_marks_all_the_same(page):
    page.add_init_script(BLOCKED)
    page.reload()
    question(page, 2).get_by_role("textbox").fill("75")
    assert check(question(page, 2)).startswith("Right. ")
    assert score(page) == "1 of 10 answered correctly"


def test_without_scripts_questions_and_answers_can_be_read(chromium, served):
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{served}{PAGE}.html")
        section = page.locator("#check-yourself")
        assert section.locator("details").count() == 10
        assert section.locator("form").count() == 0
        section.get_by_text("Answer", exact=True).first.click()
        assert section.get_by_text("The left column counts positive and sees").is_visible()
