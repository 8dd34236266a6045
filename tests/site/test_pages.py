"""Every check of the site refuses a page that has the fault it looks for."""

import pytest
from PIL import Image, ImageDraw

from tests.site import pages
from tools.shared import browser

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Planted</title>
<link rel="icon" href="data:,"></head><body><main><h1 id="top">Planted</h1>
<article>{body}</article></main></body></html>"""


@pytest.fixture
def planted(tmp_path, chromium):
    """A function that opens a page with the given body and returns the visit."""
    with browser.serve(tmp_path) as address:
        opened = []

        def open_page(body):
            (tmp_path / "page.html").write_text(PAGE.format(body=body))
            opened.append(browser.visit(chromium, f"{address}page.html", address))
            return opened[-1]

        yield open_page
        for visit in opened:
            visit.page.close()


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<img src="https://example.org/x.png" alt="x">', "external request: https://example.org"),
        ('<img src="missing.png" alt="x">', "HTTP 404"),
        ("<script>console.error('no good')</script>", "console: no good"),
        ("<script>undefined.x</script>", "script error"),
    ],
)
def test_a_visit_records(planted, body, problem):
    assert any(problem in line for line in planted(body).problems)


def test_a_good_page_has_no_problem(planted):
    opened = planted("<p>Good.</p>")
    assert opened.problems == []
    for check in (
        pages.overflow,
        pages.hidden_overflow,
        pages.formulas,
        pages.images,
        pages.accessibility,
        pages.paper,
    ):
        assert check(opened.page) == []


@pytest.mark.parametrize(
    ("check", "body", "problem"),
    [
        (pages.overflow, "<pre style='width:3000px'>x</pre>", "wider than 1280 px"),
        (pages.hidden_overflow, "<div style='overflow:hidden'><pre>" + "x" * 999, "cut off"),
        (pages.formulas, "<p>costs $x^2$ more</p>", "left as TeX"),
        (pages.formulas, r"<p>is \(x\)</p>", "left as TeX"),
        (pages.formulas, "<span class='katex-error' title='bad'>x</span>", "refused: bad"),
        (pages.formulas, "<span class='katex'>x</span>", "without MathML"),
        (pages.images, "<img src='data:,' width=1 height=1>", "does not describe"),
        (pages.images, f"<img src='data:,' alt='{'0a' * 20}' width=1 height=1>", "not describe"),
        (pages.images, "<img src='data:,' alt='a falling curve'>", "no width and height"),
        (pages.images, "<img src='data:,' alt='a b c' width=1 height=1>" * 2, "not lazy"),
        (pages.paper, "<p class='prev-next-footer'>next</p>", "shown: <p"),
        (pages.paper, "<details><summary>Solution</summary>x</details>", "folded: Solution"),
        (pages.paper, "<script>document.documentElement.dataset.theme = 'dark'</script>", "dark"),
        (pages.paper, "<pre style='overflow:hidden'>" + "x" * 999, "cut off: <pre"),
        (pages.paper, "<figure>A figure.</figure>", "may be torn in two: <figure"),
        (pages.accessibility, "<p style='color:#bbb'>Pale.</p>", "color-contrast"),
        (pages.accessibility, "<pre><span class=c style='color:#bbb'># pale", "color-contrast"),
        (pages.accessibility, "<button></button>", "button-name"),
    ],
)
def test_a_fault_is_found(planted, check, body, problem):
    assert any(problem in line for line in check(planted(body).page))


@pytest.mark.parametrize(("ink", "readable"), [("#222222", True), ("#bbbbbb", False)])
def test_a_pale_picture_is_found(tmp_path, ink, readable):
    picture = Image.new("RGB", (640, 360), "white")
    ImageDraw.Draw(picture).rectangle((100, 100, 140, 130), fill=ink)
    picture.save(tmp_path / "picture.png")
    assert (pages.contrast(tmp_path / "picture.png") >= 4.5) == readable


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<a href="gone.html">x</a>', "gone.html does not exist"),
        ('<a href="#gone">x</a>', "#gone has no such anchor"),
        ('<a href="page.html#gone">x</a>', "page.html#gone has no such anchor"),
        ('<img src="gone.png">', "gone.png does not exist"),
    ],
)
def test_a_broken_link_is_found(tmp_path, body, problem):
    (tmp_path / "page.html").write_text(PAGE.format(body=body))
    assert pages.links(tmp_path) == [f"page.html: {problem}"]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<p>{0} and {0}</p>", "repeated: #loss"),
        ("<p><code>{0}</code></p>", "inside code: loss"),
        ("<table><td><p>{0}</p></td></table>", "inside table: loss"),
        ("<h2>{0}</h2>", "inside h2: loss"),
        ("<div>{0}</div>", "not in a paragraph: loss"),
    ],
)
def test_a_misplaced_link_to_the_glossary_is_found(body, problem):
    link = '<a class="term" href="#loss">loss</a>'
    assert pages.terms(f"<article><p>{link}</p></article>") == []
    assert problem in pages.terms(f"<article>{body.format(link)}</article>")


def test_an_asset_from_another_host_is_found(tmp_path):
    script = (
        '<script defer="" src="https://example.org/x.js"></script><a href="https://a.org">x</a>'
    )
    (tmp_path / "page.html").write_text(PAGE.format(body=script))
    assert pages.external_assets(tmp_path) == ["page.html: https://example.org/x.js"]
