"""Follow every external link of pages and notebooks: `make links`.

Sphinx's own link checker does it; what is broken is written to _build/links.md.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tools.shared.notebooks import ROOT
from tools.verify.report import code, table, write

REMEDY = (
    "Open each link in a browser. If its page moved, link to the new address; if it is gone, link "
    "to another source or say it without a link.\n\n"
)
# Many publishers answer readers, but no programs. There is a page, so the link is not broken.
READERS_ONLY = "403 Client Error"


def check(book, output):
    """Let Sphinx follow the links of a book.

    Args:
        book: The folder with _config.yml and _toc.yml.
        output: A folder for what Sphinx writes; emptied first, or unchanged pages are skipped. It
            is not the site's folder, or the next build of the site would show no old warning.

    Returns:
        One dict a link, as Sphinx describes it: filename, uri, status, info and more.

    Raises:
        SystemExit: If the book does not build.
    """
    shutil.rmtree(output, ignore_errors=True)
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    command = [jupyter_book, "build", book, "--builder", "linkcheck", "--path-output", output]
    result = subprocess.run(command, capture_output=True, text=True)
    links = output / "_build" / "html" / "output.json"
    if not links.exists():
        sys.exit(f"The book does not build, so no link was followed:\n{result.stderr.strip()}")
    return [json.loads(line) for line in links.read_text(encoding="utf-8").splitlines()]


def broken(links):
    """Return a row for each link that leads nowhere: page, link, reason."""
    return sorted(
        (link["filename"], link["uri"], code(link["info"]))
        for link in links
        if link["status"] in ("broken", "timeout") and READERS_ONLY not in link["info"]
    )


def main():
    """Check this book; the exit status tells whether all is well."""
    links = check(ROOT, ROOT / "_build" / "linkcheck")
    rows = broken(links)
    text = REMEDY + table(("page", "link", "reason"), rows) if rows else "No link is broken.\n"
    write(ROOT / "_build" / "links.md", text)
    sys.exit(bool(rows))


if __name__ == "__main__":
    main()
