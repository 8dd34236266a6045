"""Refreshing normalizes a notebook, and changes nothing where nothing changed."""

import os
import subprocess
import sys

import nbformat
import pytest

from tools.shared.notebooks import CellFailed, read, run
from tools.write.refresh import refresh

PLOT = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\n_ = ax.plot([1, 2])"


def write(path, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
        cell.metadata = {"collapsed": True, "tags": ["hide-cell"]}
    path.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")
    return path


def commit(path):
    git = ["git", "-C", path.parent, "-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "a"], check=True)


def test_refresh_normalizes_and_a_second_time_changes_nothing(tmp_path):
    path = write(tmp_path / "c1w1_a.ipynb", "print('a')\nprint('≈ b')", PLOT)
    assert refresh(path)
    once = path.read_bytes()
    assert once.endswith(b"}\n") and "≈".encode() in once
    first, second = read(path).cells
    assert (first.execution_count, second.execution_count) == (1, 2)
    assert first.outputs[0].text == "a\n≈ b\n"
    assert first.id == "cell-0" and first.metadata == {"tags": ["hide-cell"]}
    assert len(second.outputs[0].data["image/png"]) < 20_000
    assert not refresh(path)
    assert path.read_bytes() == once
    assert list(tmp_path.iterdir()) == [path]


def test_committed_code_keeps_a_number_behind_the_approximate_sign(tmp_path):
    path = write(tmp_path / "c1w1_a.ipynb", "import time\nprint(f'took ≈ {time.time()}')")
    refresh(path)
    commit(path)
    assert not refresh(path)
    assert refresh(path, fresh=True)


def test_edited_code_gets_fresh_outputs(tmp_path):
    path = write(tmp_path / "c1w1_a.ipynb", "print('took ≈ 1')")
    refresh(path)
    commit(path)
    path.write_text(path.read_text().replace("took ≈ 1')", "took ≈ 2')"))
    assert refresh(path)
    assert read(path).cells[0].outputs[0].text == "took ≈ 2\n"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 / 0", r"c1w1_a.ipynb: cell-0: ZeroDivisionError: division by zero"),
        ("import sys\nprint('oh', file=sys.stderr)", r"cell-0: wrote to stderr: oh"),
    ],
)
def test_a_failing_cell_leaves_the_file_alone(tmp_path, source, message):
    path = write(tmp_path / "c1w1_a.ipynb", source)
    before = path.read_bytes()
    with pytest.raises(CellFailed, match=message):
        refresh(path)
    assert path.read_bytes() == before


def test_a_kernel_reaches_this_machine_and_no_other(tmp_path):
    ask = "import socket, urllib.request\n"
    local = ask + (
        "server = socket.create_server(('localhost', 0))\n"
        "socket.create_connection(server.getsockname()).close()\n"
        "print('reached')"
    )
    notebook = read(write(tmp_path / "a.ipynb", local, ask + "socket.gethostbyname('a.example')"))
    with pytest.raises(CellFailed, match="cell-1: PermissionError: .*without a network.*a.example"):
        run(notebook, "a.ipynb", tmp_path)
    assert notebook.cells[0].outputs[0].text == "reached\n"
    for address in ("('192.0.2.1', 80)", "('2001:db8::1', 80)"):
        notebook = read(write(tmp_path / "a.ipynb", f"{ask}socket.create_connection({address})"))
        with pytest.raises(CellFailed, match="PermissionError"):
            run(notebook, "a.ipynb", tmp_path)


def test_a_kernel_runs_this_python_with_nobody_watching_and_ends(tmp_path):
    source = (
        "import os, sys\n"
        "shown = sys.executable, os.environ['DSL_QUIET'], os.environ['DSL_PROFILE'], os.getpid()\n"
        "print(*shown, sep='\\n')"
    )
    notebook = read(write(tmp_path / "a.ipynb", source))
    run(notebook, "a.ipynb", tmp_path)
    *found, process = notebook.cells[0].outputs[0].text.splitlines()
    assert found == [sys.executable, "1", "offline"]
    with pytest.raises(ProcessLookupError):
        os.kill(int(process), 0)
