"""What is stored of seeds and stress runs belongs to the notebooks' code as it is."""

import pytest

from tools.shared.declared import STRESS as DECLARED
from tools.shared.declared import stress_runs
from tools.shared.measurements import SEEDS, STRESS, stored
from tools.shared.notebooks import code_cells, find_all, week_of
from tools.shared.provenance import stale_seeds, stale_stress


@pytest.mark.parametrize("path", find_all(), ids=week_of)
def test_stored_measurements_belong_to_the_code(path):
    week = week_of(path)
    ids, sources = zip(*code_cells(path), strict=True)
    lines = stale_seeds(week, stored(SEEDS, week), sources)
    lines += stale_stress(week, stress_runs(week), stored(STRESS, week), ids, sources)
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)


def test_no_file_is_of_a_week_that_is_gone():
    weeks = {week_of(path) for path in find_all()}
    files = [*SEEDS.glob("*.json"), *STRESS.glob("*.json"), *DECLARED.glob("*.yml")]
    assert {path.stem for path in files} <= weeks
