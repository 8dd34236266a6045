"""What the site knows of each week: its size, its questions, and how much there is to do.

- `weeks c4` lists the weeks of a course with what the notebooks themselves say about their size.
- The answers of Check yourself lead back to the section that explains them (book/questions.yml).
- `review` puts the questions of all weeks, and the glossary as flash cards, on book/review.md.
- `_static/weeks.js` tells book/_static/progress.js how much there is to read, answer and solve.
"""

import dataclasses
import hashlib
import json
import re
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from book._ext import glossary
from tools.shared.cells import headings
from tools.shared.notebooks import ROOT, find, is_week, read, week_of

WORDS_A_MINUTE = 200  # a calm pace for a text to think along with
SECTIONS = ROOT / "book" / "questions.yml"

# What nobody reads as prose.
SKIPPED = re.compile(r"```.*?```|<!--.*?-->|\$\$.*?\$\$|\$[^$]+\$|\]\([^)]*\)|<[^>]+>", re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
ANSWER = "<details><summary>Answer</summary>"
QUESTION = re.compile(
    rf"^\*\*\d+\. (.+)\*\*$(?:.|\n)+?^{ANSWER}(?:.|\n)+?^</details>$", re.MULTILINE
)
LINK = re.compile(r"\]\((?=#|\w+\.ipynb)(#?)")


@dataclasses.dataclass(frozen=True)
class Question:
    """One question of Check yourself.

    Attributes:
        week: Its week, such as "c4w1".
        text: What is asked.
        markdown: All of it: number, options and answer.
    """

    week: str
    text: str
    markdown: str

    @property
    def key(self):
        """The name under which a reader's browser remembers it: another text, another question."""
        return f"{self.week}-{hashlib.sha1(self.text.encode()).hexdigest()[:8]}"

    def section(self, named):
        """Return the anchor of the section to read again, or None.

        Args:
            named: What book/questions.yml says: {week: {first words of a question: anchor}}.
        """
        found = (a for start, a in named.get(self.week, {}).items() if self.text.startswith(start))
        return next(found, None)


def prose_words(markdown):
    """Count the words of Markdown, without code, formulas, comments, tags and link targets."""
    return sum(bool(re.search(r"\w", word)) for word in SKIPPED.sub(" ", markdown).split())


def measure(path):
    """Return a notebook's title, its words of prose, its figures and its exercises."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    title = prose[0].partition("\n")[0].removeprefix("# ")
    figures = sum("image/png" in o.get("data", {}) for cell in code for o in cell["outputs"])
    exercises = sum(cell["id"].startswith("solution-") for cell in code)
    return title, prose_words("\n\n".join(prose)), figures, exercises


def questions(path):
    """Return the questions of a notebook's Check yourself."""
    prose = "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    checked = re.split(r"^## ", prose.partition("\n## Check yourself\n")[2], flags=re.MULTILINE)[0]
    return [
        Question(week_of(path), COMMENT.sub("", match[1]), match[0])
        for match in QUESTION.finditer(checked)
    ]


def moved(markdown, name):
    """Return a notebook's question for a page under book/: without number, its links from there."""
    unnumbered = re.sub(r"^\*\*\d+\. ", "**", markdown)
    return LINK.sub(lambda m: f"](../notebooks/{name if m[1] else ''}{m[1]}", unnumbered)


def to_do():
    """Return {week: its name, its page, and how much there is to read, answer and solve}."""
    weeks = {}
    for path in find():
        title, _, _, exercises = measure(path)
        level_2 = [title for cell in read(path).cells for n, title in headings(cell) if n == 2]
        weeks[week_of(path)] = {
            "title": title,
            "page": f"notebooks/{path.stem}.html",
            "sections": len(level_2),
            "questions": len(questions(path)),
            "exercises": exercises,
        }
    return weeks


def named_sections():
    """Return what book/questions.yml says."""
    return yaml.safe_load(SECTIONS.read_text(encoding="utf-8"))


def read_again(document, docname, anchor):
    """Return a paragraph of a document that leads to a section of a page."""
    link = glossary.link_to(document, docname, anchor)
    return nodes.paragraph("", "Read again: ", link, classes=["again"])


def lead_back(parent, asked, named, docname, document):
    """Name each question for the browser, and end its answer with a link to what explains it.

    Args:
        parent: The node whose children are questions, options and answers, changed in place.
        asked: Its questions.
        named: What `named_sections` returns.
        docname: The page of their notebook.
        document: The page that they stand on.
    """
    folds = [n for n in parent if isinstance(n, nodes.raw) and n.astext().startswith(ANSWER)]
    for fold, question in zip(folds, asked, strict=True):
        name = fold.astext().replace("<details>", f'<details data-question="{question.key}">')
        start = parent.index(fold)
        end = next(i for i in range(start, len(parent)) if "</details>" in parent[i].astext())
        parent[start] = nodes.raw("", name, format="html")
        if anchor := question.section(named):
            parent.insert(end, read_again(document, docname, anchor))


def lead_answers_back(app, doctree):
    """Do so on a notebook's own page."""
    docname = app.env.docname
    path = Path(app.env.doc2path(docname))
    if path.suffix == ".ipynb" and is_week(week_of(path)):
        app.env.note_dependency(str(SECTIONS))
        for section in doctree.findall(nodes.section):
            if "check-yourself" in section["ids"]:
                lead_back(section, questions(path), named_sections(), docname, docname)


class Weeks(SphinxDirective):
    """A table of the written weeks of a course: `weeks c4`."""

    required_arguments = 1

    def run(self):
        """Return the table."""
        rows = ["| week | to read | figures | exercises |", "| --- | --- | --- | --- |"]
        for path in sorted((ROOT / "notebooks").glob(f"{self.arguments[0]}w?_*.ipynb")):
            self.env.note_dependency(str(path))
            title, words, figures, exercises = measure(path)
            minutes = f"{words:,} words, {5 * round(words / WORDS_A_MINUTE / 5)} minutes"
            link = f"[{title}](../notebooks/{path.name})"
            rows.append(f"| {link} | {minutes} | {figures} | {exercises} |")
        return self.parse_text_to_nodes("\n".join(rows))


class Review(SphinxDirective):
    """The questions of all weeks, `review questions`, or the glossary's cards, `review cards`."""

    required_arguments = 1

    def run(self):
        """Return the questions, each in a box of its own, or the cards as data for the script."""
        self.env.note_dependency(__file__)
        return getattr(self, self.arguments[0])()

    def questions(self):
        """Return the questions, whatever the script does with them."""
        self.env.note_dependency(str(SECTIONS))
        boxes, named, document = [], named_sections(), self.env.docname
        for path in find():
            self.env.note_dependency(str(path))
            title, *_ = measure(path)
            for question in questions(path):
                here = moved(question.markdown, path.name)
                week = self.parse_text_to_nodes(f"[{title}](../notebooks/{path.name})")
                box = nodes.container("", *week, *self.parse_text_to_nodes(here), classes=["asked"])
                lead_back(box, [question], named, f"notebooks/{path.stem}", document)
                boxes.append(box)
        return boxes

    def cards(self):
        """Return the terms as JSON: key, term, Korean names, definition, week, address."""
        self.env.note_dependency(str(glossary.SOURCE))
        cards = []
        for term in glossary.load(self.config.glossary):
            path = next(iter(ROOT.glob(f"notebooks/{term.week}_*.ipynb")), None)
            section = f"#{nodes.make_id(term.section)}" if term.section else ""
            page = path and f"../notebooks/{path.stem}.html{section}"
            names = ", ".join([term.term, *term.also])
            cards.append([term.anchor, names, term.korean, term.definition, term.week, page])
        data = json.dumps(cards, ensure_ascii=False).replace("</", "<\\/")
        script = f'<script type="application/json" id="card-data">{data}</script>'
        return [nodes.raw("", script, format="html")]


def write_weeks(app):
    """Write into the site what there is to do, for the script that knows what is done."""
    if app.builder.format == "html":
        folder = Path(app.outdir) / "_static"
        folder.mkdir(parents=True, exist_ok=True)
        data = json.dumps(to_do(), ensure_ascii=False)
        (folder / "weeks.js").write_text(f"const WEEKS = {data};\n", encoding="utf-8")


def setup(app):
    """Register with Sphinx."""
    app.add_directive("weeks", Weeks)
    app.add_directive("review", Review)
    app.connect("builder-inited", write_weeks)
    app.connect("doctree-read", lead_answers_back)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
