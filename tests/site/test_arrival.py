"""Arriving: wrong addresses, shared links, a calm start, a visible focus, a readable line."""

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from tests.site import pages
from tools.shared import browser

WEEK = "notebooks/c4w1_convolutional_foundations"
VARIED = ["index", "book/course4", "book/review", "book/glossary", "book/evidence", WEEK]

SHIFT = """() => new Promise((answer) => {
    let sum = 0;
    new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) sum += shift.value;
    }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => answer(sum), 1000);
})"""

UNSEEN = """() => {
    const unseen = [];
    const reached = "a[href], button, input, select, summary, [tabindex='0']";
    for (const box of document.querySelectorAll(reached)) {
        if (!box.checkVisibility({ visibilityProperty: true }) || box.disabled) continue;
        box.focus({ preventScroll: true });
        if (document.activeElement !== box) continue;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(box);
        const outlined = outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
        if (!outlined && boxShadow === "none") unseen.push(box.outerHTML.slice(0, 100));
    }
    return [...new Set(unseen)];
}"""

LINES = """() => {
    const long = [];
    for (const text of document.querySelectorAll("article section > p")) {
        const letters = text.textContent.replace(/\\s+/g, " ").length;
        if (text.matches(":has(.katex, code)") || letters < 250) continue;
        const { height } = text.getBoundingClientRect();
        const lines = Math.round(height / parseFloat(getComputedStyle(text).lineHeight));
        long.push(letters / lines);
    }
    return long;
}"""


class Elsewhere(browser.QuietHandler):
    """Serve a site in a folder of its own, and its 404.html under every wrong address."""

    def translate_path(self, path):
        """Leave the folder's name away."""
        return super().translate_path(path.removeprefix("/some/book"))

    def send_error(self, code, *arguments):
        """Answer as GitHub Pages does."""
        with open(f"{self.directory}/404.html", "rb") as file:
            self.send_response(code)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(file.read())


@pytest.mark.parametrize("wrong", ["no-such-page.html", "notebooks/old/c9w9.html", "a/b/c/"])
def test_a_wrong_address_leads_into_the_book(chromium, site, wrong):
    with browser.serve(site, Elsewhere) as address, chromium.new_context() as context:
        page = context.new_page()
        answer = page.goto(f"{address}some/book/{wrong}")
        assert answer.status == 404
        links = page.get_by_role("link")
        front = links.first
        page.wait_for_function("document.links[0].pathname === '/some/book/index.html'")
        for link in links.all():
            target = link.evaluate("(link) => link.href")
            assert context.request.get(target).status == 200
        assert pages.accessibility(page) == []
        front.click()
        page.wait_for_url(f"{address}some/book/index.html")


def test_a_shared_link_says_what_is_behind_it(site, document):
    html = (site / f"{document}.html").read_text(encoding="utf-8")
    head = BeautifulSoup(html, "html.parser").head
    said = {
        tag.get("name") or tag.get("property"): tag["content"]
        for tag in head.select("meta")
        if tag.get("name") or tag.get("property")
    }
    assert 50 <= len(said["description"]) <= 200 and said["description"] == said["og:description"]
    assert said["og:title"] and said["og:title"] in head.title.get_text()
    with Image.open((site / document).parent / said["og:image"]) as picture:
        assert picture.size == (1200, 630)


def test_no_two_pages_describe_themselves_alike(site):
    texts = [
        BeautifulSoup(html, "html.parser").select_one("meta[name=description]")
        for path, html in pages.built_pages(site)
        if path.name not in ("404.html", "search.html")
    ]
    assert len({text["content"] for text in texts}) == len(texts)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", VARIED)
def test_nothing_jumps_while_a_page_loads(chromium, served, name, scheme):
    with chromium.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme=scheme
    ) as context:
        page = context.new_page()
        page.goto(f"{served}{name}.html")
        assert page.evaluate(SHIFT) < 0.1


def test_the_theme_is_chosen_before_anything_is_painted(chromium, served):
    with chromium.new_context(color_scheme="dark") as context:
        page = context.new_page()
        page.route("**/*.js*", lambda route: route.abort())
        page.goto(f"{served}index.html")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"


@pytest.mark.parametrize("name", VARIED)
def test_the_focus_is_always_visible(chromium, served, name):
    opened = browser.visit(chromium, f"{served}{name}.html", served)
    opened.page.keyboard.press("Tab")  # whoever uses the keyboard is shown the focus
    assert opened.page.evaluate(UNSEEN) == []
    opened.page.close()


def test_a_line_of_prose_is_65_to_75_characters_long(visit, notebook):
    lines = sorted(visit(notebook).page.evaluate(LINES))
    assert len(lines) > 5
    assert 62 <= lines[len(lines) // 2] <= 75
