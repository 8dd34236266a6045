"""The glossary is complete and unambiguous, and links the first use of a term, in prose alone."""

import io
import unicodedata

import pytest
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from book._ext import glossary
from tools.shared.notebooks import ROOT, find, week_of

TEXT = """
- {term: convolution, korean: [합성곱], week: c4w1, section: a-filter, definition: A sum.}
- {term: transposed convolution, korean: [전치 합성곱], week: c4w3, definition: The way back.}
- {term: ReLU, korean: [렐루], week: c1w1, definition: A function.}
- {term: cell (of a grid), korean: [격자 셀], only: [c4w3], week: c4w3, definition: A square.}
- {term: cell (recurrent), korean: [셀], only: [c5w1], week: c5w1, definition: A step.}
"""


def found(text, week="c4w1", terms=TEXT):
    """Return what is found in a text, and the term that it means."""
    find_terms = glossary.finder(glossary.load(terms), week)
    return [(text[start:end], term.term) for start, end, term in find_terms(text)]


@pytest.fixture(scope="module")
def terms():
    return glossary.load((ROOT / "book" / "glossary.yml").read_text(encoding="utf-8"))


def test_the_glossary_covers_every_week(terms):
    assert len(terms) >= 150
    weeks = [term.week for term in terms]
    for week in [*map(week_of, find()), "c5w3", "c5w4"]:
        assert weeks.count(week) >= 10, week


def test_each_entry_is_one_sentence_and_has_a_korean_name(terms):
    for term in terms:
        assert term.definition[0].isupper() and term.definition[-1] in ".?", term
        assert ". " not in term.definition and len(term.definition) < 160, term
        assert any("가" <= letter <= "힣" for name in term.korean for letter in name), term
        # Composed syllables, as people type them: decomposed ones are never found.
        assert unicodedata.normalize("NFC", "".join(term.korean)) == "".join(term.korean)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{term: ReLU, korean: [x], week: c1w1, definition: X.}", "'ReLU' is there twice"),
        ("{term: a, also: [ReLU], korean: [x], week: c1w1, definition: X.}", "'ReLU' means 'ReLU'"),
        ("{term: a, forms: [cell], korean: [x], week: c1w1, definition: X.}", "'cell' means"),
        ("{term: a, korean: [x], week: c1w1}", "a: .*definition"),
        ("{term: a, korean: [x], week: c1w1, definition: X., kind: b}", "a: .*'kind'. Fields: "),
    ],
)
def test_what_is_ambiguous_or_incomplete_is_refused(entry, message):
    with pytest.raises(ExtensionError, match=message):
        glossary.load(TEXT + f"- {entry}\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Convolutions and a transposed\nconvolution.",
            ["Convolutions", "transposed\nconvolution"],
        ),
        ("a ReLU, two ReLUs, but not relu", ["ReLU", "ReLUs"]),
        ("pre-convolution, convolution-like, convolutionary", []),
        ("a cell", []),
    ],
)
def test_words_are_found_whole_and_the_longest_wins(text, expected):
    assert [word for word, _ in found(text)] == expected


def test_the_week_decides_between_homonyms():
    assert found("Cells", "c4w3") == [("Cells", "cell (of a grid)")]
    assert found("Cells", "c5w1") == [("Cells", "cell (recurrent)")]


def page(*children):
    document = nodes.document("", None)
    document += children
    return document


def linked(document):
    find_terms = glossary.finder(glossary.load(TEXT), "c4w1")
    glossary.link_first_uses(document, find_terms, "glossary.html")
    links = document.findall(lambda node: "term" in node.get("classes", []) if node.children else 0)
    return [(link.astext(), link["refuri"], link["reftitle"]) for link in links]


def test_the_first_use_in_a_paragraph_is_linked():
    # The parser splits a text at the end of a line.
    pieces = [nodes.Text("A transposed"), nodes.Text("\n"), nodes.Text("convolution, and a ReLU.")]
    document = page(nodes.paragraph("", "", *pieces), nodes.paragraph("", "ReLU again."))
    assert linked(document) == [
        ("transposed\nconvolution", "glossary.html#term-transposed-convolution",
         "전치 합성곱 · The way back."),
        ("ReLU", "glossary.html#term-relu", "렐루 · A function."),
    ]  # fmt: skip
    assert document.astext() == "A transposed\nconvolution, and a ReLU.\n\nReLU again."


@pytest.mark.parametrize(
    "node",
    [
        nodes.title("", "ReLU"),
        nodes.literal_block("", "ReLU"),
        nodes.paragraph("", "", nodes.literal("", "ReLU")),
        nodes.paragraph("", "", nodes.math("", "ReLU")),
        nodes.paragraph("", "", nodes.reference("", "", nodes.emphasis("", "ReLU"))),
        nodes.paragraph("", "", nodes.raw("", "ReLU", format="html")),
        nodes.figure("", nodes.caption("", "ReLU")),
        nodes.table("", nodes.entry("", nodes.paragraph("", "ReLU"))),
    ],
    ids=["heading", "code", "word of code", "formula", "link", "HTML", "caption", "table"],
)
def test_nothing_else_is_linked(node):
    assert linked(page(node)) == []
    assert len(linked(page(nodes.paragraph("", "A ReLU.")))) == 1


def test_a_term_of_a_written_week_that_no_page_uses_is_found():
    terms = glossary.load(TEXT)
    pages = {"c4w1": "Convolution, and a cell.", "c5w1": "A cell."}
    assert glossary.unused(terms, pages) == []
    assert [term.term for term in glossary.unused(terms, {"c4w1": "A ReLU."})] == ["convolution"]


def build(folder, words):
    """Build a book of one week and the glossary; return the two pages and the warnings."""
    for name, text in {
        "index.md": "# Book\n```{toctree}\nnotebooks/c4w1_a\nbook/glossary\n```\n",
        "notebooks/c4w1_a.md": f"# C4 W1\n\n{words}\n\n## A filter\n\n`convolution`\n",
        "book/glossary.md": "# Glossary\n\n```{terms}\n```\n",
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    extensions = ["myst_parser", "book._ext.glossary"]
    overrides = {"extensions": extensions, "myst_heading_anchors": 2, "glossary": TEXT}
    warnings = io.StringIO()
    output = folder / "_build"
    app = Sphinx(folder, None, output, output, "html", overrides, None, warnings)
    app.build()
    pages = ("notebooks/c4w1_a.html", "book/glossary.html")
    return [(output / page).read_text(encoding="utf-8") for page in pages], warnings.getvalue()


def test_a_book_is_built_with_links_both_ways(tmp_path):
    (week, terms), warnings = build(tmp_path, "A convolution of a convolution.")
    assert warnings == ""
    link = '<a class="term reference internal" href="../book/glossary.html#term-convolution" '
    assert week.count(link + 'title="합성곱 · A sum.">convolution</a>') == 1
    assert week.count('class="term') == 1
    assert '<dt id="term-convolution">convolution <span lang="ko">합성곱</span>' in terms
    assert 'href="../notebooks/c4w1_a.html#a-filter"' in terms
    assert "C5 W1</span>" in terms and "C5 W1 ·" not in terms  # not written yet: no link


def test_a_build_warns_of_an_unused_term_and_of_a_section_that_does_not_exist(
    tmp_path, monkeypatch
):
    monkeypatch.setitem(globals(), "TEXT", TEXT.replace("a-filter", "no-filter"))
    _, warnings = build(tmp_path, "Nothing.")
    assert "'convolution' is on no page: remove it, or give its forms" in warnings
    assert "local id not found in doc 'notebooks/c4w1_a': 'no-filter'" in warnings
