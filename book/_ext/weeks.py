"""List a course's weeks on its page, with what the notebooks themselves say about their size."""

import json
import re
from pathlib import Path

from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).parents[2]
WORDS_A_MINUTE = 200  # a calm pace for a text to think along with

# What nobody reads as prose.
SKIPPED = re.compile(r"```.*?```|<!--.*?-->|\$\$.*?\$\$|\$[^$]+\$|\]\([^)]*\)|<[^>]+>", re.DOTALL)


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


def setup(app):
    """Register with Sphinx."""
    app.add_directive("weeks", Weeks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
