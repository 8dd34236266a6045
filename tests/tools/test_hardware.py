"""`make hardware` times each training on data of the real shapes, and stores no CPU's numbers."""

import json
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from dsl_utils import data
from tools.shared.notebooks import ROOT
from tools.verify import hardware

WITHOUT_NETWORK = {"load_names", "load_photo"}
CELLS = {
    "imports": "import keras\nimport numpy as np\n\nfrom dsl_utils import checks, data\n",
    "fails": "data.load_digits(None).x_valid",
    "learns-slowly": """\
digits = data.load_digits(None)
model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(10)])
model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
history = model.fit(
    digits.x_train, digits.y_train, batch_size=32, epochs=10**9,
    validation_data=(digits.x_dev, digits.y_dev),
).history
checks.claim("dev loss", history["val_loss"][-1], at_most=-1)""",
    "again": "_ = [model.fit(digits.x_train, digits.y_train) for _ in range(2)]",
}


@pytest.mark.parametrize("mode", ["float32", "mixed, XLA"])
def test_each_cell_is_timed_once_and_what_fails_is_told(tmp_path, mode):
    path = tmp_path / "c1w1_a.ipynb"
    cells = [new_code_cell(source, id=name) for name, source in CELLS.items()]
    nbformat.write(new_notebook(cells=cells), path)
    code = (
        "import json, pathlib; from tools.verify import hardware;"
        f"print(json.dumps(hardware.measure(pathlib.Path({str(path)!r}), {mode!r}, 3)))"
    )
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert result.returncode == 0, result.stderr[-2000:]
    rows, passed_over = json.loads(result.stdout.splitlines()[-1])
    assert [(row["cell"], row["batch"]) for row in rows] == [
        ("learns-slowly", "32"),
        ("again", "32"),
    ]
    assert set(rows[0]) == set(hardware.HEADER)
    assert rows[0]["parameters"] == "7,850" and rows[0]["mode"] == mode
    assert float(rows[0]["ms a step"]) > 0
    assert len(passed_over) == 1 and passed_over[0].startswith("fails: AttributeError")


def test_every_loader_of_the_full_profile_has_random_data():
    loaders = {name for name in data.__all__ if name.startswith("load_")}
    assert set(hardware.random_data(["a"], m=8)) == loaders - WITHOUT_NETWORK


def test_a_device_replaces_its_own_table_only(tmp_path):
    path = tmp_path / "hardware.md"
    path.write_text("This has not been run on a GPU yet.\n")
    for text, device in (("one\n", "Tesla T4"), ("two\n", "NVIDIA L4"), ("three\n", "Tesla T4")):
        hardware.store(text, device, path)
    assert path.read_text() == "## NVIDIA L4\n\ntwo\n## Tesla T4\n\nthree\n"


@pytest.mark.parametrize(("device", "stored"), [("CPU", False), ("Tesla T4", True)])
def test_only_a_gpu_is_stored(device, stored, monkeypatch, tmp_path):
    row = dict.fromkeys(hardware.HEADER, "1")
    answer = json.dumps([[row], [], device, {"keras": "3.15.1"}])
    done = subprocess.CompletedProcess([], 0, stdout=f"{answer}\n", stderr="")
    monkeypatch.setattr(hardware.subprocess, "run", lambda *arguments, **options: done)
    monkeypatch.setattr(hardware.store, "__defaults__", (tmp_path / "hardware.md",))
    monkeypatch.setattr(sys, "argv", ["hardware", "c4w1"])
    hardware.main()
    assert (tmp_path / "hardware.md").exists() == stored
