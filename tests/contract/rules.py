"""The notebook contract, one rule a function; here those on the page as a whole.

A rule takes a `Lesson` and yields `(cell id, what is wrong and what would be right)`; `@rule` turns
that into messages and adds the rule to `RULES`. The other modules of this folder add theirs.
"""

import functools
import re
from collections import Counter

from tests.contract.lesson import COMMENT, INLINE_CODE, MATH, code_lines, folded, strip, words
from tools.shared.cells import HEADING, anchors
from tools.shared.notebooks import is_week

RULES = {}
SECTIONS = (  # a title, or how a title starts, in order
    "What you will do",
    "Setup",
    "Notation and shapes",
    "Experiment",
    "Change one thing",
    "What to remember",
    "Exercises",
    "Check yourself",
    "Further reading",
)
HTML_ALLOWED = {"details", "summary", "br", "sub", "sup", "kbd"}


def rule(function):
    """Register a rule; what it yields becomes a list of `file: cell id: words`."""

    @functools.wraps(function)
    def problems(lesson):
        return [f"{lesson.file}: {place}: {what}" for place, what in function(lesson)]

    RULES[function.__name__] = problems
    return problems


def weekly(function):
    """Register a rule that only the notebooks of weeks have to keep."""

    @functools.wraps(function)
    def problems(lesson):
        return function(lesson) if is_week(lesson.week) else []

    return rule(problems)


@weekly
def title(lesson):
    """The file name and the H1 name the same course and week."""
    named = re.fullmatch(r"c([1-5])w([1-4])_[a-z0-9_]+\.ipynb", lesson.file)
    if not named:
        yield "name", "name the file like c4w1_convolutional_foundations.ipynb"
        return
    titles = [text for text, _ in lesson.sections(level=1)]
    start = f"C{named[1]} W{named[2]} · "
    if len(titles) != 1 or not titles[0].startswith(start):
        yield "title", f"titles are {titles}; write one, in the first cell: # {start}…"
    elif lesson.cells[0].cell_type != "markdown" or not lesson.cells[0].source.startswith("# "):
        yield lesson.cells[0].id, "start the notebook with its title"


@weekly
def anatomy(lesson):
    """The sections stand in the order of the design, with lecture topics in between."""
    found = [text for text, _ in lesson.sections()]
    at = -1
    for wanted in SECTIONS:
        later = [i for i, text in enumerate(found) if i > at and text.startswith(wanted)]
        if not later:
            yield "sections", f"no section '## {wanted}' in its place; the order is {SECTIONS}"
            return
        if wanted == "Experiment" and later[0] == at + 1:
            yield "sections", "no lecture topic between Notation and shapes and Experiment"
        elif wanted != "Experiment" and later[0] != at + 1:
            yield "sections", f"move '## {found[at + 1]}' before '## Experiment …'"
        at = later[0]


@weekly
def topics(lesson):
    """A table leads from the lecture's topics to sections."""
    plans = [cell.source for text, cell in lesson.sections() if text == "What you will do"]
    table = [line for plan in plans for line in plan.splitlines() if line.startswith("|")]
    if not any("](#" in line for line in table):
        yield "sections", "put a table of lecture topics with links to sections in What you will do"


@rule
def links(lesson):
    """A link leads to a heading of this notebook, to another page, or out of the book."""
    own = anchors(lesson.cells)
    for cell in lesson.prose:
        for target in re.findall(r"\]\(([^()\s]*)", strip(cell.source, INLINE_CODE, MATH)):
            file, _, anchor = target.partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            if file and file not in lesson.beside:
                known = ", ".join(sorted(lesson.beside))
                yield cell.id, f"{target} leads nowhere: link to one of {known}, or to a URL"
                continue
            there = lesson.beside[file] if file else own
            if (anchor or not file) and there is not None and anchor not in there:
                known = ", ".join(sorted(there))
                yield cell.id, f"no heading has the anchor {target}; there are {known}"


@weekly
def bridge(lesson):
    """A week names the rows of the convention bridge that it needs."""
    if not any("](conventions.ipynb#" in cell.source for cell in lesson.prose):
        yield "notation", "link to the rows that this week needs: conventions.ipynb#8-same-padding"


@rule
def size(lesson):
    """The file is small."""
    if lesson.size > 800_000:
        yield "size", f"{lesson.size:,} bytes, at most 800,000: fewer or simpler figures"


@weekly
def prose_share(lesson):
    """There are 7 to 14 words of prose for a line of visible code, solutions included."""
    prose = sum(len(words(cell.source)) for cell in lesson.prose)
    code = sum(len(code_lines(cell.source)) for cell in lesson.code if not folded(cell))
    if not 7 * code <= prose <= 14 * code:
        yield "prose", f"{prose} words for {code} lines of code; write 7 to 14 words for a line"


@rule
def cell_ids(lesson):
    """Cell ids are unique and can be read."""
    for cell_id, count in Counter(cell.get("id") for cell in lesson.cells).items():
        if count > 1:
            yield cell_id, f"{count} cells have this id: rename all but one"
        if not re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", cell_id or "") or re.search(
            r"(^|-)(?=[a-f]*\d[a-f]*\d)[0-9a-f]{6,}", cell_id
        ):
            yield cell_id, "give the cell an id of words, such as conv-by-hand"


@rule
def plain_markdown(lesson):
    """Markdown is what GitHub and Colab know too."""
    myst = {
        r"^\s*(`{3,}|~{3,}|:{3,})\s*\{": "a MyST directive",
        r"^:{3,}": "a MyST directive",
        r"\{[a-z:]+\}`": "a MyST role",
        r"^\([\w:. -]+\)=\s*$": "a MyST target",
        r"^%": "a MyST comment",
    }
    for cell in lesson.prose:
        for pattern, name in myst.items():
            if re.search(pattern, cell.source, re.MULTILINE):
                yield cell.id, f"{name} shows raw in Colab: write plain Markdown"
        text = strip(cell.source, INLINE_CODE, MATH, COMMENT)
        for name in re.findall(r"</?([a-zA-Z][\w-]*)(?=[\s/>])", text):
            if name.lower() not in HTML_ALLOWED:
                yield cell.id, f"<{name}>: of HTML use only {', '.join(sorted(HTML_ALLOWED))}"


@rule
def rhythm(lesson):
    """A sentence stands before each code cell, and one that reads its output behind it."""
    for before, cell in zip([None, *lesson.cells], lesson.cells, strict=False):
        if cell.cell_type == "code" and before is not None and not follows_freely(before, cell):
            text = HEADING.sub("", before.source) if before.cell_type == "markdown" else ""
            if len(words(text)) < 4:
                yield cell.id, "write a sentence before this code cell"
    for cell, after in zip(lesson.cells, [*lesson.cells[1:], None], strict=True):
        if cell.cell_type != "code" or not cell.outputs or in_exercise(cell):
            continue
        if after is not None and after.cell_type == "code" and follows_freely(cell, after):
            continue
        if after is None or after.cell_type == "code" or after.source.startswith("#"):
            yield cell.id, "write behind this cell what its output shows"


def follows_freely(before, cell):
    """Tell whether a code cell may follow another one without words in between."""
    if before.cell_type != "code":
        return False
    if before.id == "setup" or (in_exercise(before) and in_exercise(cell)):
        return True
    return folded(cell) and not in_exercise(before)


def in_exercise(cell):
    """Tell whether a code cell is a stub, a check or a solution of an exercise."""
    return bool(re.match(r"(exercise|solution)-\d", cell.id))
