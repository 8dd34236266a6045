"""What `dsl_utils.runtime` promises."""

import dataclasses
import json
import os
import subprocess
import sys
import types

import pytest

from dsl_utils import runtime


def python(code, **environment):
    """Run code in a fresh Python; return (stdout, stderr)."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", code], env=kept | environment, capture_output=True, text=True
    )
    return done.stdout.strip(), done.stderr.strip()


def test_importing_the_package_loads_nothing_heavy():
    heavy = "'numpy', 'matplotlib', 'keras', 'tensorflow'"
    out, _ = python(f"import dsl_utils, sys; print([m for m in ({heavy}) if m in sys.modules])")
    assert out == "[]"


def test_importing_checks_data_or_plots_does_not_load_a_backend():
    code = """
import sys
from dsl_utils import checks, data, plots, runtime
print([m for m in ('keras', 'tensorflow', 'skimage', 'sklearn') if m in sys.modules])
"""
    assert python(code)[0] == "[]"


def test_the_package_names_its_modules_when_asked_for_another():
    import dsl_utils

    with pytest.raises(AttributeError, match="it has .*'runtime'"):
        _ = dsl_utils.layers


def test_start_is_quiet_seeded_and_may_be_repeated():
    code = """
import json
from dsl_utils import runtime
draws = []
for _ in range(2):
    profile = runtime.start(seed=7)
    import random, numpy as np, keras
    noise = keras.random.normal((1,)).numpy()[0]
    draws.append([random.random(), np.random.rand(), float(noise)])
print(json.dumps([str(profile), draws]))
"""
    out, err = python(code)
    shown, (first, second) = json.loads(out)
    assert err == ""
    assert shown == "profile offline (CPU, no network), seed 7"
    assert first == second


def test_the_environment_or_the_argument_chooses_the_profile():
    code = "from dsl_utils import runtime; print(runtime.start({}).name)"
    assert python(code.format("1"), DSL_PROFILE="full")[0] == "full"
    assert python(code.format("1, 'automatic'"), DSL_PROFILE="full")[0] == "full"
    assert python(code.format("1, 'offline'"), DSL_PROFILE="full")[0] == "offline"


def test_start_refuses_a_tensorflow_that_was_loaded_with_other_settings():
    out, err = python("import tensorflow; from dsl_utils import runtime; runtime.start(1)")
    assert "Restart the kernel and run the setup cell first." in err


@pytest.mark.parametrize("seed", [-1, 2**32, 1.0, True, "1"])
def test_start_refuses_a_bad_seed(seed):
    with pytest.raises(ValueError, match="whole number from 0"):
        runtime.start(seed)


def test_start_names_the_profiles_when_there_is_no_such_one():
    with pytest.raises(ValueError, match="choose one of automatic, offline, full"):
        runtime.start(1, "fast")


def test_a_profile_is_frozen_and_picks_its_value():
    profile = runtime.Profile("full", 1)
    assert profile.pick(offline=3, full=30) == 30
    assert runtime.Profile("offline", 1).pick(offline=3, full=30) == 3
    with pytest.raises(dataclasses.FrozenInstanceError):
        profile.name = "offline"


class ZMQInteractiveShell:
    """Stands for the shell of Jupyter, which is recognized by its name."""


@pytest.mark.parametrize(
    ("shell", "quiet", "bars"),
    [(ZMQInteractiveShell(), "0", 1), (ZMQInteractiveShell(), "1", 0), (None, "0", 0)],
)
def test_progress_is_shown_only_where_somebody_watches(monkeypatch, shell, quiet, bars):
    ipython = types.SimpleNamespace(get_ipython=lambda: shell)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setenv("DSL_QUIET", quiet)
    if bars:  # tqdm draws into the real IPython; here only the decision is of interest
        callback = types.SimpleNamespace(TqdmCallback=lambda **options: options)
        monkeypatch.setitem(sys.modules, "tqdm.keras", callback)
    assert len(runtime.progress()) == bars


def test_one_device_gets_the_default_strategy():
    code = "from dsl_utils import runtime; print(runtime.strategy().num_replicas_in_sync)"
    assert python(code)[0] == "1"
