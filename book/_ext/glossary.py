"""Render the glossary, and link the first use of each term on a notebook's page to it.

`book/glossary.yml` is the source. The directive `terms` writes the page book/glossary.md from it.
The notebooks' Markdown knows nothing of this: the links are set in the parsed page, in paragraphs
alone, never in code, formulas, headings, tables or other links. The build warns, and so fails, of a
term that stands on no page, of two terms for one word, and of a section that does not exist.
"""

import dataclasses
import functools
import re
from itertools import groupby
from pathlib import Path

import yaml
from docutils import nodes
from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

SOURCE = Path(__file__).parents[1] / "glossary.yml"
PAGE = "book/glossary"
WEEK = re.compile(r"notebooks/(c\dw\d)_")

# A word inside these is shown as it is: a link would be wrong there, or in the way.
NOT_PROSE = (nodes.reference, addnodes.pending_xref, nodes.literal, nodes.raw, nodes.math)
NOT_PROSE += (nodes.table, nodes.title, nodes.caption)
NOT_WORDS = (nodes.literal, nodes.literal_block, nodes.raw, nodes.math, nodes.math_block)

logger = logging.getLogger(__name__)


def link_to(document, docname, anchor):
    """Return a link from a document to a section of a page, in the words of its heading."""
    link = addnodes.pending_xref("", nodes.inline(), refdomain="doc", reftype="myst")
    link["refdoc"], link["reftarget"] = document, docname
    link["reftargetid"], link["refexplicit"] = anchor, False
    return link


@dataclasses.dataclass(frozen=True)
class Term:
    """One entry of the glossary; book/glossary.yml says what each field means."""

    term: str
    korean: list
    week: str
    definition: str
    section: str = ""
    also: list = dataclasses.field(default_factory=list)
    forms: list = dataclasses.field(default_factory=list)
    only: list = dataclasses.field(default_factory=list)

    @property
    def anchor(self):
        """The id on the glossary's page."""
        return nodes.make_id("term " + self.term.replace("×", "x"))

    @property
    def names(self):
        """The names that stand for the term, without what tells homonyms apart."""
        return [re.sub(r" \(.*\)", "", self.term), *self.also]

    @property
    def spellings(self):
        """All words by which the term is found in running text."""
        return [*self.names, *self.forms]

    @property
    def tooltip(self):
        """What is shown over a link."""
        return f"{', '.join(self.korean)} · {self.definition}"

    def means(self, spelling, week):
        """Tell whether a spelling means this term on a week's page."""
        return spelling in self.spellings and (not self.only or week in self.only)


@functools.cache
def load(text):
    """Return the terms of a glossary's YAML text, in alphabetical order.

    Raises:
        ExtensionError: If a field is missing or unknown, or if two terms share a name or a word.
    """
    terms = []
    for entry in yaml.safe_load(text):
        try:
            terms.append(Term(**entry))
        except TypeError as error:
            fields = ", ".join(field.name for field in dataclasses.fields(Term))
            name = entry.get("term", entry)
            raise ExtensionError(f"glossary.yml: {name}: {error}. Fields: {fields}.") from None
    seen = {}
    for term in terms:
        if term.anchor in seen:
            raise ExtensionError(f"glossary.yml: {term.term!r} is there twice: remove one.")
        for spelling in term.spellings:
            for other in seen.values():
                shared = not term.only or not other.only or set(term.only) & set(other.only)
                if spelling in other.spellings and shared:
                    raise ExtensionError(
                        f"glossary.yml: {spelling!r} means {other.term!r} and {term.term!r}: "
                        "remove it from one, or say with `only` in which weeks it means which."
                    )
        seen[term.anchor] = term
    return sorted(terms, key=lambda term: (term.names[0].casefold(), term.term))


def finder(terms, week):
    """Return a function that finds the terms in a text of a week's page.

    Args:
        terms: The glossary's terms.
        week: The week, such as "c4w1", which decides between homonyms.

    Returns:
        A function that takes a text and yields (start, end, term) from left to right. Of two terms
        that start at one place, the longer is found; a term of lower-case letters is also found
        at the start of a sentence.
    """
    meaning = {
        spelling: term
        for term in terms
        for spelling in term.spellings
        if term.means(spelling, week)
    }
    longest_first = sorted(meaning, key=len, reverse=True)

    def pattern(spelling):
        words = r"\s+".join(re.escape(word) for word in spelling.split())
        return f"(?i:{words})" if spelling == spelling.lower() else words

    choice = "|".join(f"({pattern(spelling)})(?:e?s)?" for spelling in longest_first)
    expression = re.compile(rf"(?<![\w-])(?:{choice})(?![\w-])")

    def find(text):
        for match in expression.finditer(text):
            yield match.start(), match.end(), meaning[longest_first[match.lastindex - 1]]

    return find


def inside(node, kinds):
    """Tell whether a node lies inside one of these kinds of nodes."""
    while node := node.parent:
        if isinstance(node, kinds):
            return True
    return False


def join_texts(doctree):
    """Join texts that stand side by side: the parser splits them at the ends of lines."""
    for text in list(doctree.findall(nodes.Text)):
        place = text.parent.index(text)
        before = text.parent[place - 1] if place else None
        if isinstance(before, nodes.Text):
            text.parent[place - 1 : place + 1] = [nodes.Text(before + text)]


def link_first_uses(doctree, find, address):
    """Turn the first use of each term in the paragraphs of a page into a link.

    Args:
        doctree: The page, changed in place.
        find: What `finder` returns.
        address: Address of the glossary's page, seen from this one.
    """
    used = set()
    join_texts(doctree)
    for text in list(doctree.findall(nodes.Text)):
        if not inside(text, nodes.paragraph) or inside(text, NOT_PROSE):
            continue
        pieces, done = [], 0
        for start, end, term in find(text):
            if term.anchor in used:
                continue
            used.add(term.anchor)
            link = nodes.reference("", text[start:end], internal=True, classes=["term"])
            link["refuri"], link["reftitle"] = f"{address}#{term.anchor}", term.tooltip
            pieces += [nodes.Text(text[done:start]), link]
            done = end
        if pieces:
            text.parent.replace(text, [*pieces, nodes.Text(text[done:])])


def link_notebook(app, doctree, docname):
    """Link the terms of a notebook's page; other pages stay as they are."""
    if week := WEEK.match(docname):
        find = finder(load(app.config.glossary), week[1])
        link_first_uses(doctree, find, app.builder.get_relative_uri(docname, PAGE))


def read_again(app, env, added, changed, removed):
    """Have the glossary built each time: the search forgets the terms of a page left alone."""
    return [PAGE] if PAGE in env.found_docs else []


def unused(terms, pages):
    """Return the terms of written weeks that stand on no page.

    Args:
        terms: The glossary's terms.
        pages: Text of each notebook's page by week.
    """
    used = {term.anchor for week, text in pages.items() for _, _, term in finder(terms, week)(text)}
    return [term for term in terms if term.week in pages and term.anchor not in used]


def refuse_unused(app, env):
    """Warn of each term that no page uses."""
    pages = {}
    for docname in env.found_docs:
        if week := WEEK.match(docname):
            doctree = env.get_doctree(docname)
            join_texts(doctree)
            texts = (text for text in doctree.findall(nodes.Text) if not inside(text, NOT_WORDS))
            pages[week[1]] = "\n".join(texts)
    for term in unused(load(app.config.glossary), pages):
        logger.warning("glossary.yml: %r is on no page: remove it, or give its forms.", term.term)


class Terms(SphinxDirective):
    """All terms, a section for each first letter."""

    def run(self):
        """Return the sections."""
        self.env.note_dependency(str(SOURCE))
        weeks = {match[1]: name for name in self.env.found_docs if (match := WEEK.match(name))}
        sections = []
        terms = load(self.config.glossary)
        for letter, group in groupby(terms, key=lambda term: term.names[0][0].upper()):
            entries = [self.entry(term, weeks.get(term.week)) for term in group]
            section = nodes.section(ids=[f"letter-{letter.lower()}"])
            section += [nodes.title("", letter), nodes.definition_list("", *entries)]
            sections.append(section)
        return sections

    def entry(self, term, docname):
        """Return one term: its names, its definition and where it is taught."""
        searched = [*term.names, *term.korean, *(name.replace(" ", "") for name in term.korean)]
        index = [("single", name, term.anchor, "main", None) for name in dict.fromkeys(searched)]
        head = nodes.term("", ", ".join([term.term, *term.also]), ids=[term.anchor])
        head.insert(0, addnodes.index(entries=index))
        korean = nodes.inline("", ", ".join(term.korean), classes=["language-ko"])
        head += [nodes.Text(" "), korean]
        week = f"{term.week[:2]} {term.week[2:]}".upper()
        place = nodes.inline("", week, classes=["place"])
        if docname:
            link = link_to(self.env.docname, docname, term.section or None)
            place.clear()
            place += [nodes.Text(f"{week} · "), link] if term.section else [link]
        body = nodes.paragraph("", f"{term.definition} ")
        body += place
        return nodes.definition_list_item("", head, nodes.definition("", body))


def setup(app):
    """Register with Sphinx."""
    # A change of the glossary is a change of every page that links to it.
    app.add_config_value("glossary", SOURCE.read_text(encoding="utf-8"), "html")
    app.add_directive("terms", Terms)
    app.connect("env-get-outdated", read_again)
    app.connect("env-check-consistency", refuse_unused)
    app.connect("doctree-resolved", link_notebook)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
