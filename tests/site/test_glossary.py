"""Terms are linked where they help, explained to everybody, and found in Korean."""

import re
from html import unescape

import pytest
from fontTools.ttLib import TTFont

from tests.site import pages
from tools.shared import browser

PAGE = "book/glossary"
HANGUL = re.compile("[가-힣]")


def test_terms_are_linked_once_and_in_prose_alone(site, notebook):
    html = (site / f"{notebook}.html").read_text(encoding="utf-8")
    assert pages.terms(html) == []
    assert html.count('class="term') >= 20


def test_a_term_is_explained_by_keyboard_and_by_mouse(visit, notebook):
    page = visit(notebook).page
    tip = page.locator("#term-tip")
    assert tip.get_attribute("role") == "tooltip"
    first, second = page.locator("a.term").nth(0), page.locator("a.term").nth(1)
    first.focus()
    assert HANGUL.search(tip.locator("b[lang=ko]").inner_text()) and tip.inner_text()[-1] in ".?"
    assert first.get_attribute("aria-describedby") == tip.get_attribute("id")
    page.keyboard.press("Escape")
    assert tip.is_hidden() and first.get_attribute("aria-describedby") is None
    second.hover()
    shown = tip.inner_text()
    tip.hover()  # it stays while somebody reads it
    page.wait_for_timeout(300)
    assert tip.inner_text() == shown
    page.mouse.move(0, 0)
    tip.wait_for(state="hidden")


def test_a_term_leads_to_its_entry_and_the_entry_back_to_its_section(visit):
    page = visit("notebooks/c4w1_convolutional_foundations").page
    page.locator("a.term", has_text="padding").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{PAGE}.html#term-padding")
    entry = page.locator("#term-padding + dd a")
    assert entry.inner_text() == "Padding"
    entry.click()
    page.wait_for_url("**/c4w1_convolutional_foundations.html#padding")


def test_the_tip_stays_on_a_phone(visit):
    page = visit("notebooks/c4w1_convolutional_foundations").page
    page.set_viewport_size({"width": 390, "height": 844})
    for link in page.locator("a.term").all()[:8]:
        link.focus()
        box = page.get_by_role("tooltip").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize(
    ("typed", "left"), [("컨볼루션", "convolution"), ("residual block", "residual block")]
)
def test_the_box_above_the_glossary_leaves_what_is_typed(visit, typed, left):
    page = visit(PAGE).page
    terms = page.locator("article dt")
    everything = terms.count()
    page.get_by_label("Find a term").fill(typed)
    shown = page.locator("article dt:visible")
    assert left in shown.first.inner_text() and shown.count() < 5
    words = page.locator(".filter-terms").get_by_role("status").inner_text()
    assert words == f"{shown.count()} {'term' if shown.count() == 1 else 'terms'}"
    page.get_by_label("Find a term").fill("")
    assert shown.count() == everything >= 150


@pytest.mark.parametrize(
    ("typed", "anchor", "from_disk"),
    [
        ("합성곱", "convolution", False),
        ("합성곱", "convolution", True),
        ("컨볼루션", "convolution", False),
        ("경사 하강법", "gradient-descent", False),
        ("경사하강법", "gradient-descent", True),  # without the space
        ("비최댓값", "non-max-suppression", False),  # the first half of it
        ("손실", "loss", False),
        ("1×1 합성곱", "1-x-1-convolution", False),
    ],
)
def test_search_finds_korean_terms(chromium, served, site, typed, anchor, from_disk):
    root = f"{site.as_uri()}/" if from_disk else served
    opened = browser.visit(chromium, f"{root}{PAGE}.html", root)
    page = opened.page
    page.wait_for_load_state("networkidle")  # leaving a page ends its requests: they would fail
    page.keyboard.press("Control+k")
    page.keyboard.insert_text(typed)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=**")
    first = page.locator("#search-results li a").first
    first.wait_for(timeout=10_000)
    assert first.get_attribute("href").endswith(f"{PAGE}.html#term-{anchor}")
    page.wait_for_load_state("networkidle")
    assert opened.problems == []
    page.close()


def test_the_site_brings_the_hangul_that_its_pages_show(site):
    font = TTFont(site / "_static" / "fonts" / "hangul.woff").getBestCmap()
    used = {
        letter for _, page in pages.built_pages(site) for letter in HANGUL.findall(unescape(page))
    }
    assert len(used) > 300
    assert {letter for letter in used if ord(letter) not in font} == set()
