"""Say how to cite the book, in BibTeX and in APA style, from what CITATION.cff says."""

from pathlib import Path

import yaml
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

SOURCE = Path(__file__).parents[2] / "CITATION.cff"


def formats(text):
    """Return (BibTeX, APA) for the text of a CITATION.cff file."""
    about = yaml.safe_load(text)
    author = " and ".join(f"{{{author['name']}}}" for author in about["authors"])
    title, version, year = about["title"], about["version"], about["date-released"][:4]
    url = about.get("repository-code", "")
    fields = {"author": author, "title": title, "version": version, "year": year, "url": url}
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    bibtex = "\n".join(["@software{deep_learning_verified,", *lines, "}"])
    names = ", & ".join(author["name"] for author in about["authors"])
    apa = f"{names}. ({year}). {title} (Version {version}) [Computer software]. {url}".strip()
    return bibtex, apa


class Citation(SphinxDirective):
    """The two forms, each in a block that can be copied."""

    def run(self):
        """Return the blocks."""
        self.env.note_dependency(str(SOURCE))
        bibtex, apa = formats(SOURCE.read_text(encoding="utf-8"))
        blocks = [nodes.literal_block(text, text, language="none") for text in (bibtex, apa)]
        labels = [nodes.paragraph("", name) for name in ("BibTeX:", "APA:")]
        return [node for pair in zip(labels, blocks, strict=True) for node in pair]


def setup(app):
    """Register with Sphinx."""
    app.add_directive("citation", Citation)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
