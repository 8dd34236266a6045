"""The environment is reused when complete; a wrong Python is told; packages work together."""

import os
import shutil
import subprocess

import pytest

from tests.tools.test_new import pytest_in
from tools.shared.notebooks import ROOT


@pytest.fixture
def book(tmp_path):
    """A folder whose environment cannot be installed: its lock has no hash."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "environment.sh", tmp_path / "tools")
    (tmp_path / "requirements.lock").write_text("a-package-without-a-hash==1\n")
    return tmp_path


def make_environment(book, **variables):
    return subprocess.run(
        ["sh", "tools/environment.sh"],
        cwd=book,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("python", ["false", "no-such-python", "/a folder/python"])
def test_a_wrong_python_is_told_in_one_line(book, python):
    result = make_environment(book, PYTHON=python)
    assert result.returncode == 1
    assert result.stderr.startswith(f"No Python 3.11, 3.12 or 3.13 runs as {python}: install one")
    assert result.stderr.count("\n") == 1


def test_an_interrupted_installation_is_not_taken_for_complete(book):
    result = make_environment(book)
    assert result.returncode != 0 and "hash" in result.stderr
    assert (book / ".venv" / "bin" / "python").exists()
    assert not (book / ".venv" / "complete").exists()


def test_a_complete_environment_is_left_alone(book):
    script = book / "tools" / "environment.sh"
    script.write_text(script.read_text().replace("pip --", ": --"))  # install nothing
    assert "Installing" in make_environment(book).stdout
    result = make_environment(book)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    (book / "requirements.lock").write_text("another-package==1\n")
    assert "Installing" in make_environment(book).stdout


def test_tests_of_one_group_run_in_one_process(tmp_path):
    """Where pytest and pytest-xdist do not fit, tests are spread without a word."""
    (tmp_path / "test_groups.py").write_text("""
import pytest

@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("group", [pytest.param(g, marks=pytest.mark.xdist_group(g)) for g in "ab"])
def test_worker(group, number, worker_id):
    with open(group, "a") as workers:
        workers.write(worker_id)
""")
    status, words = pytest_in(tmp_path, "-n", "2", "--dist", "loadgroup")
    assert status == 0, words
    assert {(tmp_path / group).read_text() for group in "ab"} <= {"gw0" * 4, "gw1" * 4}
