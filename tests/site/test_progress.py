"""What was read, answered and solved is remembered in the browser, shown, and continued."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from book._ext import weeks
from tests.site import pages
from tests.site.memory import READ, SOME, asked, at, holding, store
from tests.site.test_self_check import check, question
from tools.shared.notebooks import week_of

PAGE = "notebooks/c4w1_convolutional_foundations"
REVIEW = "book/review"


def test_a_new_reader_sees_nothing_of_it(opened):
    for name in ["index", "book/course4"]:
        page = opened(name)
        assert page.locator(".ring, .so-far").count() == 0
        assert page.evaluate(READ) is None


def test_reading_is_continued_where_it_ended(opened):
    week = opened(PAGE)
    week.evaluate("document.getElementById('padding').scrollIntoView()")
    week.wait_for_function(f"({READ})()?.weeks.c4w1?.section === 'padding'")
    assert week.evaluate(READ)["weeks"]["c4w1"]["read"][-1] in (
        "padding",
        "strides-and-a-slip-of-the-lecture",
    )
    for name in ["index", "book/course4"]:
        page = opened(name)
        link = page.get_by_role("link", name="Continue: C4 W1, Padding")
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{PAGE}.html#padding")
    assert opened("book/course5").get_by_role("link", name="Continue").count() == 0
    assert (
        opened(PAGE).get_by_role("link", name="Continue at Padding").get_attribute("href")
        == "#padding"
    )


def test_a_page_that_flies_past_is_not_read(opened):
    week = opened(PAGE)
    for step in range(20):
        week.evaluate("(y) => scrollTo(0, y)", 1000 * step)
        week.wait_for_timeout(20)
    week.wait_for_function(f"({READ})()?.weeks.c4w1")
    assert len(week.evaluate(READ)["weeks"]["c4w1"]["read"]) <= 3


def test_the_latest_week_of_each_course_is_continued(opened):
    left = {"c4w1": at("Padding", 1), "c4w2": at("AlexNet", 3), "c5w1": at("Sampling", 2)}
    script = holding(store(weeks=left))
    for name, link in [
        ("index", "C4 W2, AlexNet"),
        ("book/course4", "C4 W2, AlexNet"),
        ("book/course5", "C5 W1, Sampling"),
    ]:
        found = opened(name, script).get_by_role("link", name="Continue")
        assert [found.inner_text(), found.count()] == [f"Continue: {link}", 1]


def test_what_was_done_is_counted_everywhere(opened):
    week = opened(PAGE)
    question(week, 2).get_by_role("textbox").fill("75")
    check(question(week, 2))
    tick = week.get_by_label("I solved exercise 1")
    tick.focus()
    week.keyboard.press("Space")
    stored = week.evaluate(READ)
    assert stored["weeks"]["c4w1"]["solved"] == ["layer_cost"]
    ring = re.compile(r"Foundations of convolutional networks\s*, \d+ % done")
    assert week.locator(".bd-links").get_by_role("link", name=ring).count() == 1
    words = "0 of 21 sections read 1 of 10 questions right 1 of 8 exercises solved"
    course = opened("book/course4")
    assert re.sub(r"^\d+", "0", course.locator("td .so-far").inner_text()) == words
    front = opened("index")
    assert front.locator(".courses").get_by_role("link", name=ring).count() == 1
    assert opened(PAGE).get_by_label("I solved exercise 1").is_checked()
    tick.uncheck()
    front.wait_for_function(f"({READ})().weeks.c4w1.solved.length === 0")


def test_a_week_is_whole_when_all_of_it_is_done(opened):
    count = weeks.to_do()["c4w1"]
    done = {
        "read": [f"section-{n}" for n in range(count["sections"])],
        "solved": [f"exercise-{n}" for n in range(count["exercises"])],
    }
    items = {question.key: {"at": 1, "right": True} for question in asked()}
    page = opened("index", holding(store(weeks={"c4w1": at("Padding", **done)}, items=items)))
    assert page.locator(".courses .ring.whole").count() == 1
    assert "100 % done" in page.locator(".courses .ring").inner_text()
    items.popitem()
    page.evaluate(
        "(text) => localStorage.setItem('Deep Learning, Verified', text)",
        json.dumps(store(weeks={"c4w1": at("Padding", **done)}, items=items)),
    )
    page.reload()
    assert page.locator(".courses .ring.whole").count() == 0
    assert "98 % done" in page.locator(".courses .ring").inner_text()


def test_each_answer_leads_back_to_a_section(site, notebook):
    page = BeautifulSoup((site / f"{notebook}.html").read_text(encoding="utf-8"), "html.parser")
    answers = page.select("#check-yourself > details[data-question]")
    assert len(answers) == weeks.to_do()[week_of(site / notebook)]["questions"]
    for answer in answers:
        (link,) = answer.select(".again a")
        assert page.find(id=link["href"].removeprefix("#")).name == "section"
        assert link.get_text()


def test_a_wrong_answer_leads_to_its_section(opened):
    week = opened(PAGE)
    question(week, 2).get_by_role("textbox").fill("25")
    assert check(question(week, 2)).endswith("Read again: Convolution over volumes")
    question(week, 2).get_by_role("link").click()
    week.wait_for_url(f"**/{PAGE}.html#convolution-over-volumes")


def test_who_only_opens_the_answer_says_what_was_known(opened):
    week = opened("notebooks/c3w1_goals_and_metrics")
    last = week.locator("#check-yourself > details").last
    last.locator("summary").focus()
    week.keyboard.press("Enter")
    last.get_by_role("button", name="I had it").focus()
    week.keyboard.press("Enter")
    assert last.get_by_role("button", name="I had it").get_attribute("aria-pressed") == "true"
    assert week.locator(".score [role=status]").inner_text() == "1 of 12 answered correctly"
    last.get_by_role("button", name="I missed it").click()
    assert week.locator(".score [role=status]").inner_text() == "0 of 12 answered correctly"
    assert opened(REVIEW).locator(".asked.drawn").count() == 1


def test_two_pages_do_not_overwrite_each_other(opened):
    first, second = opened(PAGE), opened(PAGE)
    first.get_by_label("I solved exercise 1").check()
    second.get_by_label("I solved exercise 2").check()
    assert len(first.evaluate(READ)["weeks"]["c4w1"]["solved"]) == 2
    first.wait_for_function("document.querySelectorAll('.solved :checked').length === 2")


def test_the_copy_on_disk_remembers_across_pages(chromium, site):
    root = f"{site.as_uri()}/"
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{root}{PAGE}.html")
        page.get_by_label("I solved exercise 1").check()
        page.goto(f"{root}book/course4.html")
        assert "1 of 8 exercises solved" in page.locator("td .so-far").inner_text()


def test_without_scripts_nothing_is_missing(chromium, served):
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{served}{REVIEW}.html")
        shown = page.locator(".asked")
        assert shown.count() > 70 and shown.first.is_visible() and shown.last.is_visible()
        assert page.locator(".review button:visible").count() == 0
        shown.first.locator("summary").click()
        assert shown.first.locator(".again a").is_visible()
        page.goto(f"{served}{PAGE}.html")
        assert page.locator(".solved, .verdict").count() == 0


@pytest.mark.parametrize("name", ["index", "book/course4", REVIEW, PAGE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_for_everybody(opened, name, scheme):
    page = opened(name, holding(SOME))
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function("(s) => document.documentElement.dataset.theme === s", arg=scheme)
    if name == REVIEW:
        page.get_by_role("button", name="Five questions").click()
        page.get_by_role("button", name="Show the answer").click()
        page.locator(".drawn summary").first.click()
    assert page.locator(".ring").count() >= 1
    page.set_viewport_size({"width": 360, "height": 740})
    assert pages.overflow(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    assert pages.accessibility(page) == []
