"""`make links` tells a broken link from a good one, on pages and in notebooks."""

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from tests import loopback
from tools.verify import links

STATUS = {"/good": 200, "/gone": 404, "/for-readers-only": 403}


class Handler(loopback.Handler):
    """Answer each path with its status."""

    def do_GET(self):
        self.send_response(STATUS[self.path])
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET


@pytest.fixture
def address():
    with loopback.serve(Handler) as (_, address):
        yield address


def test_only_broken_links_are_told(address, tmp_path):
    (tmp_path / "_config.yml").write_text('execute: {execute_notebooks: "off"}\n')
    (tmp_path / "_toc.yml").write_text("{format: jb-book, root: index, chapters: [{file: a}]}\n")
    (tmp_path / "index.md").write_text(f"# Page\n\n[1]({address}/good), [2](a.ipynb)\n")
    text = f"# Notebook\n\n[3]({address}/gone), [4]({address}/for-readers-only)"
    nbformat.write(new_notebook(cells=[new_markdown_cell(text)]), tmp_path / "a.ipynb")

    found = links.check(tmp_path, tmp_path / "output")
    external = {link["uri"] for link in found if link["uri"].startswith("http")}
    assert external == {address + path for path in STATUS}
    [(page, link, reason)] = links.broken(found)
    assert (page, link) == ("a.ipynb", f"{address}/gone")
    assert reason.startswith("`404 Client Error: Not Found")


def test_a_book_that_does_not_build_is_no_good_news(tmp_path):
    with pytest.raises(SystemExit, match="(?s)The book does not build.*Table of Contents"):
        links.check(tmp_path, tmp_path / "output")


@pytest.mark.parametrize(("status", "failed"), [("broken", True), ("working", False)])
def test_the_exit_status_tells_whether_a_link_is_broken(status, failed, monkeypatch, tmp_path):
    link = {"filename": "index.md", "uri": "https://a.b", "status": status, "info": "a | b"}
    monkeypatch.setattr(links, "ROOT", tmp_path)
    monkeypatch.setattr(links, "check", lambda book, output: [link])
    with pytest.raises(SystemExit) as error:
        links.main()
    assert error.value.code == failed
    text = (tmp_path / "_build" / "links.md").read_text()
    assert (r"| index.md | https://a.b | `a \| b` |" in text) == failed
