"""The page of review asks what was missed, shows cards, exports, imports and forgets."""

import json
import re

import pytest

from book._ext import weeks
from tests.site.memory import READ, SOME, STORE, asked, at, holding, store
from tests.site.test_self_check import BLOCKED, check, question
from tools.shared import browser
from tools.shared.notebooks import find

WEEK = "notebooks/c4w1_convolutional_foundations"
PAGE = "book/review"


def test_what_was_missed_comes_back_until_it_is_known(opened):
    week = opened(WEEK)
    question(week, 2).get_by_role("textbox").fill("25")
    check(question(week, 2))
    front = opened("index")
    front.get_by_role("link", name="Review 1 question").click()
    front.wait_for_url(f"**/{PAGE}.html")
    page = opened(PAGE)
    said = page.locator("#questions-due")
    assert said.inner_text() == "1 question that you missed is due."
    drawn = page.locator(".asked.drawn")
    assert drawn.count() == 1 and drawn.get_by_role("link").first.inner_text().startswith("C4 W1")
    assert drawn.get_by_role("textbox").input_value() == ""  # no help from last time
    drawn.get_by_role("textbox").fill("75")
    page.keyboard.press("Enter")
    assert said.inner_text() == "Nothing is due today. The next one comes tomorrow."
    for days, box in [(1, 2), (3, 3), (7, 4), (21, 4)]:
        page.evaluate(
            """(days) => remember(({ items }) => {
            for (const item of Object.values(items)) item.due -= days;
        })""",
            days,
        )
        page.reload()
        assert said.inner_text() == "1 question that you missed is due."
        drawn.get_by_role("textbox").fill("75")
        page.keyboard.press("Enter")
        (item,) = page.evaluate(READ)["items"].values()
        assert item["box"] == box
    page.evaluate(
        "remember(({ items }) => { for (const item of Object.values(items)) item.due = 0 })"
    )
    page.reload()
    drawn.get_by_role("textbox").fill("25")
    page.keyboard.press("Enter")
    (item,) = page.evaluate(READ)["items"].values()
    assert item["box"] == 0


def test_a_question_that_the_book_asks_no_more_is_not_due_for_ever(opened):
    gone = {"c4w1-00000000": {"at": 1, "right": False, "box": 0, "due": 0}}
    page = opened(PAGE, holding(store(items=gone)))
    assert page.locator("#questions-due").inner_text().startswith("No question has been missed")
    assert opened("index").get_by_role("link", name="Review").count() == 1  # the sidebar's
    assert page.evaluate(READ)["items"]["c4w1-00000000"]["right"] is False


def test_questions_are_drawn_from_a_week(opened):
    page = opened(PAGE)
    assert page.locator(".asked.drawn").count() == 0
    page.get_by_label("From").first.select_option("c4w2")
    page.get_by_role("button", name="Five questions").focus()
    page.keyboard.press("Enter")
    drawn = page.locator(".asked.drawn")
    assert drawn.count() == 5
    assert all("C4 W2" in text for text in drawn.locator("> p:first-child").all_inner_texts())
    assert page.evaluate("document.activeElement.closest('.asked.drawn') !== null")


def test_each_question_of_the_review_is_marked_as_in_its_week(opened, visit):
    page = opened(PAGE)
    keys = page.locator(".asked details").evaluate_all(
        "(all) => all.map((e) => e.dataset.question)"
    )
    assert keys == [question.key for path in find() for question in weeks.questions(path)]
    parsed = "() => [...document.querySelectorAll('.asked details')].filter(parse).length"
    forms = visit(WEEK).page.locator("form.question").count()
    assert page.evaluate(parsed) > forms
    assert page.locator(".asked .again a").count() == len(keys)


def card(page):
    """Return the words of the flash card."""
    return page.locator("#card [role=status] .word").all_inner_texts()


def test_cards_are_asked_both_ways_by_keyboard(opened):
    page = opened(PAGE)
    page.get_by_label("Asked").select_option("ko")
    assert page.locator("#card").get_by_text("10 cards left").count() == 1
    assert page.locator("#card .word").get_attribute("lang") == "ko"
    (front,) = card(page)
    page.get_by_role("button", name="Show the answer").focus()
    page.keyboard.press("Enter")
    assert card(page)[0] == front and len(card(page)) == 2
    assert page.evaluate("document.activeElement.textContent") == "I had it"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Show the answer"
    ((key, item),) = page.evaluate(READ)["items"].items()
    assert key.endswith(".ko") and item["box"] == 1
    page.get_by_label("Asked").select_option("en")
    assert page.locator("#card .word").get_attribute("lang") == "en"


def test_a_card_that_was_missed_comes_back_soon(opened):
    page = opened(PAGE)
    (missed,) = card(page)
    seen = []
    for right in [False, True, True, True]:
        seen += card(page)
        page.get_by_role("button", name="Show the answer").click()
        page.get_by_role("button", name="I had it" if right else "I missed it").click()
    assert card(page) == [missed] and seen.count(missed) == 1
    items = page.evaluate(READ)["items"].values()
    assert sorted(item["box"] for item in items) == [0, 1, 1, 1]
    page.reload()
    assert card(page) == [missed]  # due before anything new


def test_a_card_in_its_box_is_not_asked_before_it_is_due(opened):
    day = "Math.floor(Date.now() / 86400000)"
    page = opened(PAGE)
    keys = json.loads(page.locator("#card-data").text_content())
    items = {
        f"{key}.{way}": {"at": 1, "right": True, "box": 2, "due": page.evaluate(day) + 9}
        for key, *_ in keys
        for way in ("ko", "en")
    }
    page.evaluate(
        "(text) => localStorage.setItem('Deep Learning, Verified', text)",
        json.dumps(store(items=items)),
    )
    page.reload()
    assert page.locator("#card").get_by_text("No card is left for now.").count() == 1


def import_file(page, text, name="memory.json"):
    """Import a file and return what is said."""
    file = {"name": name, "mimeType": "application/json", "buffer": text.encode()}
    page.locator("#kept").evaluate("(said) => (said.textContent = '')")
    page.get_by_label("Import").set_input_files(file)
    page.wait_for_function("document.getElementById('kept').textContent")
    return page.locator("#kept").inner_text()


def test_what_is_exported_can_be_forgotten_and_imported(opened, tmp_path):
    page = opened(PAGE, holding(SOME))
    lines = page.locator("#remembered li").all_inner_texts()
    assert lines[0].startswith("C4 W1") and lines[0].endswith(
        "2 of 21 sections read, 1 of 10 questions right, 1 of 8 exercises solved."
    )
    assert lines[1:] == ["Cards: 1 of 1 known."]
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    assert re.fullmatch(
        r"deep-learning-verified-\d{4}-\d\d-\d\d\.json", download.value.suggested_filename
    )
    download.value.save_as(tmp_path / "memory.json")
    text = (tmp_path / "memory.json").read_text(encoding="utf-8")
    assert json.loads(text) == SOME
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Forget everything").click()
    assert page.evaluate(READ) == SOME
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Forget everything").click()
    assert page.evaluate("localStorage.getItem('Deep Learning, Verified')") is None
    assert page.locator("#remembered li").all_inner_texts() == ["Nothing yet."]
    assert import_file(page, text) == "Imported memory.json."
    assert page.evaluate(READ) == SOME
    assert page.locator("#remembered li").all_inner_texts() == lines


BROKEN = [
    ("", "not a file that this book exported"),
    ("<html>", "not a file that this book exported"),
    ("[1, 2]", "not a file that this book exported"),
    ('{"version": 1, "weeks": {}, "items": {}}', "not a file that this book exported"),
    (json.dumps(store(version=2)), "another edition"),
    (json.dumps(store(weeks=None)), "damaged"),
    (json.dumps(store(weeks={"c4w1": 7})), "damaged"),
    (json.dumps(store(weeks={"c4w1": at("Padding", read="all")})), "damaged"),
    (json.dumps(store(weeks={"c4w1": at("Padding", read=[1])})), "damaged"),
    (json.dumps(store(weeks={"week 1": at("Padding")})), "damaged"),
    (json.dumps(store(items={"term-a.ko": {"at": 1, "box": 9}})), "damaged"),
    (json.dumps(store(items={"term-a.ko": {"at": "1"}})), "damaged"),
    (json.dumps(store(items={"__proto__": {"at": 1}})), "damaged"),
]


@pytest.fixture(scope="module")
def importing(chromium, served):
    """The page of review of a reader who did something."""
    with chromium.new_context() as context:
        page = context.new_page()
        page.add_init_script(holding(SOME))
        page.goto(f"{served}{PAGE}.html")
        yield page


@pytest.mark.parametrize(("text", "reason"), BROKEN)
def test_a_foreign_file_is_refused_and_nothing_is_lost(importing, text, reason):
    words = import_file(importing, text, "other.json")
    assert words.startswith("other.json: This ") and reason in words
    assert words.endswith(" Nothing was changed.")
    assert importing.evaluate(READ) == SOME


def test_an_import_adds_and_takes_nothing_away(opened):
    first, second, third = asked()[:3]
    theirs = store(
        weeks={
            "c4w1": at("Pooling", 5, read=["pooling"], solved=["saving"]),
            "c5w1": at("Sampling", 2),
        },
        items={
            first.key: {"at": 9, "right": True, "box": 1, "due": 3},
            second.key: {"at": 0, "right": False, "box": 0, "due": 3},
            third.key: {"at": 2, "right": True},
        },
    )
    page = opened(PAGE, holding(SOME))
    import_file(page, json.dumps(theirs))
    merged = page.evaluate(READ)
    week = merged["weeks"]["c4w1"]
    assert week["section"] == "pooling"
    assert set(week["read"]) == {"setup", "padding", "pooling"}
    assert set(week["solved"]) == {"layer_cost", "saving"}
    assert set(merged["weeks"]) == {"c4w1", "c5w1"}
    assert merged["items"] == SOME["items"] | {
        first.key: theirs["items"][first.key],
        third.key: theirs["items"][third.key],
    }


def test_what_another_edition_stored_is_set_aside(opened):
    newer = json.dumps(store(version=2))
    page = opened(
        WEEK,
        f"localStorage.getItem('{STORE}') ?? localStorage.setItem('{STORE}', {json.dumps(newer)})",
    )
    page.get_by_label("I solved exercise 1").check()
    assert page.evaluate(READ)["weeks"]["c4w1"]["solved"] == ["layer_cost"]
    assert page.evaluate(f"localStorage.getItem('{STORE}, unreadable')") == newer
    assert page.problems == []


def test_a_browser_that_stores_nothing_is_told_so(opened):
    page = opened(PAGE, BLOCKED)
    page.get_by_role("button", name="Show the answer").click()
    page.get_by_role("button", name="I missed it").click()
    assert page.locator("#kept").inner_text().startswith("This browser lets the page store nothing")
    assert page.locator("#remembered li").all_inner_texts() == ["Cards: 0 of 1 known."]
    week = opened(WEEK, BLOCKED)
    week.get_by_label("I solved exercise 1").check()
    assert week.locator(".bd-links .ring").count() == 1
    assert opened("index", BLOCKED).locator(".ring").count() == 0


def test_the_page_of_review_asks_nobody_else(chromium, served):
    opened = browser.visit(chromium, f"{served}{PAGE}.html", served)
    opened.page.get_by_role("button", name="Five questions").click()
    assert opened.problems == []
    opened.page.close()
