"""Let exercises be done where they are read: Python in the page, loaded at the first click.

Behind each stub stands what book/_static/exercises.js needs to make an editor of it: the code that
comes before, and what it lacks here; and a link to the section that explains the exercise
(book/exercises.yml). The check is the notebook's own, and the words are those of `checks.exercise`
in the wheel of `dsl_utils` that the site offers. Without scripts the page stays as it is.
"""

import json
import shutil
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.errors import ExtensionError

from book._ext import weeks
from tools.shared.exercises import PYODIDE, WHEELS, exercises_of, numpy_wheel
from tools.shared.notebooks import ROOT, is_week, read, week_of

SECTIONS = ROOT / "book" / "exercises.yml"
RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")

# What the page lacks, in the order in which it is named: the first package that an exercise needs.
LACKING = {
    "keras": "Keras",
    "tensorflow": "TensorFlow",
    "dsl_utils": "the notebook’s data",
    "sklearn": "scikit-learn",
    "scipy": "SciPy",
}


def named_sections():
    """Return what book/exercises.yml says: {week: {function: anchor}}."""
    return yaml.safe_load(SECTIONS.read_text(encoding="utf-8"))


def wheel():
    """Return the path of NumPy's wheel; there may be no file."""
    return WHEELS / numpy_wheel()["file_name"]


def lacks(packages, numpy):
    """Return in words what the page lacks to run an exercise, or "" where it runs.

    Args:
        packages: The packages that it needs.
        numpy: Whether the site has NumPy.
    """
    if packages <= {"numpy"}:
        return "" if numpy or not packages else "NumPy"
    return next((name for package, name in LACKING.items() if package in packages), "more packages")


def plan(exercise, numpy):
    """Return what the script has to know of an exercise, as HTML."""
    missing = lacks(exercise.packages, numpy)
    said = {"lacks": missing}
    if not missing:
        wanted = "needed" if "numpy" in exercise.packages else "there" if numpy else ""
        said = {"before": exercise.before, "numpy": wanted}
    data = json.dumps(said, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/json">{data}</script>'


def add_plans(app, doctree):
    """Put them behind the stubs of a notebook that was read."""
    docname = app.env.docname
    path = Path(app.env.doc2path(docname))
    if path.suffix != ".ipynb" or not is_week(week_of(path)):
        return
    app.env.note_dependency(str(SECTIONS))
    cells, sections = read(path).cells, named_sections().get(week_of(path), {})
    exercises = {f"exercise-{exercise.number}": exercise for exercise in exercises_of(cells)}
    for node in list(doctree.findall(nodes.container)):
        if node.get("nb_element") != "cell_code":
            continue
        if exercise := exercises.get(cells[node["cell_index"]].id):
            html = plan(exercise, app.config.numpy_in_the_page)
            box = nodes.container("", nodes.raw("", html, format="html"), classes=["try"])
            if not lacks(exercise.packages, app.config.numpy_in_the_page):
                if anchor := sections.get(exercise.name):
                    box += weeks.read_again(docname, docname, anchor)
            node.parent.insert(node.parent.index(node) + 1, box)


def add_script(app, pagename, templatename, context, doctree):
    """Load the script on the pages that have exercises."""
    if '<div class="try ' in context.get("body", ""):
        app.add_js_file("exercises.js")


def copy_runtime(app, exception):
    """Copy Pyodide into the finished site, and NumPy where there is one."""
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_static" / "pyodide"
    folder.mkdir(parents=True, exist_ok=True)
    for name in RUNTIME:
        shutil.copy(PYODIDE / name, folder)
    lock = json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))
    lock["packages"] = {"numpy": numpy_wheel()} if wheel().exists() else {}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    if wheel().exists():
        shutil.copy(wheel(), folder)


def setup(app):
    """Register with Sphinx."""
    if not PYODIDE.is_dir():
        raise ExtensionError("Pyodide is missing: run `make book`, which fetches it.")
    # A change of this file, or a wheel that arrived, is a change of every notebook's page.
    app.add_config_value("exercises", Path(__file__).read_text(encoding="utf-8"), "env")
    app.add_config_value("numpy_in_the_page", wheel().exists(), "env")
    app.connect("doctree-read", add_plans)
    app.connect("html-page-context", add_script)
    app.connect("build-finished", copy_runtime)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
