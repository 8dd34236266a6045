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


@pytest.mark.parametrize("first", ["import tensorflow", "import sys; sys.modules['keras'] = sys"])
def test_start_refuses_a_keras_that_was_loaded_with_other_settings(first):
    _, err = python(f"{first}; from dsl_utils import runtime; runtime.start(1)")
    assert "Keras was imported before runtime.start(). Restart the kernel" in err


@pytest.mark.parametrize(("first", "then"), [("offline", "full"), ("full", "offline")])
def test_another_profile_in_a_live_session_is_refused_with_the_remedy(first, then):
    _, err = python(f"""
from dsl_utils import runtime
runtime.start(1, {first!r})
runtime.start(1, {first!r})
runtime.start(1, {then!r})
""")
    words = f"RuntimeError: This session runs the profile {first}, not {then}. Restart the kernel"
    assert words in err and "Colab: Runtime, Restart session" in err


OLD_SETTINGS = {
    "floatx": "float64",
    "epsilon": 1e-5,
    "backend": "jax",
    "image_data_format": "channels_first",
}


def test_a_keras_json_of_another_course_changes_nothing(tmp_path):
    (tmp_path / ".keras").mkdir()
    (tmp_path / ".keras" / "keras.json").write_text(json.dumps(OLD_SETTINGS))
    code = """
from dsl_utils import runtime
runtime.start(1)
import keras
config = keras.config
print(config.backend(), config.floatx(), config.epsilon(), config.image_data_format())
print(keras.layers.Conv2D(2, 3)(keras.ops.zeros((1, 5, 5, 3))).shape)
"""
    out, err = python(code, HOME=str(tmp_path))
    assert out.splitlines() == ["tensorflow float32 1e-07 channels_last", "(1, 3, 3, 2)"], err


class FakeTensorFlow:
    """Stands for a TensorFlow with GPUs of one kind, built for some others."""

    __version__ = "2.20.0"
    errors = types.SimpleNamespace(OpError=OSError)

    def __init__(self, gpus, capability=(7, 5), built=("sm_60", "sm_75", "compute_90"), works=True):
        details = {"device_name": "Tesla T4", "compute_capability": capability}
        experimental = types.SimpleNamespace(get_device_details=lambda gpu: details)
        self.works = works
        self.config = types.SimpleNamespace(
            list_physical_devices=lambda kind: list(range(gpus)), experimental=experimental
        )
        build_info = {"cuda_compute_capabilities": list(built)} if built else {}
        self.sysconfig = types.SimpleNamespace(get_build_info=lambda: build_info)

    def zeros(self, size):
        return size

    def exp(self, values):
        if not self.works:
            raise self.errors.OpError("CUDA_ERROR_INVALID_HANDLE")
        return types.SimpleNamespace(numpy=lambda: values)


@pytest.mark.parametrize(
    ("machine", "words"),
    [
        (FakeTensorFlow(1), "Tesla T4"),
        (FakeTensorFlow(2), "2 × Tesla T4"),
        (FakeTensorFlow(0), "no GPU that TensorFlow can use, so it takes hours"),
        (FakeTensorFlow(1, (9, 0), works=False), "Tesla T4"),
        (FakeTensorFlow(1, (12, 0), works=True), "Tesla T4"),  # compiled by the driver
        (FakeTensorFlow(1, (12, 0), built=(), works=False), "Tesla T4"),
        (FakeTensorFlow(1, None, works=False), "Tesla T4"),  # no CUDA
    ],
)
def test_the_full_profile_names_its_device(machine, words):
    device = runtime._device(machine, guessed=False)
    assert str(runtime.Profile("full", 1, device)) == f"profile full (real data, {words}), seed 1"


def test_a_gpu_that_tensorflow_was_not_built_for_is_refused_by_name():
    machine = FakeTensorFlow(1, (12, 0), works=False)
    with pytest.raises(RuntimeError) as refusal:
        runtime._device(machine, guessed=True)
    assert str(refusal.value) == (
        "TensorFlow 2.20.0 cannot drive this GPU: Tesla T4 has compute capability 12.0, and it was "
        "built for 6.0 to 9.0. Choose another one (Colab: T4, L4 or A100), or the offline profile."
    )


def test_a_driver_without_a_gpu_does_not_choose_hours_on_the_cpu():
    with pytest.raises(RuntimeError, match="finds no GPU. Choose another one, or the offline"):
        runtime._device(FakeTensorFlow(0), guessed=True)


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
