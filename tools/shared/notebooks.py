"""What the maintainers' commands and the tests share: find notebooks and run them offline."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import yaml
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager
from nbval.plugin import get_sanitize_patterns
from traitlets import Instance

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
SANITIZER = ROOT / "tools" / "shared" / "sanitize.cfg"
APPROXIMATE, MASKED = get_sanitize_patterns(SANITIZER.read_text(encoding="utf-8"))[0]

OFFLINE = {
    "DSL_PROFILE": "offline",
    "DSL_QUIET": "1",  # nobody watches: no progress bars
    "DSL_STRICT": "1",  # a claim outside its bound raises
    "OPENBLAS_NUM_THREADS": "1",  # two processes with two threads each wait for one another
    "PYTHONPATH": os.pathsep.join(
        filter(None, [str(ROOT / "tools" / "shared" / "offline"), os.environ.get("PYTHONPATH")])
    ),
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


class CellFailed(RuntimeError):
    """A cell raised or wrote to stderr; the message names the file, the cell and the reason."""


def week_of(path):
    """Return the week that a notebook's file name starts with, such as `c4w1`."""
    return path.stem.partition("_")[0]


def find(weeks=()):
    """Return the notebooks of these weeks, or of all weeks, in order.

    `conventions` and `errata`, which belong to no week, can be named like one.

    Raises:
        SystemExit: If a week has no notebook.
    """
    return find_all(weeks or [week for week in map(week_of, find_all()) if is_week(week)])


def find_all(weeks=()):
    """Return the notebooks of these weeks as `find` does, or all: also those of no week."""
    by_week = {week_of(path): path for path in sorted(NOTEBOOKS.glob("*.ipynb"))}
    for week in weeks:
        if week not in by_week:
            raise SystemExit(
                f"There is no notebook for {week!r}; choose from: {', '.join(by_week)}."
            )
    return [by_week[week] for week in weeks or by_week]


def is_week(name):
    """Tell whether a name is that of a week; all notebooks but two have one."""
    return name not in ("conventions", "errata")


def contents():
    """Return the table of contents: its root, and its parts with their chapters."""
    return yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))


def documents():
    """Return the names of all pages in the table of contents, such as "book/notation"."""
    toc = contents()
    chapters = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    return [toc["root"], *chapters]


def read(path):
    """Read a notebook without validating or changing it."""
    return nbformat.from_dict(nbformat.reads(path.read_text(encoding="utf-8"), as_version=4))


def code_cells(path):
    """Return (id, source) of a notebook's code cells, in order."""
    return [(cell.id, cell.source) for cell in read(path).cells if cell.cell_type == "code"]


def start_offline(module):
    """Start a command anew with the environment of the notebooks, unless it has it already.

    Some of it is read before the first line of the command runs.
    """
    if os.environ.get("DSL_STRICT") != "1":
        command = [sys.executable, "-m", module, *sys.argv[1:]]
        os.execve(sys.executable, command, {**os.environ, **OFFLINE})


class ThisPython(AsyncKernelManager):
    """Starts kernels of the Python that runs now, whatever kernels the machine has installed."""

    kernel_spec_manager = Instance(NbvalKernelspecManager, ())


def merge_streams(outputs):
    """Join consecutive outputs of one stream, which the kernel splits as its timing has it."""
    merged = []
    for output in outputs:
        previous = merged[-1] if merged else {}
        if output.output_type == "stream" and previous.get("name") == output.name:
            previous.text += output.text
        else:
            merged.append(output)
    return merged


def run(notebook, name, folder=NOTEBOOKS, timeout=600):
    """Execute a notebook in place, offline, in a kernel of its own.

    Args:
        notebook: The notebook node; its outputs and counts are replaced.
        name: What messages call it.
        folder: The kernel's working directory.
        timeout: Seconds that one cell may take.

    Raises:
        CellFailed: At the first cell that raises or writes to stderr.
    """
    client = NotebookClient(
        notebook,
        kernel_manager_class=ThisPython,
        kernel_name=CURRENT_ENV_KERNEL_NAME,
        record_timing=False,
        timeout=timeout,
    )
    process = {"env": {**os.environ, **OFFLINE}, "cwd": str(folder), "stderr": subprocess.DEVNULL}
    with client.setup_kernel(**process):
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type != "code":
                continue
            cell.outputs = []
            with contextlib.suppress(CellExecutionError):
                client.execute_cell(cell, index)
            cell.outputs = merge_streams(cell.outputs)
            for output in cell.outputs:
                if output.output_type == "error":
                    reason = f"{output.ename}: {output.evalue}"
                elif output.get("name") == "stderr":
                    reason = f"wrote to stderr: {output.text.strip().splitlines()[-1]}"
                else:
                    continue
                raise CellFailed(f"{name}: {cell.get('id')}: {reason}")
