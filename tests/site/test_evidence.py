"""The pages of topics and of evidence lead where they say, and the field of topics filters."""

from book._ext.cells import label
from tools.shared.cells import checks_of
from tools.shared.notebooks import find_all, read

PAGE = "book/topics"


def test_the_field_filters_by_keyboard_and_says_how_many_are_left(page):
    rows, status = page.locator("article tbody tr:visible"), page.locator(".filter span")
    everything = rows.count()
    assert everything > 100 and status.inner_text() == ""
    page.get_by_label("Find a topic").focus()
    page.keyboard.type("Keras LSTM")
    assert 0 < rows.count() < 10
    assert all(
        "lstm" in text.lower() and "keras" in text.lower() for text in rows.all_inner_texts()
    )
    assert status.inner_text() == f"{rows.count()} of {everything} topics"
    assert status.get_attribute("role") == "status"  # a screen reader announces it
    assert page.locator("article h3:visible").all_inner_texts() == ["C5 W1 · Recurrent networks"]
    page.keyboard.type("xyz")
    assert rows.count() == 0 and status.inner_text() == f"0 of {everything} topics"
    page.get_by_label("Find a topic").fill("")
    assert rows.count() == everything and status.inner_text() == ""


def test_a_topic_leads_to_its_cell(page):
    page.get_by_role("link", name="Intersection over union", exact=True).click()
    page.wait_for_url("**/c4w3_object_detection.html#cell-c4w3-iou")
    cell = page.locator("#cell-c4w3-iou")
    assert "def iou" in cell.inner_text()
    assert cell.evaluate("(cell) => Math.abs(cell.getBoundingClientRect().top) < innerHeight / 2")


def test_the_evidence_has_a_row_for_every_check(visit):
    page = visit("book/evidence").page
    shown = page.locator("article details tr[id^=check-]").evaluate_all(
        "(all) => all.map((row) => [row.querySelector('a').getAttribute('href'), row.textContent])"
    )
    expected = [
        f"../notebooks/{path.stem}.html#{label(path, cell.id.replace('solution', 'exercise'))}"
        for path in find_all()
        for cell, _ in checks_of(read(path).cells)
    ]
    assert sorted(link for link, _ in shown) == sorted(expected)
    assert len(shown) > 1000
    assert [text for _, text in shown if "Refused: " not in text] == []


def test_the_summary_adds_up(visit):
    rows = visit("book/evidence").page.locator("article table").first.locator("tbody tr")
    numbers = [
        [int(cell.replace(",", "")) for cell in row.locator("td").all_inner_texts()[1:-1]]
        for row in rows.all()
    ]
    *weeks, whole = numbers
    assert len(weeks) == len(find_all())
    assert [sum(column) for column in zip(*weeks, strict=True)] == whole
    assert all(facts + proofs > 0 and faults > 0 for facts, proofs, _, _, faults, _ in weeks)
