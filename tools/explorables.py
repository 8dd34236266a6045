"""Store what an explorable page shows of a trained model: `make explorables`.

A notebook is run offline up to a cell, one more cell prints what the page needs, and the result
lands in book/_data. The tests run the same and compare.
"""

import json

from nbformat.v4 import new_code_cell

from tools.notebooks import ROOT, find, read, run

DATA = ROOT / "book" / "_data"

EMBEDDINGS = """\
import json

thousandths = np.rint(1000 * unit(glove_zeros)).astype(int)
print(json.dumps({"words": vocabulary, "thousandths": thousandths.tolist()}))"""

ATTENTION = """\
import json

texts = [write_date(datetime.date(2026, 9, 23), template) for template in formats]
found, _, alpha = write(translator, encode(texts, dates["symbols"][0], T=22))
thousandths = [np.rint(1000 * one[:, : len(text)]).astype(int) for text, one in zip(texts, alpha)]
print(json.dumps({
    "texts": texts,
    "unseen": [template in unseen for template in formats],
    "written": ["".join(dates["symbols"][1][k] for k in row) for row in found],
    "thousandths": [one.tolist() for one in thousandths],
}))"""


def compute(week, last, code):
    """Run a week's notebook up to a cell, and then code that prints JSON.

    Args:
        week: Such as `c5w2`.
        last: The id of the last cell to run.
        code: What to run behind it.

    Returns:
        What `code` printed, parsed.

    Raises:
        CellFailed: If a cell fails.
        ValueError: If the notebook has no such cell.
    """
    (path,) = find([week])
    notebook = read(path)
    ids = [cell.get("id") for cell in notebook.cells]
    if last not in ids:
        raise ValueError(f"{path.name} has no cell {last!r}; there are: {', '.join(ids)}")
    notebook.cells = [*notebook.cells[: ids.index(last) + 1], new_code_cell(code, id="explorable")]
    run(notebook, path.name)
    return json.loads(notebook.cells[-1].outputs[0].text)


def embeddings():
    """Return the words of C5 W2's world, the most frequent first, and their GloVe vectors.

    Returns:
        {"words": V words, "thousandths": V lists of 32 integers, the vectors scaled to length 1,
        in thousandths}.
    """
    return compute("c5w2", "glove-fit", EMBEDDINGS)


def attention():
    """Return what the translator of C5 W3 writes for one date in 24 formats, and where it looks.

    Returns:
        {"texts": 24 dates, "unseen": whether no training date had the format, "written": 24 times
        10 symbols, "thousandths": for each date 10 rows of as many integers as the text has
        letters, the attention weights in thousandths}.
    """
    return compute("c5w3", "maps-figure", ATTENTION)


def main():
    """Write the data of every explorable page that shows a trained model."""
    for make in (attention, embeddings):
        path = DATA / f"{make.__name__}.json"
        path.write_text(json.dumps(make(), separators=(",", ":")) + "\n", encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
