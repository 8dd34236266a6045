"""Say at the foot of each notebook page with which versions it was last verified.

`make matrix`, `make newest` and `make colab` store what they compared in book/_data/verified.json,
with a digest of the notebook's code and outputs: what was verified of another state is not shown.
"""

import json
from datetime import date
from itertools import groupby
from pathlib import Path

from tools.shared.verified import digest, load

WORDS = {"pinned": "the pinned", "colab": "Colab’s", "newest": "the newest"}
NOT_YET = "Not verified under several versions since it was last changed."


def sentence(runs):
    """Return "Last verified with …" for the runs of one notebook, or that there are none.

    Args:
        runs: Dicts with set, python, tensorflow, keras, numpy, date, compared and differing.
    """

    def alike(run):
        differing = run["differing"]
        result = f"{len(differing)} of {run['compared']} outputs differ" if differing else ""
        packages = (run["tensorflow"], run["keras"], run["numpy"])
        return (list(WORDS).index(run["set"]), packages, run["date"], result)

    parts = []
    for key, group in groupby(sorted(runs, key=alike), alike):
        number, (tensorflow, keras, numpy), day, result = key
        pythons = [run["python"].rpartition(".")[0] for run in group]
        pythons = ", ".join(sorted(pythons, key=lambda version: int(version.partition(".")[2])))
        parts.append(
            f"{list(WORDS.values())[number]} TensorFlow {tensorflow}, Keras {keras} and NumPy "
            f"{numpy} on Python {pythons} ({words_for(day)}{f': {result}' if result else ''})"
        )
    return f"Last verified with {'; '.join(parts)}." if parts else NOT_YET


def words_for(day):
    """Return an ISO date in words, such as 24 November 2026."""
    day = date.fromisoformat(day)
    return f"{day.day} {day:%B %Y}"


def add_line(app, pagename, templatename, context, doctree):
    """Put the line at the end of a notebook's page."""
    path = Path(app.env.doc2path(pagename)) if pagename in app.env.found_docs else Path()
    if path.suffix == ".ipynb":
        entry = load().get(path.stem.partition("_")[0], {})
        runs = entry["runs"] if entry.get("digest") == digest(path) else []
        context["body"] += f'<p class="verified">{sentence(runs)}</p>'


def setup(app):
    """Register with Sphinx."""
    # A change of this file, or of the stored results, is a change of every page.
    app.add_config_value("verified", Path(__file__).read_text() + json.dumps(load()), "html")
    app.connect("html-page-context", add_line)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
