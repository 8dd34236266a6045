"""A notebook as the rules see it, and what they count in it."""

import dataclasses
import re

from tools.shared.cells import FENCE, checks_of, headings

INLINE_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
MATH = re.compile(r"\$\$.+?\$\$|\$(?!\s).+?(?<!\s)\$", re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
LINK_TARGET = re.compile(r"(?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)")
URL = re.compile(r"<?https?://[^\s>)]+>?")
QUESTION = re.compile(
    r"^\*\*(\d+)\. (.+)\*\*\n\n((?:- [A-Z]\. .+\n)*)\n?"
    r"<details><summary>Answer</summary>\n\n"
    r"((?:(?!</?details>|^\*\*\d+\. )(?s:.))+?)\n\n</details>$",
    re.MULTILINE,
)


@dataclasses.dataclass(frozen=True)
class Question:
    """One question of Check yourself.

    Attributes:
        number: Its number.
        text: The question.
        options: (letter, text) of each option; none where a number or words are asked for.
        answer: The Markdown of the folded answer.
    """

    number: int
    text: str
    options: list
    answer: str

    @property
    def right(self):
        """The letter or the number that the answer begins with, in bold, or None."""
        begin = re.match(r"\*\*(?:([A-Z])\.\*\*|([-−]?\d[^*]*)\*\*)", self.answer)
        return begin and (begin[1] or begin[2])

    @property
    def reasons(self):
        """The options that the answer says to be wrong."""
        return re.findall(r"^- Not ([^:]+): \S", COMMENT.sub("", self.answer), re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Lesson:
    """One notebook and what it is compared with.

    Attributes:
        file: The file's name.
        cells: The notebook's cells.
        size: The file's size in bytes.
        setup: What the source of the setup cell must be.
        faults: Names of the checks for which a fault is planted.
        beside: {a notebook or page that it may link to, as seen from it: its anchors, or None
            for a page}.
        seeds: {claim: its values over seeds}.
        stress: {stress run: {claim: its values}}.
        draft: Whether some rules still wait, as the week is not in the book yet.
    """

    file: str
    cells: list
    size: int
    setup: str
    faults: frozenset = frozenset()
    beside: dict = dataclasses.field(default_factory=dict)
    seeds: dict = dataclasses.field(default_factory=dict)
    stress: dict = dataclasses.field(default_factory=dict)
    draft: bool = True

    @property
    def week(self):
        """The week, or the name of a notebook that belongs to no week."""
        return self.file.removesuffix(".ipynb").partition("_")[0]

    @property
    def code(self):
        """The code cells."""
        return [cell for cell in self.cells if cell.cell_type == "code"]

    @property
    def prose(self):
        """The Markdown cells."""
        return [cell for cell in self.cells if cell.cell_type == "markdown"]

    @property
    def checks(self):
        """(cell, check) for each check; of an exercise only the one in its solution."""
        return checks_of(self.cells)

    def sections(self, level=2):
        """Return (title, cell) for each heading of a level."""
        return [
            (title, cell)
            for cell in self.prose
            for depth, title in headings(cell)
            if depth == level
        ]

    def questions(self):
        """Return the questions of Check yourself, and what else stands in that section."""
        starts = [self.cells.index(c) for title, c in self.sections() if title == "Check yourself"]
        cells = self.cells[starts[0] :] if starts else []
        text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        text = re.split(r"^## ", text.partition("## Check yourself")[2], flags=re.MULTILINE)[0]
        asked = [
            Question(int(number), words, re.findall(r"^- ([A-Z])\. (.+)$", options, re.M), answer)
            for number, words, options, answer in QUESTION.findall(text)
        ]
        return asked, QUESTION.sub("", text)


def tags(cell):
    """Return a cell's tags."""
    return cell.metadata.get("tags", [])


def folded(cell):
    """Tell whether a code cell is no part of the lesson: it draws, times, loops or guards."""
    return not {"hide-input", "guard"}.isdisjoint(tags(cell))


def drawn(cell):
    """Return how many figures a code cell shows."""
    return sum("image/png" in output.get("data", {}) for output in cell.outputs)


def code_lines(source):
    """Return the lines of a cell's code that are neither blank nor a comment."""
    return [line for line in source.splitlines() if line.strip() and line.strip()[0] != "#"]


def strip(markdown, *patterns):
    """Return Markdown without code blocks and without what the other patterns match."""
    for pattern in (FENCE, *patterns):
        markdown = pattern.sub(" ", markdown)
    return markdown


def words(markdown):
    """Return the words of Markdown: no code blocks, math, comments, tags or link targets."""
    text = strip(markdown, MATH, COMMENT, LINK_TARGET, URL, re.compile(r"</?\w+>"))
    return [word for word in text.split() if re.search(r"\w", word)]
