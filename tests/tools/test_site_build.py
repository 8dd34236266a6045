"""A build that failed or was interrupted leaves nothing that the next one would use."""

import os
import shutil
import subprocess
import sys
import threading
import time

import pytest

from tools.publish import site
from tools.publish.site import add_wheel
from tools.shared.notebooks import ROOT

GOOD = """
import pathlib, time
folder = pathlib.Path("_build/html")
assert not (folder / "half").exists(), "the search index couldn't be loaded"
folder.mkdir(parents=True, exist_ok=True)
(folder / "half").touch()
time.sleep({seconds})
(folder / "half").unlink()
(folder / "index.html").write_text("Book")
print("a word")
"""


def build(book, command):
    site.build(book, command, add=lambda site, root: None)


def python(code, **values):
    return "python", "-c", code.format(**values)


@pytest.fixture
def book(tmp_path):
    root = tmp_path / "내 문서 (1)"
    root.mkdir()
    (root / "CITATION.cff").write_text('date-released: "2026-11-24"\n')
    return root


def names(book):
    return sorted(path.name for path in (book / "_build").iterdir())


def test_a_build_leaves_its_log_and_the_zipped_site(book):
    build(book, python(GOOD, seconds=0))
    assert names(book) == ["html", "log"]
    assert (book / "_build" / "log").read_text() == "a word\n"
    assert list((book / "_build" / "html").glob("*.zip"))


def test_a_failed_build_says_why_and_leaves_nothing(book):
    with pytest.raises(SystemExit, match="a warning"):
        build(book, python("import sys; print('a warning'); sys.exit(1)"))
    assert not (book / "_build").exists()


def test_after_an_interrupted_build_the_next_starts_anew(book):
    code = (
        f"from tools.publish import site; from pathlib import Path; site.build(Path({str(book)!r})"
    )
    code += f", {python(GOOD, seconds=60)!r})"
    call = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    half = book / "_build" / "html" / "half"
    while not half.exists():
        assert call.poll() is None
        time.sleep(0.05)
    call.kill()
    call.wait()
    assert half.exists()
    build(book, python(GOOD, seconds=0))
    assert names(book) == ["html", "log"]


def test_of_two_builds_at_once_one_waits(book):
    other = threading.Thread(target=build, args=(book, python(GOOD, seconds=1)))
    other.start()
    build(book, python(GOOD, seconds=1))
    other.join()
    assert names(book) == ["html", "log"]


def test_the_site_has_the_wheel_and_makes_it_anew_when_the_helpers_change(book):
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, book)
    shutil.copytree(ROOT / "dsl_utils", book / "dsl_utils")
    folder = book / "site"
    folder.mkdir()
    add_wheel(folder, book)
    (wheel,) = folder.iterdir()
    assert wheel.name in (ROOT / "book" / "how_to_use.md").read_text(encoding="utf-8")
    first = wheel.stat().st_mtime_ns
    add_wheel(folder, book)
    assert wheel.stat().st_mtime_ns == first
    later = time.time() + 5
    os.utime(book / "dsl_utils" / "data.py", (later, later))
    add_wheel(folder, book)
    assert wheel.stat().st_mtime_ns > first
