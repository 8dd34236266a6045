"""Where and how a notebook runs: profile, seeds, determinism, logs, progress, devices."""

import contextlib
import functools
import os
import sys
from dataclasses import dataclass

__all__ = ["Profile", "progress", "start", "strategy"]

_PROFILES = ("offline", "full")

# Settings that TensorFlow and oneDNN read once, when they are loaded. They keep the start quiet;
# the offline ones also fix what changes the last digits of float32 results from machine to machine.
_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"}
_REPEATABLE = {
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "2",
    "TF_NUM_INTRAOP_THREADS": "2",
}


@dataclass(frozen=True)
class Profile:
    """How a notebook runs.

    Attributes:
        name: `"offline"` (data that ship or are generated, CPU, a minute) or `"full"` (real data,
            a GPU if there is one).
        seed: The seed that all random generators were set to.
    """

    name: str
    seed: int

    def pick(self, *, offline, full):
        """Return the value for this profile: `epochs = profile.pick(offline=3, full=30)`."""
        return full if self.name == "full" else offline

    def __str__(self):
        """Say in one line what the profile means."""
        where = self.pick(offline="CPU, no network", full="real data, GPU if there is one")
        return f"profile {self.name} ({where}), seed {self.seed}"


def start(seed, profile="automatic"):
    """Prepare this process for a notebook; call it before Keras is imported.

    Chooses the profile, silences the backend's start-up log, seeds Python, NumPy and Keras, and
    makes TensorFlow's operations deterministic. Calling it again (a cell that is run twice) only
    seeds anew.

    Args:
        seed: Seed for all random generators, 0 to 2**32 - 1.
        profile: `"offline"`, `"full"` or `"automatic"`: then the environment variable `DSL_PROFILE`
            decides, or else the machine: `"full"` in Colab with a GPU, `"offline"` everywhere else.

    Returns:
        The frozen `Profile`.

    Raises:
        ValueError: If the profile or the seed is not one of those.
        RuntimeError: If TensorFlow was imported before the first call.
    """
    name = profile
    if profile == "automatic":
        name = os.environ.get("DSL_PROFILE") or _default_profile()
    if name not in _PROFILES:
        choices = ", ".join(("automatic", *_PROFILES))
        raise ValueError(f"There is no profile {name!r}; choose one of {choices}.")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**32:
        raise ValueError(f"The seed must be a whole number from 0 to 2**32 - 1, got {seed!r}.")

    settings = _QUIET | (_REPEATABLE if name == "offline" else {})
    if "tensorflow" in sys.modules and any(os.environ.get(k) != v for k, v in settings.items()):
        raise RuntimeError(
            "TensorFlow was imported before runtime.start() with other settings. "
            "Restart the kernel and run the setup cell first."
        )
    os.environ |= settings | {"DSL_PROFILE": name}  # `checks` asks for it

    with _silent_stderr():
        import keras
        import tensorflow as tf

    if name == "offline":
        tf.config.set_visible_devices([], "GPU")
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(seed)
    return Profile(name, seed)


def progress():
    """Return Keras callbacks that show one quiet progress bar while a person is watching.

    Returns:
        A list for `fit(..., verbose=0, callbacks=runtime.progress())`: one bar that disappears when
        training ends, or an empty list where nobody watches (outside Jupyter and Colab, or with
        `DSL_QUIET=1`, as in CI), so that it never leaves a trace in a stored output.
    """
    if not _someone_watches():
        return []
    from tqdm.keras import TqdmCallback

    return [TqdmCallback(verbose=0, leave=False)]


@functools.cache
def strategy():
    """Return the `tf.distribute` strategy for this machine, the same one at every call.

    Returns:
        `MirroredStrategy` over the GPUs, or else the CPUs, where TensorFlow sees two or more of
        them; otherwise its default strategy. Build, compile and train a model under
        `with runtime.strategy().scope():`, with batches that divide evenly among the devices and
        without `steps_per_execution`, which Keras cannot combine with it.
    """
    import tensorflow as tf

    kinds = (tf.config.list_logical_devices(kind) for kind in ("GPU", "CPU"))
    devices = [device.name for device in next(filter(None, kinds))]
    if len(devices) == 1:
        return tf.distribute.get_strategy()
    return tf.distribute.MirroredStrategy(devices)


@contextlib.contextmanager
def _silent_stderr():
    """Drop what C++ code writes to the error stream while it is loaded.

    TensorFlow 2.21 greets with lines that `TF_CPP_MIN_LOG_LEVEL` does not stop. Python errors are
    raised as ever.
    """
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with open(os.devnull, "w") as nothing:
            os.dup2(nothing.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _default_profile():
    colab_gpu = "google.colab" in sys.modules and os.path.exists("/proc/driver/nvidia")
    return "full" if colab_gpu else "offline"


def _someone_watches():
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    in_notebook = type(shell).__name__ in ("ZMQInteractiveShell", "Shell")  # Jupyter, Colab
    return in_notebook and os.environ.get("DSL_QUIET") != "1"
