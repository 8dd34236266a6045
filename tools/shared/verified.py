"""With which versions each notebook was last compared, as book/_data/verified.json stores it."""

import hashlib
import json

from tools.shared.measurements import DATA

STORED = DATA / "verified.json"


def load(path=STORED):
    """Return {week: {"digest": …, "runs": […]}}; empty where nothing was verified yet."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def digest(path):
    """Return a short hash of a notebook's code and text outputs, but for its setup cell.

    Prose, pictures and the book's address may change without it.
    """
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    kept = []
    for cell in cells:
        if cell["cell_type"] == "code" and cell["id"] != "setup":
            texts = [
                output.get("text") or output.get("data", {}).get("text/plain", "")
                for output in cell["outputs"]
            ]
            kept.append(["".join(cell["source"]), *("".join(text) for text in texts)])
    return hashlib.sha256(json.dumps(kept).encode("utf-8")).hexdigest()[:12]
