"""`make configure` sets the book's address everywhere, and nothing else."""

import json
import types

import pytest
import yaml
from IPython.core.inputtransformer2 import TransformerManager

from tools.write import configure

CONFIG = """\
title: A book

# Set by make configure.
repository:
  url: ""
  branch: "main"

html:
  favicon: book/_static/favicon.svg
"""
README = "# A book\n\n<!-- badge -->\n<!-- /badge -->\n\nMore words.\n"
CITATION = "title: A book\nversion: 1.0.0\n"
PROJECT = '[project]\nname = "book"\n\n[project.urls]\nRepository = "https://github.com/old/one"\n'


def notebook_text(*cells):
    notebook = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def code_cell(name, source):
    return {
        "cell_type": "code",
        "execution_count": 1,
        "id": name,
        "metadata": {"tags": ["hide-input"]},
        "outputs": [{"name": "stdout", "output_type": "stream", "text": ["accuracy ≈ 0.97\n"]}],
        "source": source.splitlines(keepends=True),
    }


NOTEBOOK = notebook_text(
    code_cell("setup", configure.setup_cell()), code_cell("other", "print('ŷ')")
)


@pytest.fixture
def book(tmp_path):
    """A small book that has no address yet."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "_config.yml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "README.md").write_text(README, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "CITATION.cff").write_text(CITATION, encoding="utf-8")
    for name in ("c4w1_convolution.ipynb", "c4w2_cases.ipynb"):
        (tmp_path / "notebooks" / name).write_text(NOTEBOOK, encoding="utf-8")
    return tmp_path


def contents(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("repository", [None, "ada/book"])
def test_the_setup_cell_is_short_and_starts_the_runtime(repository):
    lines = configure.setup_cell(repository, "main").splitlines()
    assert len([line for line in lines if line]) == 8 + 2 * (repository is None)
    assert max(map(len, lines)) <= 100
    assert lines[0] == 'profile = "automatic"  # @param ["automatic", "offline", "full"]'
    assert lines[-1] == "profile = runtime.start(seed=1, profile=profile)"


@pytest.fixture
def without_helpers(monkeypatch, tmp_path):
    """A function that runs the setup cell where dsl_utils is missing; return what pip gets."""
    monkeypatch.chdir(tmp_path)

    def run(*address):
        source = configure.setup_cell(*address).partition("from dsl_utils")[0]
        source = TransformerManager().transform_cell(source.replace('"dsl_utils"', '"missing_one"'))
        asked = []
        shell = types.SimpleNamespace(run_line_magic=lambda magic, line: asked.append(line))
        names = {"get_ipython": lambda: shell}
        exec(source, names)
        return [line.format(**names) for line in asked]

    return run


@pytest.mark.parametrize("address", [(), ("ada/book", "v1")])
def test_a_wheel_beside_the_notebook_is_installed(address, without_helpers, tmp_path):
    (tmp_path / "dsl_utils-0.4.0-py3-none-any.whl").touch()
    (asked,) = without_helpers(*address)
    assert asked.endswith('koreanize-matplotlib "dsl_utils-0.4.0-py3-none-any.whl"')


def test_without_a_wheel_the_helpers_come_from_the_address_that_was_pinned(without_helpers):
    (asked,) = without_helpers("ada/book", "0a1b2c3d")
    assert asked.endswith('"git+https://github.com/ada/book@0a1b2c3d"')


def test_without_a_wheel_and_an_address_the_setup_cell_says_what_to_do(without_helpers):
    with pytest.raises(SystemExit, match="Put dsl_utils' wheel .* beside this notebook"):
        without_helpers()


def test_the_address_is_written_everywhere(book):
    assert len(configure.configure("ada/book", "release/2", root=book)) == 6

    assert configure.address(book) == ("ada/book", "release/2")
    assert yaml.safe_load((book / "_config.yml").read_text())["title"] == "A book"
    assert "# Set by make configure." in (book / "_config.yml").read_text()

    link = "https://colab.research.google.com/github/ada/book/blob/release/2/notebooks/c4w1_"
    assert link in (book / "README.md").read_text()
    assert "https://github.com/ada/book" in (book / "pyproject.toml").read_text()
    url = {"repository-code": "https://github.com/ada/book"}
    citation = (book / "CITATION.cff").read_text()
    assert yaml.safe_load(citation) == yaml.safe_load(CITATION) | url
    for path in (book / "notebooks").iterdir():
        setup, other = json.loads(path.read_text())["cells"]
        assert "".join(setup["source"]) == configure.setup_cell("ada/book", "release/2")
        assert "".join(other["source"]) == "print('ŷ')"


def test_a_second_call_changes_nothing(book):
    configure.configure("ada/book", root=book)
    before = contents(book)
    assert configure.configure("ada/book", root=book) == []
    assert contents(book) == before


def test_another_address_replaces_the_first(book):
    configure.configure("ada/book", root=book)
    configure.configure("grace/novel", root=book)
    after = contents(book)
    assert not [path for path, data in after.items() if b"ada/book" in data]

    configure.configure("ada/book", root=book)
    configure.configure("grace/novel", root=book)
    assert contents(book) == after


@pytest.mark.parametrize("address", [(None, "main"), ("ada/book", "release/2")])
def test_without_a_name_every_notebook_gets_the_setup_cell_of_the_address_at_hand(
    book, address, monkeypatch, capsys
):
    if address[0]:
        configure.configure(*address, root=book)
    before = contents(book)
    for path in (book / "notebooks").iterdir():
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("seed=1", "seed=2"), encoding="utf-8")
    monkeypatch.setattr(configure, "address", lambda: address)
    monkeypatch.setattr(configure, "ROOT", book)
    monkeypatch.setattr(configure.configure, "__defaults__", ("main", book))
    configure.main([""])
    assert contents(book) == before
    assert capsys.readouterr().out.count("changed notebooks/") == 2


def test_outputs_and_other_cells_stay_as_they_are(book):
    path = book / "notebooks" / "c4w1_convolution.ipynb"
    configure.configure("ada/book", root=book)
    source = configure.setup_cell("ada/book").splitlines(keepends=True)
    expected = json.loads(NOTEBOOK)
    expected["cells"][0]["source"] = source
    assert path.read_text(encoding="utf-8") == notebook_text(*expected["cells"])


@pytest.mark.parametrize(
    "repository",
    ["book", "ada/", "/book", "ada/book/x", "https://github.com/ada/book", "ada/book.git", "a b/c"],
)
def test_a_wrong_repository_is_refused(book, repository):
    before = contents(book)
    with pytest.raises(SystemExit, match="is not a repository: give owner/name"):
        configure.configure(repository, root=book)
    assert contents(book) == before


@pytest.mark.parametrize("branch", ["", "a b", "../x", "a//b", "x/", 'x"', "-x"])
def test_a_wrong_branch_is_refused(book, branch):
    with pytest.raises(SystemExit, match="is not a branch name"):
        configure.configure("ada/book", branch, root=book)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (NOTEBOOK.replace("\n", "\r\n"), "run that first"),
        (json.dumps(json.loads(NOTEBOOK)), "run that first"),
        (notebook_text(code_cell("other", "1")), "one cell with the id 'setup', found 0"),
    ],
)
def test_a_notebook_that_cannot_be_configured_leaves_all_files_alone(book, text, message):
    (book / "notebooks" / "c4w2_cases.ipynb").write_bytes(text.encode())
    before = contents(book)
    with pytest.raises(SystemExit, match=f"c4w2_cases.ipynb: .*{message}"):
        configure.configure("ada/book", root=book)
    assert contents(book) == before


def test_a_readme_without_its_badge_comments_is_refused(book):
    (book / "README.md").write_text("# A book\n")
    with pytest.raises(SystemExit, match="README.md: expected exactly one match"):
        configure.configure("ada/book", root=book)


def test_this_book_says_the_same_everywhere():
    repository, branch = configure.address()
    for path in (configure.ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        source = next("".join(cell["source"]) for cell in cells if cell["id"] == "setup")
        assert source == configure.setup_cell(repository, branch), path.name
    readme = (configure.ROOT / "README.md").read_text(encoding="utf-8")
    badge = readme.partition("<!-- badge -->")[2].partition("<!-- /badge -->")[0].strip()
    assert (f"github/{repository}/blob/{branch}/" in badge) if repository else badge == ""
    citation = yaml.safe_load((configure.ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    url = f"https://github.com/{repository}" if repository else None
    assert citation.get("repository-code") == url
