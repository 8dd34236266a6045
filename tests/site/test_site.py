"""The built site in a real browser: complete, self-contained, light, readable by everybody."""

import doctest
import json
import re
import zipfile

import numpy as np
import pytest
from bs4 import BeautifulSoup, SoupStrainer
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from book._ext import verified, weeks
from tests.site import pages
from tools.publish.archive import OFFLINE_COPY
from tools.shared.notebooks import ROOT, documents, find, week_of

WEIGHT_LIMIT = 600_000  # compressed bytes, images aside
DISPLAYED = ("display_data", "execute_result")


def source_of(document):
    """Return a page's Markdown, and for a notebook also its cells."""
    path = ROOT / f"{document}.ipynb"
    if not path.exists():
        text = (ROOT / f"{document}.md").read_text(encoding="utf-8")
        asked = [q.markdown for path in find() for q in weeks.questions(path)]
        return "\n\n".join([text, *(asked if document == "book/review" else [])]), []
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    captions = [
        cell["metadata"].get("mystnb", {}).get("figure", {}).get("caption") for cell in code
    ]
    return "\n\n".join([*texts, *filter(None, captions)]), code


def count_formulas(markdown):
    """Count the formulas of a Markdown text with a parser of its own."""
    parser = MarkdownIt().enable("table").use(dollarmath_plugin, double_inline=True)
    tokens = parser.parse(markdown)
    children = [child for token in tokens for child in token.children or []]
    return sum(token.type.startswith("math_") for token in tokens + children)


def test_every_page_opens_without_an_error(visit, document):
    assert visit(document).problems == []
    assert visit(document).page.locator("article h1").count() == 1


def test_every_notebook_says_with_what_it_was_last_verified(site):
    stored = verified.load()
    for path in find():
        html = (site / "notebooks" / f"{path.stem}.html").read_text(encoding="utf-8")
        (line,) = BeautifulSoup(html, "html.parser", parse_only=SoupStrainer(class_="verified"))
        entry = stored.get(week_of(path), {})
        current = entry.get("digest") == verified.digest(path)
        assert line.get_text() == verified.sentence(entry["runs"] if current else []), path.name


def test_every_notebook_comes_with_its_helper_package(site):
    for path in find():
        page = site / "notebooks" / f"{path.stem}.html"
        html = page.read_text(encoding="utf-8")
        (actions,) = BeautifulSoup(html, "html.parser", parse_only=SoupStrainer(class_="actions"))
        notebook, wheel = (page.parent / link["href"] for link in actions.select("a[download]"))
        assert notebook.read_bytes() == path.read_bytes()
        assert wheel.suffix == ".whl" and zipfile.is_zipfile(wheel)


def test_every_page_opens_from_disk_with_its_formulas(visit_from_disk, document):
    opened = visit_from_disk(document)
    assert opened.problems == []
    assert pages.formulas(opened.page) == []


def test_every_formula_is_typeset(visit, document):
    page = visit(document).page
    assert pages.formulas(page) == []
    markdown, _ = source_of(document)
    assert page.locator(
        "article .math:not(.try *) > .katex, article .math:not(.try *) .katex-display > .katex"
    ).count() == (count_formulas(markdown))


def test_every_output_is_on_the_page(visit, notebook):
    page = visit(notebook).page
    _, cells = source_of(notebook)
    texts, pictures, drawings = [], 0, 0
    for output in (output for cell in cells for output in cell["outputs"]):
        data = output.get("data", {})
        if output["output_type"] == "stream":
            texts.append("".join(output["text"]))
        elif "image/png" in data:
            pictures += 1
        elif "image/svg+xml" in data:
            drawings += 1
        elif "text/html" not in data:
            texts.append("".join(data["text/plain"]))
    shown = page.locator(".cell_output pre").evaluate_all("(all) => all.map((e) => e.textContent)")
    assert [text.strip() for text in shown] == [text.strip() for text in texts]
    assert page.locator(".cell_output img").count() == pictures
    assert page.locator(".cell_output figure svg.drawing").count() == drawings
    assert page.locator(".cell_input").count() == len(cells)


def test_a_page_is_light(visit, document):
    weights = visit(document).weights
    heaviest = sorted(weights.items(), key=lambda item: -item[1])[:5]
    assert visit(document).weight <= WEIGHT_LIMIT, heaviest


def test_figures_are_readable_on_their_paper(site, notebook):
    page = BeautifulSoup((site / f"{notebook}.html").read_text(encoding="utf-8"), "html.parser")
    figures = [site / "notebooks" / image["src"] for image in page.select(".cell_output img")]
    pale = {path.name: pages.contrast(path) for path in figures if pages.contrast(path) < 4.5}
    assert figures and pale == {}


def test_pictures_are_described_and_load_late(visit, document):
    assert pages.images(visit(document).page) == []


def test_axe_finds_nothing_serious_in_light_and_in_dark(visit, document):
    page = visit(document).page
    page.evaluate("document.querySelectorAll('article details').forEach((d) => (d.open = true))")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    assert pages.accessibility(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    assert page.evaluate(background) != light
    assert pages.pale_text(page) == []
    page.emulate_media(color_scheme="light")


def test_a_phone_needs_no_horizontal_scrolling(visit, document):
    page = visit(document).page
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("document.querySelectorAll('article details').forEach((d) => (d.open = true))")
    assert pages.overflow(page) == []
    assert pages.hidden_overflow(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})


def test_paper_shows_the_page_and_nothing_else(visit, document):
    page = visit(document).page
    page.set_viewport_size({"width": 690, "height": 1000})  # A4 without its margins
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    page.evaluate("document.querySelectorAll('article details').forEach((d) => (d.open = false))")
    assert pages.paper(page) == []
    assert page.locator("article details[open]").count() == 0  # put back afterwards
    page.emulate_media(color_scheme="light")
    page.wait_for_function("document.documentElement.dataset.theme === 'light'")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_week_is_printed_with_all_its_pictures(visit, notebook):
    page = visit(notebook).page
    page.evaluate("""window.print = () => (document.body.dataset.printed =
        [...document.querySelectorAll("article img")].every((i) => i.complete && i.naturalWidth))
    """)
    button = page.get_by_role("button", name="Print this week")
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-printed=true]", state="attached")
    pictures = page.locator("article img").count()
    printed = page.pdf(format="A4")
    assert printed.count(b"/Subtype /Image") >= pictures
    assert 10 <= len(re.findall(rb"/Type /Page\b", printed)) <= 60


def test_the_offline_copy_is_whole_and_linked(site, visit, tmp_path):
    link = visit("index").page.get_by_role("link", name="Take it along")
    assert link.is_visible() and link.get_attribute("href") == OFFLINE_COPY
    with zipfile.ZipFile(site / OFFLINE_COPY) as copy:
        copy.extractall(tmp_path)
    folder = tmp_path / OFFLINE_COPY.removesuffix(".zip")
    for path, html in pages.built_pages(site):
        assert (folder / path.relative_to(site)).read_text(encoding="utf-8") == html
    assert pages.links(folder) == [f"index.html: {OFFLINE_COPY} does not exist"]


def test_the_offline_copy_does_not_offer_itself(visit_from_disk):
    assert visit_from_disk("index").page.get_by_role("link", name="Take it along").count() == 0


@pytest.mark.parametrize("opener", ["visit", "visit_from_disk"])
def test_search_finds_padding(request, opener):
    opened = request.getfixturevalue(opener)("book/notation")
    page = opened.page
    page.keyboard.press("Control+k")
    page.keyboard.type("padding")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=padding**")
    found = page.locator("#search-results a[href*='c4w1_convolutional_foundations']")
    found.first.wait_for(timeout=10_000)
    page.wait_for_load_state("networkidle")
    assert opened.problems == []
    assert pages.accessibility(page) == []
    page.go_back()


def test_what_is_folded_opens_with_the_keyboard(visit, notebook):
    page = visit(notebook).page
    solution = page.locator("details.folded", has_text="Solution 1").first
    solution.evaluate("(details) => (details.open = false)")
    summary = solution.locator("summary")
    assert summary.inner_text() == "Solution 1"
    summary.focus()
    page.keyboard.press("Enter")
    assert solution.locator("pre").first.is_visible()


def test_links_and_anchors_resolve(site):
    assert pages.links(site) == []


def test_nothing_is_taken_from_another_host(site):
    assert pages.external_assets(site) == []


def test_the_front_page_links_written_weeks_only(site):
    front = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    weeks = front.select(".course ol > li")
    assert len(weeks) == 17
    for week in weeks:
        assert bool(week.select("a")) != ("planned" in week.get_text()), week.get_text()
    written = {link["href"] for link in front.select(".course ol a")}
    assert written == {f"notebooks/{path.stem}.html" for path in find()}


def test_the_front_page_shows_every_explorable_page(site):
    front = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    links = {link["href"]: link for link in front.select(".gallery a")}
    pages_there = (ROOT / "book").glob("explore_*.md")
    assert set(links) == {f"book/{path.stem}.html" for path in pages_there}
    assert all(link.select_one("img[alt]")["alt"] for link in links.values())


def test_a_course_page_leads_to_each_of_its_weeks(site, notebook):
    course = f"book/course{notebook.partition('/c')[2][0]}"
    page = BeautifulSoup((site / f"{course}.html").read_text(encoding="utf-8"), "html.parser")
    table = page.select_one("article table")
    assert table.select_one(f'a[href="../{notebook}.html"]')
    assert page.select_one("article svg[role=img]")["aria-label"].count("week") >= 2
    assert documents().index(course) < documents().index(notebook)


def test_no_word_of_a_drawing_leaves_it(visit, document):
    words = visit(document).page.evaluate("""() =>
        [...document.querySelectorAll("svg:is(.map, .drawing) text")].filter((text) => {
            const word = text.getBoundingClientRect();
            const box = text.ownerSVGElement.getBoundingClientRect();
            return word.left < box.left - 1 || word.right > box.right + 1;
        }).map((text) => text.textContent)
    """)
    assert words == []


def test_the_numbers_of_the_front_page_are_true():
    drawing = BeautifulSoup((ROOT / "book/_static/kernel.svg").read_text("utf-8"), "html.parser")
    image = np.reshape(["on" in r.get("class", []) for r in drawing.select(".pixels rect")], (6, 6))

    def numbers(selector):
        return [int(t.get_text().replace("−", "-")) for t in drawing.select(selector)]

    kernel = np.reshape(numbers(".window text"), (3, 3))
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    response = np.einsum("ijuv,uv->ij", windows.astype(int), kernel)
    assert numbers(".responses text") == response.ravel().tolist()
    colors = [int(rect["data-value"]) for rect in drawing.select(".responses rect")]
    assert colors == response.ravel().tolist()


def test_the_sessions_of_the_notation_page_are_true():
    text = (ROOT / "book/notation.md").read_text(encoding="utf-8")
    sessions = "\n".join(re.findall(r"```pycon\n(.*?)```", text, flags=re.DOTALL))
    examples = doctest.DocTestParser().get_doctest(sessions, {}, "notation.md", None, 0)
    assert len(examples.examples) >= 10
    results = doctest.DocTestRunner().run(examples)
    assert results.failed == 0
