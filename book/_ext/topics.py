"""The page of topics: where each topic of the lectures is taught, and what guards it.

book/topics.yml lists them by week; the page book/topics.md shows the list in place of its comment
`<!-- topics -->`. An entry that leads nowhere, a topic without a check, a section of a week that
no topic names: each is a warning, which fails the build.
"""

from difflib import get_close_matches
from pathlib import Path

import yaml
from sphinx.util import logging

from book._ext.cells import label
from tools.shared.cells import checks_of, escape, headings, slug
from tools.shared.notebooks import ROOT, contents, find, read, week_of

PAGE = "book/topics"
FILE = ROOT / f"{PAGE}.yml"
PLACE = "<!-- topics -->"

logger = logging.getLogger(__name__)


def sections(cells):
    """Return {anchor: title} of a notebook's headings, and {code cell: anchors it stands under}."""
    titles, under, path = {}, {}, {}
    for cell in cells:
        for level, title in headings(cell):
            anchor = slug(title)
            repeated = sum(slug(other) == anchor for other in titles.values())
            anchor += f"-{repeated}" if repeated else ""
            titles[anchor] = title
            path = {depth: over for depth, over in path.items() if depth < level}
            path[level] = anchor
        if cell.cell_type == "code":
            under[cell.id] = list(path.values())
    return titles, under


def lecture_sections(cells):
    """Return the anchors of the sections that treat the lecture: those before the experiment."""
    found = [slug(title) for cell in cells for level, title in headings(cell) if level == 2]
    experiment = next((i for i, a in enumerate(found) if a.startswith("experiment")), len(found))
    return found[found.index("notation-and-shapes") + 1 : experiment]


def unknown(what, name, known):
    """Say that something does not exist, and what is meant perhaps."""
    near = ", ".join(get_close_matches(name, known, n=3)) or ", ".join(known)
    return f"there is no {what} {name!r}; choose one of the notebook, such as: {near}"


def wrong_with(entry, titles, under, checks):
    """Yield what is wrong with one entry of the list, each with a remedy."""
    surplus = set(entry) - {"topic", "section", "cell", "checks", "story"}
    if surplus or not {"topic", "section"} <= set(entry):
        yield "write topic, section, cell and checks, or story instead of checks"
        return
    section, cell, names = entry["section"], entry.get("cell"), entry.get("checks", [])
    if section not in titles:
        yield unknown("section", section, titles)
    if not cell and not entry.get("story"):
        yield "name the cell that teaches it"
    elif cell and cell not in under:
        yield unknown("cell", cell, under)
    elif cell and section in titles and section not in under[cell]:
        yield f"cell {cell!r} does not stand under #{section}, but under #{under[cell][-1]}"
    if bool(names) == bool(entry.get("story")):
        yield (
            "name the checks that guard it; or, where there is nothing to compute, no check and "
            "the reason as story"
        )
    for name in names:
        if name not in checks:
            yield unknown("check", name, checks)


def problems(topics, notebooks):
    """Return what is wrong with the list of topics.

    Args:
        topics: {week: its entries}, as in the file.
        notebooks: {week: the cells of its notebook}.

    Returns:
        A line for each problem: the file, the week or topic, what is wrong and what would be right.
    """
    found = [
        f"{week}: there is no notebook of this week: remove its topics"
        for week in topics
        if week not in notebooks
    ]
    for week, cells in notebooks.items():
        entries = topics.get(week, [])
        titles, under = sections(cells)
        checks = [check.name for _, check in checks_of(cells)]
        for entry in entries:
            name = entry.get("topic", entry)
            found += [
                f"{week}: {name!r}: {what}" for what in wrong_with(entry, titles, under, checks)
            ]
        named = {entry.get("section") for entry in entries}
        named |= {over for entry in entries for over in under.get(entry.get("cell"), [])}
        found += [
            f"{week}: no topic leads to the section #{anchor}: list what it teaches"
            for anchor in lecture_sections(cells)
            if anchor not in named
        ]
    return [f"{FILE.name}: {line}" for line in found]


def table(path, cells, entries):
    """Return the topics of one week as a Markdown table with links."""
    titles, _ = sections(cells)
    cell_of = {check.name: cell.id for cell, check in checks_of(cells)}
    lines = ["| topic | taught in | guarded by |", "| --- | --- | --- |"]
    for entry in entries:
        topic = entry["topic"]
        if entry.get("cell"):
            topic = f"[{topic}](#{label(path, entry['cell'])})"
        section = f"[{titles[entry['section']]}](../notebooks/{path.name}#{entry['section']})"
        guards = [
            f"[{escape(name)}](#{label(path, cell_of[name])})" for name in entry.get("checks", [])
        ]
        guarded = ", ".join(guards) or f"*Nothing to compute: {entry['story']}*"
        lines.append(f"| {topic} | {section} | {guarded} |")
    return "\n".join(lines)


def page(topics, notebooks, parts):
    """Return all topics as Markdown, by course and week.

    Args:
        topics: {week: its entries}.
        notebooks: {week: (path, cells)}.
        parts: The parts of the table of contents, which name the courses.
    """
    text = []
    for part in parts:
        files = [Path(chapter["file"]).name for chapter in part["chapters"]]
        weeks = [week for week, (path, _) in notebooks.items() if path.stem in files]
        text += [f"## {part['caption']}"] if weeks else []
        for week in weeks:
            path, cells = notebooks[week]
            _, title = headings(cells[0])[0]
            text += [f"### {title}", table(path, cells, topics.get(week, []))]
    return "\n\n".join(text)


def fill(app, document, source):
    """Put the topics into their page."""
    if document != PAGE:
        return
    topics = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    notebooks = {week_of(path): (path, read(path).cells) for path in find()}
    watched = [Path(__file__), FILE, ROOT / "_toc.yml"]
    for path in [*watched, *(path for path, _ in notebooks.values())]:
        app.env.note_dependency(str(path))
    wrong = problems(topics, {week: cells for week, (_, cells) in notebooks.items()})
    for line in wrong:
        logger.warning(line, location=document)
    if not wrong:
        source[0] = source[0].replace(PLACE, page(topics, notebooks, contents()["parts"]))


def setup(app):
    """Register with Sphinx."""
    app.connect("source-read", fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
