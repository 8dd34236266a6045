"""The full profile of every notebook runs to its end on small files in the real formats.

The reduced runs see crashes, wrong shapes, proofs and facts; they say nothing of accuracy.
"""

import collections

import matplotlib
import pytest

from dsl_utils import archives
from tests import full_runner
from tests.full_runner import FullError, Short
from tools.shared.notebooks import code_cells, find, week_of

TOY = {
    "setup": "from dsl_utils import runtime\n\nprofile = runtime.start(seed=1)",
    "imports": "import keras\nimport numpy as np\n\nfrom dsl_utils import checks, data\n\n"
    "rng = np.random.default_rng(profile.seed)\nprint(profile)",
    "apart": "noise = rng.normal(size=profile.seed)",
    "model": "inputs = keras.Input((784,))\nlayer = keras.layers.Dense(10)",
    "built": "outputs = layer(inputs)",
    "load": "digits = data.load_digits(profile)\nchecks.fact('images', len(digits.x_train), 9)",
    "train": """\
model = keras.Model(inputs, outputs)
model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
x = digits.x_train.reshape(-1, 784)
history = model.fit(x, digits.y_train, batch_size=10, epochs=9, verbose=0)
steps = int(model.optimizer.iterations)""",
    "claims": "checks.claim('epochs', len(history.epoch), at_least=9)\n"
    "checks.fact('steps', steps, 2)\nchecks.fact('kernel', layer.kernel.shape, (784, 10))",
}
SHORT = Short(differ=("images",))


@pytest.fixture
def run(monkeypatch, tmp_path):
    """A function that runs a notebook's full profile."""
    matplotlib.use("agg")

    def run(name, cells, short, **options):
        return full_runner.run(name, cells, short, monkeypatch, tmp_path, **options)

    return run


def toy(**changes):
    return list((TOY | changes).items())


@pytest.mark.parametrize("path", find(), ids=week_of)
@pytest.mark.filterwarnings("ignore")  # of a mean of nothing, and the like, where data are few
def test_the_full_profile_runs_to_its_end(path, run):
    assert run(path.name, code_cells(path), full_runner.load(week_of(path)))


def test_only_cells_that_depend_on_the_profile_run_and_what_they_need(run):
    assert run("toy", toy(), SHORT) == [cell for cell in TOY if cell != "apart"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"train": "steps = digits.x_training"}, "toy: train: AttributeError: .*x_training"),
        (
            {
                "claims": "def f_solution(x):\n    return steps\n\n\n"
                "checks.exercise(f_solution, [((1,), 3)])"
            },
            "toy: claims: CheckFailed: f_solution: case 1 failed",
        ),
        ({"claims": "checks.fact('steps', steps, 3)"}, "toy: claims: CheckFailed: steps: computed"),
        ({"load": "digits = data.load_digits(profile)"}, "toy: there are no such facts: images"),
        (
            {"claims": "import matplotlib.pyplot as plt\n\nplt.title('$x^$' * steps)"},
            "toy: claims: ValueError",
        ),
    ],
    ids=[
        "a crash",
        "a wrong solution",
        "a wrong fact",
        "a fact that is gone",
        "a figure not to be drawn",
    ],
)
def test_what_is_wrong_in_the_full_profile_is_told_with_its_cell(changes, words, run):
    with pytest.raises(FullError, match=words):
        run("toy", toy(**changes), SHORT)


def test_a_replacement_of_code_that_is_gone_is_refused(run):
    with pytest.raises(FullError, match="toy: 'epochs=8' stands 0 times in cell train, not once"):
        run("toy", toy(), Short(replace=(("train", "epochs=8", "epochs=1"),)))


def test_a_renamed_field_of_a_loader_is_noticed(run, monkeypatch):
    renamed = collections.namedtuple("Renamed", "x y x_dev y_dev x_test y_test")
    monkeypatch.setattr(archives, "Splits", renamed)
    (path,) = find(["c4w1"])
    with pytest.raises(FullError, match=r"c4w1.*: digits-facts: AttributeError: .*x_train"):
        run(path.name, code_cells(path), full_runner.load("c4w1"))
