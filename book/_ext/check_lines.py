"""Give each line that a check printed a face, and a link to its row on the page of evidence.

The notebooks stay as they are: an output's text is taken apart at build time, and every character
of it stays on the page, in order. Lines of other prints stay plain. A cell tagged `guard` has its
check lines folded: they guard the machinery and teach nothing.
"""

import re
from html import escape
from itertools import groupby
from pathlib import Path

from docutils import nodes

from tools.shared.cells import bounds_of, checked_lines, checks_of, printed, slug
from tools.shared.measurements import SEEDS, load
from tools.shared.notebooks import find, read, week_of

EVIDENCE = "../book/evidence.html"  # as the notebooks' pages see it
EXPLAINED = "book/how_to_use"
EXAMPLES = (
    "c4w1",
    (
        "features after Flatten",
        "convolve: NumPy equals keras.ops.conv",
        "ConvNet test accuracy",
        "layer_cost",
    ),
)
KINDS = {"fact": "exact", "equal": "proof", "claim": "measured", "exercise": "exercise"}
LEFT, RIGHT, MIDDLE = 5, 115, 8  # of a scale's line, in a picture of 120 × 16


def row_ids(week, cells):
    """Return {a check's name: the anchor of its row on the page of evidence} for a notebook."""
    found = {}
    for _, check in checks_of(cells):
        plain = anchor = f"check-{week}-{slug(check.name)}"
        number = 1
        while anchor in found.values():  # names that differ in a colon have one slug
            number += 1
            anchor = f"{plain}-{number}"
        found.setdefault(check.name, anchor)
    return found


def scale(result, seeds=()):
    """Return a claim's result as a picture: bound, measured value, and small ticks for the seeds.

    The line is thick where a value keeps the bound and dashed where it would break it. It reaches
    from the smallest to the largest of all numbers shown, so a margin is seen beside the spread.

    Args:
        result: What a claim printed behind its name.
        seeds: The values measured under other seeds.
    """
    value, limits = float(result.split()[0]), bounds_of(result)
    shown = [value, *limits.values(), *seeds]
    low, high = min(shown), max(shown)
    room = (high - low) or 1.0
    low -= room * (0.2 if "at_least" in limits else 0.08)
    high += room * (0.2 if "at_most" in limits else 0.08)

    def place(number):
        return f"{LEFT + (RIGHT - LEFT) * (number - low) / (high - low):.4g}"

    start = place(limits["at_least"]) if "at_least" in limits else LEFT
    end = place(limits["at_most"]) if "at_most" in limits else RIGHT
    paths = {
        "beyond": f"M{LEFT} {MIDDLE}H{RIGHT}",
        "within": f"M{start} {MIDDLE}H{end}",
        "seeds": "".join(f"M{place(seed)} 4v8" for seed in sorted(set(seeds))),
        "bound": "".join(f"M{place(limit)} 1v14" for limit in limits.values()),
    }
    drawn = "".join(f'<path class="{name}" d="{d}"/>' for name, d in paths.items() if d)
    return (
        f'<svg class="scale" viewBox="0 0 120 16" role="img" '
        f'aria-label="{alternative(result, seeds)}">'
        f'{drawn}<circle cx="{place(value)}" cy="{MIDDLE}" r="3.7"/></svg>'
    )


def alternative(result, seeds):
    """Return in words what a scale shows besides what the line says."""
    shown, limits = result.split()[0], bounds_of(result)
    digits = len(shown.partition(".")[2])
    distance = min(abs(float(shown) - limit) for limit in limits.values())
    bound = "bound" if len(limits) == 1 else "nearer bound"
    words = f"scale: {distance:.{digits}f} inside the {bound}"
    if seeds:
        ends = " to ".join(f"{end:.{digits}f}" for end in sorted({min(seeds), max(seeds)}))
        words += f"; {len(seeds)} more seeds: {ends}"
    return words


def face(check, line, address, seeds=()):
    """Return one line as HTML: an icon, the line itself with what matters in bold, a scale.

    Args:
        check: The check that printed it.
        line: What it printed, without the line break.
        address: Where its row on the page of evidence is.
        seeds: A claim's values under other seeds.
    """
    text, picture = escape(line), ""
    if check.kind == "fact":
        name = escape(f"{check.name} = ")
        text = f"{name}<b>{text.removeprefix(name)}</b>"
    elif check.kind == "claim":
        result = line.removeprefix(f"{check.name} ≈ ")
        text = re.sub(r"(≈ )([^(]+?) (\([^()]*\))$", r"\1<b>\2</b> <small>\3</small>", text)
        picture = scale(result, seeds)
    elif check.kind == "equal":
        text = re.sub(r"(\(rtol [^()]*\))$", r"<small>\1</small>", text)
    kind = KINDS[check.kind]
    return (
        f'<a class="check {kind}" href="{escape(address)}">'
        f'<i role="img" aria-label="{kind}"></i><span>{text}\n</span>{picture}</a>'
    )


def output(cell, text, addresses, seeds):
    """Return what a cell printed as HTML, or None where no check printed a line of it.

    Args:
        cell: The executed cell.
        text: One of its streams.
        addresses: {check's name: address of its row on the page of evidence}.
        seeds: {claim's name: its values under other seeds}.
    """
    lines = checked_lines(cell.source, text)
    if not any(check for _, check in lines):
        return None
    folded = "guard" in cell.metadata.get("tags", [])
    parts = []
    for checked, run in groupby(lines, key=lambda pair: folded and pair[1] is not None):
        run = list(run)
        text = "".join(
            face(check, line, addresses[check.name], seeds.get(check.name, ()))
            if check
            else escape(f"{line}\n")
            for line, check in run
        )
        part = f'<pre class="lines">{text}</pre>'
        if checked:
            what = "1 line that guards" if len(run) == 1 else f"{len(run)} lines that guard"
            what = f"<summary>{what} the machinery</summary>"
            part = f'<details class="quiet guard">{what}{part}</details>'
        parts.append(part)
    return "".join(parts)


def examples():
    """Return a line of each kind as the page on how to use the book shows them."""
    week, names = EXAMPLES
    (path,) = find([week])
    cells = read(path).cells
    ids, seeds = row_ids(week, cells), load(SEEDS / f"{week}.json")["claims"]
    found = {}
    for cell in cells:
        if cell.cell_type == "code":
            for line, check in checked_lines(cell.source, printed(cell)):
                if check and check.name in names and check.name not in found:
                    address = f"evidence.html#{ids[check.name]}"
                    found[check.name] = face(check, line, address, seeds.get(check.name, ()))
    return f'<pre class="lines">{"".join(found[name] for name in names)}</pre>'


def show_examples(app, document, source):
    """Put the examples into the page that explains them."""
    if document == EXPLAINED:
        source[0] = source[0].replace("<!-- faces -->", examples())
        for path in (*find([EXAMPLES[0]]), SEEDS / f"{EXAMPLES[0]}.json"):
            app.env.note_dependency(str(path))


def give_faces(app, doctree):
    """Replace the printed text of each cell that calls checks, in a notebook that was read."""
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix != ".ipynb":
        return
    week, cells = week_of(path), read(path).cells
    measured = SEEDS / f"{week}.json"
    seeds = load(measured)["claims"] if measured.exists() else {}
    app.env.note_dependency(str(measured))
    addresses = {name: f"{EVIDENCE}#{anchor}" for name, anchor in row_ids(week, cells).items()}
    for node in list(doctree.findall(nodes.container)):
        if node.get("nb_element") != "cell_code":
            continue
        cell = cells[node["cell_index"]]
        for stream in [n for n in node.findall(nodes.literal_block) if "stream" in n["classes"]]:
            if html := output(cell, stream.astext(), addresses, seeds):
                stream.replace_self(nodes.raw("", html, format="html", classes=["checked"]))


def setup(app):
    """Register with Sphinx."""
    # A change of this file is a change of every notebook's page.
    app.add_config_value("check_lines", Path(__file__).read_text(encoding="utf-8"), "env")
    app.connect("source-read", show_examples)
    app.connect("doctree-read", give_faces)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
