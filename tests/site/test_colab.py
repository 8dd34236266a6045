"""The Colab button: on every notebook page of a configured copy, and nowhere before."""

import shutil
import subprocess
import sys
from pathlib import Path

from bs4 import BeautifulSoup, SoupStrainer

from tests.site.pages import built_pages
from tools.shared.notebooks import ROOT
from tools.write import configure

COPIED = ("_config.yml", "_toc.yml", "index.md", "README.md", "pyproject.toml", "CITATION.cff")
COPIED += ("book", "notebooks", "tests", "tools")
HOSTS = ("https://colab.research.google.com/", "https://github.com/")
CITED = "https://github.com/keras-team/keras/issues/"  # defects that a page tells of


def links(site):
    """Return the addresses on Colab and GitHub that each page of a site links to."""
    return {
        path.relative_to(site).as_posix(): [
            (link["href"], link.get_text(strip=True))
            for link in BeautifulSoup(html, "html.parser", parse_only=SoupStrainer("a"))
            if link.get("href", "").startswith(HOSTS) and not link["href"].startswith(CITED)
        ]
        for path, html in built_pages(site)
    }


def test_without_an_address_no_page_links_to_a_repository(site):
    repository, _ = configure.address()
    found = [href for page in links(site).values() for href, _ in page]
    assert [href for href in found if repository is None or repository not in href] == []


def test_a_configured_copy_offers_colab_on_a_notebook_page_alone(tmp_path):
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    configure.configure("ada/book", "release/2", root=tmp_path)
    notebook = "notebooks/conventions"  # one is enough: the theme treats all alike
    contents = f"format: jb-book\nroot: index\nchapters: [file: book/about, file: {notebook}]\n"
    (tmp_path / "_toc.yml").write_text(contents, encoding="utf-8")
    build = [Path(sys.executable).with_name("jupyter-book"), "build", ".", "-q"]
    log = tmp_path / "log"  # not a pipe: KaTeX's server may outlive a build that failed
    with log.open("w") as output:
        result = subprocess.run(build, cwd=tmp_path, stdout=output, stderr=output, timeout=300)
    assert result.returncode == 0, log.read_text(encoding="utf-8")

    pages = links(tmp_path / "_build" / "html")
    address = f"github/ada/book/blob/release/2/{notebook}.ipynb"
    button = (f"https://colab.research.google.com/{address}", "Open in Colab")
    offering = {name for name, found in pages.items() if button in found}
    assert offering == {f"{notebook}.html"}
    elsewhere = [href for page in pages.values() for href, _ in page if "ada/book" not in href]
    assert elsewhere == []
