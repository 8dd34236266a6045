"""Re-execute notebooks offline, normalize them and make them small: `make refresh [NB=c4w1]`.

A notebook whose code is the committed one keeps every stored output that nbval would accept, so
that refreshing it changes nothing. A notebook whose code was edited gets fresh outputs throughout.
"""

import argparse
import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat

from tools.shared.figures import disagreement, figures, is_trained, shrink
from tools.shared.notebooks import APPROXIMATE, MASKED, ROOT, CellFailed, find_all, read, run

METADATA = {
    "accelerator": "GPU",  # Colab then offers one without being asked
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}
CELL_METADATA = ("cellView", "mystnb", "tags")


def code_of(notebook):
    """Return the sources of a notebook's code cells."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def committed(path):
    """Return the notebook as it was last committed, or None."""
    show = ["git", "show", f"HEAD:./{path.name}"]
    try:
        text = subprocess.run(show, cwd=path.parent, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return nbformat.reads(text.decode("utf-8"), as_version=4)


def normalize(notebook):
    """Drop from an executed notebook all that differs from run to run or from tool to tool."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = nbformat.from_dict(METADATA)
    count = 0
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict(
            {key: cell.metadata[key] for key in CELL_METADATA if cell.metadata.get(key)}
        )
        if cell.cell_type != "code":
            cell.pop("attachments", None)
            continue
        count += 1
        cell.execution_count = count
        for output in cell.outputs:
            output.pop("transient", None)
            if "metadata" in output:
                output.metadata = {}
            if "execution_count" in output:
                output.execution_count = count
            png = output.get("data", {}).get("image/png")
            if png:
                small = shrink(base64.b64decode(png))
                output.data["image/png"] = base64.b64encode(small).decode("ascii") + "\n"


def comparable(outputs):
    """Return a cell's outputs as text without pictures, with what follows ≈ masked."""
    text = json.dumps(outputs, ensure_ascii=False, sort_keys=True)
    text = re.sub(r'("image/png": )"[^"]*"', r"\1", text)
    return re.sub(APPROXIMATE, MASKED, text)


def keep_accepted(notebook, stored):
    """Put back each stored output that nbval accepts in place of the fresh one."""
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell, outputs in zip(code_cells, stored, strict=True):
        same_text = comparable(cell.outputs) == comparable(outputs)
        differ = disagreement(figures(outputs), figures(cell.outputs), is_trained(cell))
        if same_text and not differ:
            cell.outputs = outputs


def refresh(path, fresh=False):
    """Re-execute one notebook and write it back if anything changed.

    Args:
        path: The notebook.
        fresh: Whether to replace even those outputs that nbval accepts.

    Returns:
        Whether the file changed.

    Raises:
        CellFailed: If a cell raises or writes to stderr; the file is then left as it was.
    """
    notebook = read(path)
    before = committed(path)
    stored = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    keep = not fresh and before is not None and code_of(before) == code_of(notebook)
    run(notebook, path.name, folder=path.parent)
    normalize(notebook)
    if keep:
        keep_accepted(notebook, stored)
    text = nbformat.writes(notebook, indent=1, ensure_ascii=False) + "\n"
    if text == path.read_text(encoding="utf-8"):
        return False
    temporary = path.with_suffix(".ipynb.new")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)
    return True


def main():
    """Refresh the notebooks named on the command line, or all."""
    parser = argparse.ArgumentParser(prog="refresh", description=__doc__.partition("\n")[0])
    parser.add_argument("weeks", nargs="*", help="such as c4w1; all when none is named")
    parser.add_argument("--fresh", action="store_true", help="keep no stored output")
    arguments = parser.parse_args()
    failed = False
    for path in find_all(arguments.weeks):
        name = Path(path).relative_to(ROOT)
        try:
            changed = refresh(path, arguments.fresh)
        except CellFailed as error:
            failed = True
            print(f"{error}\n{name} is left as it was.", file=sys.stderr)
        else:
            size = path.stat().st_size / 1000
            print(f"{name}: {'refreshed' if changed else 'nothing changed'}, {size:.0f} kB")
    sys.exit(failed)


if __name__ == "__main__":
    main()
