"""The notebook contract, one rule a function.

A rule takes a `Lesson` and yields `(cell id, what is wrong and what would be right)`; `@rule` turns
that into messages and adds the rule to `RULES`.
"""

import ast
import functools
import re
import statistics
from collections import Counter
from xml.etree import ElementTree

from tests.contract.lesson import (
    COMMENT,
    INLINE_CODE,
    LINK_TARGET,
    MATH,
    URL,
    code_lines,
    drawn,
    folded,
    strip,
    tags,
    words,
)
from tools.shared.cells import HEADING, anchors, bounds_of, checks_in, parse, printed, result_of
from tools.shared.figures import drawings as drawings_in
from tools.shared.footprint import footprint
from tools.shared.measurements import worst_of
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
REUSED = {"_", "fig", "ax", "axes"}
NUMBER = r"[-+−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?"
BOUND = re.compile(rf"({NUMBER})(\s*%|\s+[^\W\d]+)?[*_`]*<!--\s*=\s*(.+?)\s*-->")
TWO_ENDED = {"PiYG", "PRGn", "BrBG", "PuOr", "RdGy", "RdBu", "RdYlBu", "RdYlGn", "Spectral"}
TWO_ENDED |= {"coolwarm", "bwr", "seismic", "berlin", "managua", "vanimo"}
TWO_ENDED |= {f"{name}_r" for name in TWO_ENDED} - {"RdBu_r"}
SHAPE = re.compile(r"\d[\d,]*(?:\s*[×x]\s*\d[\d,]*){2}")
LOOSE = re.compile(r"\d[\d,]*\.\d+|\d{1,3}(?:,\d{3})+|\d+(?=\s*%)")


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


@rule
def cell_lengths(lesson):
    """Code cells are short."""
    lengths = {cell.id: len(code_lines(cell.source)) for cell in lesson.code if cell.id != "setup"}
    for cell_id, length in lengths.items():
        if length > 40:
            yield cell_id, f"{length} lines of code, at most 40: split the cell"
    lengths = {cell.id: lengths[cell.id] for cell in lesson.code[1:] if not folded(cell)}
    median = statistics.median(lengths.values()) if lengths else 0
    if is_week(lesson.week) and median > 6:
        yield "code", f"the median cell has {median:g} lines of code, at most 6: split cells"
    long = [cell_id for cell_id, length in lengths.items() if length > 20]
    if len(long) > len(lengths) / 10:
        yield "code", f"more than 1 cell in 10 is over 20 lines of code: split {', '.join(long)}"


@weekly
def prose_share(lesson):
    """There are 7 to 14 words of prose for a line of visible code, solutions included."""
    prose = sum(len(words(cell.source)) for cell in lesson.prose)
    code = sum(len(code_lines(cell.source)) for cell in lesson.code if not folded(cell))
    if not 7 * code <= prose <= 14 * code:
        yield "prose", f"{prose} words for {code} lines of code; write 7 to 14 words for a line"


@rule
def figures(lesson):
    """There are 5 to 12 figures, one to a cell, each with name, caption and alt text."""
    total = sum(drawn(cell) for cell in lesson.code)
    if is_week(lesson.week) and not 5 <= total <= 12:
        yield "figures", f"{total} figures; show 5 to 12"
    names = Counter()
    for cell in lesson.code:
        count = drawn(cell) + len(drawings_in(cell.outputs))
        if not count:
            continue
        if count > 1:
            yield cell.id, "two figures share one caption: draw one figure to a cell"
        described = cell.metadata.get("mystnb", {})
        figure = described.get("figure", {})
        names[figure.get("name")] += 1
        if not figure.get("name") or names[figure["name"]] > 1:
            yield cell.id, "give the figure a name of its own in mystnb.figure.name"
        if not is_sentence(figure.get("caption", "")):
            yield cell.id, "write a sentence in mystnb.figure.caption"
        if drawn(cell) and not is_sentence(described.get("image", {}).get("alt", "")):
            yield cell.id, "write a sentence that says what the figure shows in mystnb.image.alt"


@rule
def drawings(lesson):
    """A drawing is folded, says what it shows, and takes its shapes from a model, by a check."""
    for cell, after in zip(lesson.code, [*lesson.code[1:], None], strict=True):
        for svg in drawings_in(cell.outputs):
            if "hide-input" not in tags(cell):
                yield cell.id, "fold the cell that draws: tag hide-input"
            if not is_sentence(ElementTree.fromstring(svg).findtext("{*}desc", "")):
                yield cell.id, "write a sentence that says what the drawing shows in its alt"
            for shape in SHAPE.findall(cell.source):
                yield cell.id, f"take {shape} from a model: drawing.shape(x, y, layer.output.shape)"
            near = [check.name for one in (cell, after) if one for check in checks_in(one.source)]
            if not any(name.endswith((": shapes drawn", ": values drawn")) for name in near):
                yield cell.id, 'compare its shapes behind it: checks.fact("…: shapes drawn", …)'


def is_sentence(text):
    """Tell whether text has the form of a sentence, and is not a file's name."""
    return len(text.split()) >= 5 and text[0].isupper() and text.rstrip()[-1] in ".?!)"


@rule
def signs(lesson):
    """Of the color maps with two ends only RdBu_r is used: red is positive, blue negative."""
    for cell in lesson.code:
        for node in ast.walk(parse(cell.source)):
            if isinstance(node, ast.Constant) and node.value in TWO_ENDED:
                yield cell.id, f"write RdBu_r instead of {node.value}: red positive, blue negative"


@rule
def clean_outputs(lesson):
    """No stored output is an error or came over stderr."""
    for cell in lesson.code:
        for output in cell.outputs:
            if output.output_type == "error" or output.get("name") == "stderr":
                yield cell.id, "an error or a warning is stored: repair the cell and make refresh"


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
def executed(lesson):
    """Every code cell was executed, in order, in one go."""
    for number, cell in enumerate(lesson.code, start=1):
        if cell.execution_count != number:
            yield cell.id, f"execution count {cell.execution_count}, not {number}: make refresh"


@rule
def ignored_outputs(lesson):
    """At most 5 % of the cells with outputs are not compared."""
    bearing = [cell for cell in lesson.code if cell.outputs]
    ignored = [
        cell.id
        for cell in lesson.code
        if re.search(r"nbval-(ignore|skip)|raises-exception", " ".join(tags(cell)))
        or re.search(r"#\s*(NBVAL_(IGNORE|SKIP|RAISES)|PYTEST_VALIDATE_IGNORE)", cell.source)
    ]
    if len(ignored) > 0.05 * len(bearing):
        share = f"{len(ignored)} of {len(bearing)} outputs are ignored, at most 5 %"
        yield ignored[-1], f"{share}: print what varies behind ≈ instead"


@rule
def setup(lesson):
    """The first code cell is the common setup cell, the second imports, and no other does."""
    first, second, *_ = [*lesson.code, None, None]
    if not first or first.id != "setup" or {"hide-input", "setup"} - set(tags(first)):
        yield "setup", "make the first code cell the setup cell: id setup, tags hide-input, setup"
    elif first.source != lesson.setup:
        yield "setup", f"restore the common setup cell:\n{lesson.setup}"
    if not second or second.id != "imports" or not any(imports(second)):
        yield second.id if second else "imports", "import in the cell behind the setup, id imports"
    for cell in lesson.code[2:]:
        if any(imports(cell)):
            yield cell.id, "move the import to the imports cell"


def imports(cell):
    """Return for each top-level statement of a cell whether it is an import."""
    return [isinstance(node, (ast.Import, ast.ImportFrom)) for node in parse(cell.source).body]


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
def bound_numbers(lesson):
    """A number bound to an output by `<!-- =name -->` agrees with it at the digits shown."""
    facts = stored_facts(lesson)
    for cell in lesson.prose:
        text = strip(cell.source)
        if len(re.findall(r"<!--\s*=", text)) != len(BOUND.findall(text)):
            yield cell.id, "put <!-- =name --> directly behind a number, its % or its unit"
        for shown, unit, name in BOUND.findall(text):
            if name == "given":
                continue
            value = re.match(rf"({NUMBER})(?![\w.])", facts.get(name) or "")
            if not value and " @ " in name:
                yield cell.id, f"nothing is stored for {name!r}: run make seeds or make stress"
            elif not value:
                yield cell.id, f"no checks.fact or claim prints a number for {name!r}"
            elif not agrees(shown, value[0], scale=100 if unit.strip() == "%" else 1):
                yield cell.id, f"{shown}{unit} in the prose, but {name!r} is {value[0]}"


def stored_facts(lesson):
    """Return {name: what is printed for it} for the facts and claims of a notebook.

    To these come what is stored of its claims: `claim @ worst seed`, `claim @ median seed`, and the
    mean over the seeds of a stress run, `claim @ run`.
    """
    facts, stored = {}, {}
    for cell, check in lesson.checks:
        if check.kind in ("fact", "claim"):
            facts[check.name] = result = result_of(cell, check)
            values = lesson.seeds.get(check.name)
            if values and result:
                stored[f"{check.name} @ worst seed"] = worst_of(values, **bounds_of(result))[0]
                stored[f"{check.name} @ median seed"] = statistics.median(values)
    for run, claims in lesson.stress.items():
        stored |= {f"{name} @ {run}": statistics.mean(values) for name, values in claims.items()}
    return facts | {name: f"{value:.10f}" for name, value in stored.items()}


def agrees(shown, value, scale):
    """Tell whether a value, times scale, rounds to the number shown."""
    shown, value = (text.replace(",", "").replace("−", "-") for text in (shown, value))
    mantissa, _, exponent = shown.partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    return abs(float(value) * scale - float(shown)) <= 0.5 * 10**-decimals * (1 + 1e-9)


@rule
def loose_numbers(lesson):
    """A number in prose with a decimal point, a thousands comma or a % is bound or given."""
    for cell in lesson.prose:
        text = BOUND.sub("", strip(cell.source, MATH))
        text = strip(text, INLINE_CODE, COMMENT, LINK_TARGET, URL)
        for number in LOOSE.findall(text):
            yield (
                cell.id,
                f"bind {number} to an output by <!-- =name --> directly behind it, or write "
                "<!-- =given --> if it is not a result",
            )


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


@rule
def forbidden_code(lesson):
    """Code hides no warning, leaves the notebook in no other way, and uses no old API."""
    for cell in lesson.code:
        if cell.id == "setup":
            continue
        if re.search(r"^\s*[!%]", cell.source, re.MULTILINE):
            yield cell.id, "shell and magic lines belong to the setup cell only"
        if cell.source.rstrip().endswith(";"):
            yield cell.id, "nbval does not heed a ; at the end: assign the value to _ instead"
        for node in ast.walk(parse(cell.source)):
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                yield cell.id, "name what you import instead of *"
            elif isinstance(node, ast.ImportFrom) and node.module == "dsl_utils.checks":
                yield cell.id, "import checks from dsl_utils, so that readers see checks.fact(…)"
            elif isinstance(node, ast.Call):
                yield from ((cell.id, what) for what in forbidden_call(node))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                if re.match(r"(/|~/|[A-Za-z]:[\\/])\w+([\\/.]|$)", node.value):
                    yield cell.id, f"{node.value!r} is an absolute path: use data of the package"


def forbidden_call(call):
    """Yield what is wrong with a call."""
    name = ast.unparse(call.func)
    if name in ("warnings.filterwarnings", "warnings.simplefilter"):
        yield "remove the warning's cause instead of hiding it"
    if name == "plt.show":
        yield "remove plt.show(): the figure is displayed anyway"
    if any(keyword.arg == "lr" for keyword in call.keywords):
        yield "write learning_rate= instead of lr="


@rule
def single_assignment(lesson):
    """No cell binds a name that another cell assigned."""
    owners = {}
    for cell in lesson.code:
        found = footprint(cell.source)
        for name in found.binds - REUSED:
            if name in owners:
                yield cell.id, f"{name} is bound in cell {owners[name]} too: choose another name"
            if name not in found.loops:
                owners.setdefault(name, cell.id)


@rule
def checks(lesson):
    """Checks have names of their own, facts are computed, and each check has a planted fault."""
    names = Counter(check.name for _, check in lesson.checks)
    for cell, check in lesson.checks:
        first, value = [*check.call.args, None][:2]
        literal = isinstance(first, ast.Constant) and isinstance(first.value, str)
        if check.kind != "exercise" and not literal:
            yield cell.id, f"write the name of {check.name} as a string in the call"
        if names[check.name] > 1:
            yield cell.id, f"{check.name!r} names {names[check.name]} checks: choose another name"
        if check.kind == "fact" and value is not None and is_literal(value):
            yield cell.id, f"{check.name!r}: compute the value instead of writing it down"
        if check.name not in lesson.faults:
            yield cell.id, f"plant a fault for {check.name!r} in tests/faults/{lesson.week}.yml"


def is_literal(node):
    """Tell whether an expression computes nothing."""
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


@weekly
def exercises(lesson):
    """There are 6 to 8 exercises: stub, check and folded solution, each as it should print."""
    stubs = [cell for cell in lesson.code if re.fullmatch(r"exercise-\d+", cell.id)]
    if [cell.id for cell in stubs] != [f"exercise-{n + 1}" for n in range(len(stubs))]:
        yield "exercises", "number the exercises: exercise-1, exercise-2, …"
    least = 6 if lesson.edition > 1 else 3
    if not least <= len(stubs) <= 8:
        yield "exercises", f"{len(stubs)} exercises; write {least} to 8"
    for stub in stubs:
        number = stub.id.partition("-")[2]
        at = lesson.cells.index(stub)
        check, solution, *_ = [*lesson.cells[at + 1 : at + 3], None, None]
        wanted = [f"exercise-{number}-check", f"solution-{number}"]
        if [cell and cell.id for cell in (check, solution)] != wanted:
            yield stub.id, f"let the cells {' and '.join(wanted)} follow"
            continue
        yield from exercise(number, check, solution)


def exercise(number, check, solution):
    """Yield what is wrong with one exercise's check and solution."""
    calls = [
        [c for c in checks_in(cell.source) if c.kind == "exercise"] for cell in (check, solution)
    ]
    if [len(found) for found in calls] != [1, 1]:
        yield check.id, "call checks.exercise once here and once at the end of the solution"
        return
    (asked,), (answered,) = calls
    wanted = ast.unparse(asked.call).replace(asked.name, f"{asked.name}_solution", 1)
    if ast.unparse(answered.call) != wanted:
        yield solution.id, f"end the solution in the check's own call: {wanted}"
    if printed(check) != f"{asked.name}: not attempted yet\n":
        yield check.id, "let the stub return None, so that the check prints: not attempted yet"
    if not re.search(r": passed (\d+) of \1 cases\n$", printed(solution)):
        yield solution.id, "the solution does not pass all cases of its check"
    if not solution.source.startswith(f"# @title Solution {number}\n"):
        yield solution.id, f"start the solution with: # @title Solution {number}"
    if "hide-cell" not in tags(solution) or solution.metadata.get("cellView") != "form":
        yield solution.id, "fold the solution: tag hide-cell, metadata cellView: form"


@weekly
def questions(lesson):
    """Check yourself asks questions that the site can mark, and explains the answers."""
    asked, left = lesson.questions()
    if re.search(r"<details|^\*\*\d", left, re.MULTILINE):
        yield (
            "questions",
            "write each question as **1. …?**, options - A. …, and its answer in "
            "<details><summary>Answer</summary>, with blank lines in between; not so is: "
            + re.search(r"(<details|^\*\*\d).*", left, re.MULTILINE)[0][:60],
        )
    if [question.number for question in asked] != list(range(1, len(asked) + 1)):
        yield "questions", "number the questions 1, 2, 3, …"
    for question in asked:
        for what in choice(question) if question.options else number(question):
            yield "questions", f"question {question.number}: {what}"
    marked = [question for question in asked if question.right]
    rights = {question.right for question in marked if question.options}
    least = 8 if lesson.edition > 1 else 5
    if len(marked) < least:
        yield "questions", f"the site can mark {len(marked)} questions; write {least} or more such"
    if len(rights) < 2:
        yield "questions", "ask some choices, and let different letters be right"
    if all(question.options for question in marked):
        yield "questions", "ask for a number, too: **73,856**<!-- =name --> begins the answer"


def choice(question):
    """Yield what is wrong with a question that has options."""
    letters = "ABCDEFGH"[: len(question.options)]
    if "".join(letter for letter, _ in question.options) != letters or len(letters) < 3:
        yield "write three options or more: - A. …, - B. …, - C. …"
    elif question.right is None or question.right not in letters:
        yield "begin the answer with the letter of the right option: **B.**"
    elif sorted(question.reasons) != sorted(set(letters) - {question.right}):
        yield "say for each wrong option, and for no other, what is wrong: - Not A: …"


def number(question):
    """Yield what is wrong with a question without options."""
    bound = re.match(rf"\*\*{NUMBER}(\s*%|\s+[^\W\d]+)?\*\*<!--\s*=(.+?)\s*-->", question.answer)
    if question.right and (not bound or bound[2] == "given"):
        yield "bind the number that answers it to a fact: **73,856**<!-- =name -->"
