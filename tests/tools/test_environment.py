"""The environment is reused when complete; a wrong Python is told; packages work together."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.tools.test_new import pytest_in
from tools.shared.notebooks import ROOT


@pytest.fixture
def book(tmp_path):
    """A folder whose environment cannot be installed: its lock has no hash."""
    root = tmp_path / "내 문서 (1)"
    (root / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "tools" / "environment.sh", root / "tools")
    shutil.copy(ROOT / "Makefile", root)
    (root / "requirements.lock").write_text("a-package-without-a-hash==1\n")
    return root


@pytest.fixture
def installing_nothing(book):
    """The same folder, with a script that leaves out what pip does but takes its time."""
    script = book / "tools" / "environment.sh"
    text = script.read_text().replace("pip --", "sleep 0.2; : --")
    script.write_text(text.replace("-m venv", "-m venv --without-pip"))
    return book


def command(**variables):
    return {
        "args": ["sh", "tools/environment.sh"],
        "env": {**os.environ, "LC_ALL": "C", **variables},
        "text": True,
    }


def make_environment(book, **variables):
    return subprocess.run(cwd=book, capture_output=True, **command(**variables))


@pytest.mark.parametrize("python", ["false", "no-such-python", "/a folder/python"])
def test_a_wrong_python_is_told_in_one_line(book, python):
    result = make_environment(book, PYTHON=python)
    assert result.returncode == 1
    assert result.stderr.startswith(f"No Python 3.11, 3.12 or 3.13 runs as {python}: name one")
    assert result.stderr.count("\n") == 1


def write_program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def only_a_new_python(tmp_path):
    """A folder of programs for PATH: its only Python is one that no TensorFlow is made for."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("cat", "cksum", "dirname", "readlink", "rm", "sh"):
        (folder / name).symlink_to(shutil.which(name))
    write_program(folder / "python3", "exit 1  # as 3.14 does when asked whether it fits")
    return folder


@pytest.mark.parametrize("place", ["bin", "home/.local/bin"])
def test_where_the_only_python_is_too_new_uv_provides_one(
    place, installing_nothing, only_a_new_python, tmp_path
):
    (only_a_new_python / "sleep").symlink_to(shutil.which("sleep"))
    uv = f'echo "$*" >>"{tmp_path}/asked"; [ "$2" = install ] || echo "{sys.executable}"'
    write_program(tmp_path / place / "uv", uv)
    home = str(tmp_path / "home")
    result = make_environment(installing_nothing, PATH=str(only_a_new_python), HOME=home)
    assert result.returncode == 0, result.stderr
    assert result.stderr == "No Python 3.11, 3.12 or 3.13 is installed: uv provides one.\n"
    assert (installing_nothing / ".venv" / "complete").exists()
    install, find = (tmp_path / "asked").read_text().splitlines()[:2]
    assert install == "python install --quiet 3.13" and find.startswith("python find")


@pytest.mark.parametrize("uv", [None, "exit 1"], ids=["without uv", "uv without a network"])
def test_where_the_only_python_is_too_new_one_line_gets_another(
    uv, book, only_a_new_python, tmp_path
):
    if uv:
        write_program(only_a_new_python / "uv", uv)
    result = make_environment(book, PATH=str(only_a_new_python), HOME=str(tmp_path))
    assert result.returncode == 1
    assert result.stderr.endswith("curl -LsSf https://astral.sh/uv/install.sh | sh\n")


def test_an_interrupted_installation_is_not_taken_for_complete(book):
    result = make_environment(book)
    assert result.returncode != 0 and "hash" in result.stderr
    assert (book / ".venv" / "bin" / "python").exists()
    assert not (book / ".venv" / "complete").exists()


def test_a_complete_environment_is_left_alone(installing_nothing):
    assert "Installing" in make_environment(installing_nothing).stdout
    result = make_environment(installing_nothing)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    (installing_nothing / "requirements.lock").write_text("another-package==1\n")
    assert "Installing" in make_environment(installing_nothing).stdout


def test_of_two_calls_one_installs_and_the_other_waits(installing_nothing):
    calls = [
        subprocess.Popen(cwd=installing_nothing, stdout=subprocess.PIPE, **command())
        for _ in range(2)
    ]
    words = "".join(call.communicate(timeout=120)[0] for call in calls)
    assert [call.returncode for call in calls] == [0, 0]
    assert words.count("Installing") == words.count("waiting") == 1


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_what_an_interrupted_installation_left_is_cleared(end, installing_nothing):
    script = installing_nothing / "tools" / "environment.sh"
    whole = script.read_text()
    script.write_text(whole.replace("sleep 0.2", "touch .venv/half; sleep 60"))
    call = subprocess.Popen(cwd=installing_nothing, start_new_session=True, **command())
    while not (installing_nothing / ".venv" / "half").exists():
        assert call.poll() is None
        time.sleep(0.05)
    os.killpg(call.pid, end)  # as a terminal does it
    call.wait(timeout=10)
    script.write_text(whole)
    assert "Installing" in make_environment(installing_nothing).stdout
    assert (installing_nothing / ".venv" / "complete").exists()
    assert not (installing_nothing / ".venv" / "half").exists()


def test_what_a_link_leads_to_is_never_cleared(book, tmp_path):
    write_program(tmp_path / "elsewhere" / "bin" / "python", "exit 1")
    (book / ".venv").symlink_to(tmp_path / "elsewhere")
    result = make_environment(book)
    assert result.returncode == 1 and result.stderr.count("\n") == 1
    assert "remove the link (rm .venv)" in result.stderr
    assert (tmp_path / "elsewhere" / "bin" / "python").exists() and (book / ".venv").is_symlink()


def test_what_pythonpath_names_does_not_stand_before_the_packages(installing_nothing, tmp_path):
    (tmp_path / "venv.py").write_text("raise SystemExit('another venv')")
    result = make_environment(installing_nothing, PYTHONPATH=str(tmp_path))
    assert result.returncode == 0, result.stderr


def in_make(book, **variables):
    """Return what programs that make calls see of the variables."""
    show = 'show:; echo "[$$PYTHONPATH] [$$npm_config_cache] [$$XDG_CACHE_HOME]"'
    return subprocess.run(
        ["make", f"--eval={show}", "show"],
        cwd=book,
        env={"PATH": os.environ["PATH"], "HOME": str(book), **variables},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def test_make_keeps_caches_in_the_clone_where_the_home_folder_cannot_be_written(book):
    own = f"{book}/.venv.home"
    assert in_make(book, PYTHONPATH="/elsewhere") == "[] [] []"
    assert in_make(book, HOME="/nonexistent") == f"[] [{own}/npm] [{own}/cache]"


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
