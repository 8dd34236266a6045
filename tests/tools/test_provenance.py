"""A value's code is what it depends on: no more, so that prose goes on; no less."""

import pytest

from tools.shared.provenance import claims_code

CELLS = {
    "setup": "seed = 1",
    "imports": "import numpy as np\nfrom dsl_utils import checks",
    "helper": "def half(x):\n    return x / 2",
    "other": "def double(x):\n    return 2 * x",
    "loop": "for low in range(2):\n    low += 1",
    "data": "x = np.arange(6.0)\ny = double(x)  # two lines",
    "change": "x.sort()",
    "claims": "low = half(x).min()\nchecks.claim('low', low, at_least=0)\n"
    "checks.claim('y', y.max(), at_most=20)",
    "figure": "fig, ax = None, np.abs(x)",
}


def codes(**changes):
    return claims_code(list((CELLS | changes).values()))


@pytest.mark.parametrize(
    ("cell", "source", "changed"),
    [
        ("setup", "seed = 2", set()),
        ("figure", "fig = np.abs(y)", set()),
        ("helper", "# a comment\n\ndef half(x):\n    return x / 2", set()),
        ("claims", CELLS["claims"].replace("at_least=0", "at_least=-1"), set()),
        ("claims", CELLS["claims"] + "\nprint(low)\nchecks.fact('six', x.size, 6)", set()),
        ("claims", CELLS["claims"].replace("y.max()", "y.min()"), {"y"}),
        ("helper", CELLS["helper"].replace("2", "3"), {"low", "y"}),
        ("other", CELLS["other"].replace("2", "3"), {"low", "y"}),
        ("change", "x.fill(1)", {"low", "y"}),
        ("imports", CELLS["imports"].replace("numpy", "jax.numpy"), {"low", "y"}),
        ("imports", CELLS["imports"] + "\nfrom scipy import ndimage", set()),
        ("loop", "for low in range(3):\n    low += 1", set()),
    ],
)
def test_a_change_of_a_cell_is_a_change_of_what_depends_on_it(cell, source, changed):
    before, after = codes(), codes(**{cell: source})
    assert {name for name in before if before[name] != after[name]} == changed
