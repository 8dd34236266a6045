"""Store what an explorable page shows of a trained model: `make explorables`.

A notebook is run offline up to a cell, one more cell prints what the page needs, and the result
lands in book/_data. The tests run the same code behind the notebook's cells, and compare.
"""

import dataclasses
import json

import numpy as np
from nbformat.v4 import new_code_cell

from tools.shared.notebooks import ROOT, find, read, run

DATA = ROOT / "book" / "_data"


@dataclasses.dataclass(frozen=True)
class Explorable:
    """What a page shows of a notebook.

    Attributes:
        week: The notebook's week, such as `c5w2`.
        last: The id of the last cell that is needed.
        code: What prints the data as JSON behind it. Numbers that depend on a training stand under
            "thousandths".
        apart: How many thousandths another machine's training may differ by.
    """

    week: str
    last: str
    code: str
    apart: int = 2


EXPLORABLES = {
    # {"labels": those of 400 training and 600 dev points, "thousandths": both coordinates of these
    # points, and eight draws of 60 random numbers, three for each hidden unit}
    "network": Explorable(
        "c1w3",
        "flower-sets",
        """\
import json

draws = np.random.default_rng([profile.seed, 9]).normal(size=(8, 60))
parts = [X_train, X_dev[:, :600], draws]
print(json.dumps({
    "labels": [Y_train[0].astype(int).tolist(), Y_dev[0, :600].astype(int).tolist()],
    "thousandths": [np.rint(1000 * part).astype(int).tolist() for part in parts],
}))""",
    ),
    # {"thousandths": both coordinates of 200 points, "labels": theirs, "starts": millionths of the
    # weights that networks with one, two and three hidden layers start from: W1, b1, W2, b2, ...}
    "optimizers": Explorable(
        "c2w2",
        "xor-run",
        """\
import json

def flat(p):
    return np.concatenate([p[f"{k}{l}"].ravel() for l in range(1, len(p) // 2 + 1) for k in "Wb"])

print(json.dumps({
    "thousandths": np.rint(1000 * X_xor).astype(int).tolist(),
    "labels": Y_xor[0].astype(int).tolist(),
    "starts": [np.rint(1e6 * flat(p)).astype(int).tolist() for p in xor_starts.values()],
}))""",
    ),
    # {"labels": those of 64 drawn training digits, "thousandths": their pixels, means of 2 × 2}
    "layers": Explorable(
        "c2w1",
        "imports",
        """\
import json

from dsl_utils import data as shipped

drawn = shipped.load_digits(profile)
means = drawn.x_train[:64, ..., 0].reshape(64, 14, 2, 14, 2).mean(axis=(2, 4))
print(json.dumps({
    "labels": drawn.y_train[:64].tolist(),
    "thousandths": np.rint(1000 * means).astype(int).reshape(64, 196).tolist(),
}))""",
    ),
    # {"words": V words, the most frequent first, "thousandths": V lists of 32 integers, their
    # vectors scaled to length 1}
    "embeddings": Explorable(
        "c5w2",
        "glove-fit",
        """\
import json

thousandths = np.rint(1000 * unit(glove_zeros)).astype(int)
print(json.dumps({"words": vocabulary, "thousandths": thousandths.tolist()}))""",
    ),
    # {"texts": one date in 24 formats, "unseen": whether no training date had the format,
    # "written": 24 times 10 symbols, "thousandths": for each date 10 rows of as many attention
    # weights as the text has letters}
    "attention": Explorable(
        "c5w3",
        "maps-figure",
        """\
import json

texts = [write_date(datetime.date(2026, 9, 23), template) for template in formats]
found, _, alpha = write(translator, encode(texts, dates["symbols"][0], T=22))
thousandths = [np.rint(1000 * one[:, : len(text)]).astype(int) for text, one in zip(texts, alpha)]
print(json.dumps({
    "texts": texts,
    "unseen": [template in unseen for template in formats],
    "written": ["".join(dates["symbols"][1][k] for k in row) for row in found],
    "thousandths": [one.tolist() for one in thousandths],
}))""",
        apart=100,  # 34 between two kinds of processors
    ),
}


def load(name):
    """Return what is stored for a page, such as `attention`."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def compute(explorable):
    """Run a notebook as far as it is needed, and return what a page shows of it.

    Raises:
        CellFailed: If a cell fails.
        ValueError: If the notebook has no such cell.
    """
    (path,) = find([explorable.week])
    notebook = read(path)
    ids, last = [cell.get("id") for cell in notebook.cells], explorable.last
    if last not in ids:
        raise ValueError(f"{path.name} has no cell {last!r}; there are: {', '.join(ids)}")
    code = new_code_cell(explorable.code, id="explorable")
    notebook.cells = [*notebook.cells[: ids.index(last) + 1], code]
    run(notebook, path.name)
    return json.loads(notebook.cells[-1].outputs[0].text)


def difference(stored, fresh, allowed=Explorable.apart):
    """Say in words where stored data are not those of the notebook; nothing if they are.

    Args:
        stored: What `load` returns.
        fresh: What `compute` returns.
        allowed: How many thousandths a number may differ by.
    """
    for key in stored.keys() | fresh.keys():
        if stored.get(key) == fresh.get(key):
            continue
        if key != "thousandths" or key not in stored or key not in fresh:
            return f"{key} is {stored.get(key)!r:.80} and should be {fresh.get(key)!r:.80}"
        if [np.shape(one) for one in stored[key]] != [np.shape(one) for one in fresh[key]]:
            return "thousandths are of another shape"
        pairs = zip(stored[key], fresh[key], strict=True)
        apart = max(np.abs(np.subtract(*pair)).max() for pair in pairs)
        if apart > allowed:
            return f"a number is {apart} thousandths from the notebook's"
    return ""


def main():
    """Write the data of every explorable page that shows a trained model."""
    for name, explorable in EXPLORABLES.items():
        path = DATA / f"{name}.json"
        text = json.dumps(compute(explorable), separators=(",", ":"))
        path.write_text(text + "\n", encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
