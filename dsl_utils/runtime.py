"""Where and how a notebook runs: profile, seeds, determinism, logs, progress, devices."""

import contextlib
import functools
import os
import re
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
_RESTART = "Restart the kernel (Colab: Runtime, Restart session) and run the setup cell first."
_started = None  # the name of this process's profile


@dataclass(frozen=True)
class Profile:
    """How a notebook runs.

    Attributes:
        name: `"offline"` (data that ship or are generated, CPU, a minute) or `"full"` (real data,
            a GPU if there is one).
        seed: The seed that all random generators were set to.
        device: What it runs on, in words.
    """

    name: str
    seed: int
    device: str = "CPU"

    def pick(self, *, offline, full):
        """Return the value for this profile: `epochs = profile.pick(offline=3, full=30)`."""
        return full if self.name == "full" else offline

    def __str__(self):
        """Say in one line what the profile means."""
        where = self.pick(offline=f"{self.device}, no network", full=f"real data, {self.device}")
        return f"profile {self.name} ({where}), seed {self.seed}"


def start(seed, profile="automatic"):
    """Prepare this process for a notebook; call it before Keras is imported.

    Chooses the profile, silences the backend's start-up log, seeds Python, NumPy and Keras, and
    makes TensorFlow's operations deterministic. A user's keras.json changes nothing. Calling it
    again (a cell that is run twice) only seeds anew.

    Args:
        seed: Seed for all random generators, 0 to 2**32 - 1.
        profile: `"offline"`, `"full"` or `"automatic"`: then the environment variable `DSL_PROFILE`
            decides, or else the machine: `"full"` in Colab with a GPU, `"offline"` everywhere else.

    Returns:
        The frozen `Profile`.

    Raises:
        ValueError: If the profile or the seed is not one of those.
        RuntimeError: If Keras was imported before the first call, an earlier call chose the other
            profile, or the GPU is one that this TensorFlow cannot drive.
    """
    global _started
    name, guessed = profile, False
    if profile == "automatic":
        name = os.environ.get("DSL_PROFILE")
        guessed, name = not name, name or _default_profile()
    if name not in _PROFILES:
        choices = ", ".join(("automatic", *_PROFILES))
        raise ValueError(f"There is no profile {name!r}; choose one of {choices}.")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**32:
        raise ValueError(f"The seed must be a whole number from 0 to 2**32 - 1, got {seed!r}.")

    if _started not in (None, name):
        raise RuntimeError(f"This session runs the profile {_started}, not {name}. {_RESTART}")
    settings = _QUIET | (_REPEATABLE if name == "offline" else {})
    loaded = "tensorflow" in sys.modules or "keras" in sys.modules
    if loaded and any(os.environ.get(k) != v for k, v in settings.items()):
        raise RuntimeError(f"Keras was imported before runtime.start(). {_RESTART}")
    os.environ |= settings

    with _silent_stderr():
        import keras
        import tensorflow as tf

    if name == "offline":
        tf.config.set_visible_devices([], "GPU")
    device = "CPU" if name == "offline" else _device(tf, guessed)
    _started = name
    os.environ["DSL_PROFILE"] = name  # `checks` asks for it
    keras.config.set_floatx("float32")
    keras.config.set_epsilon(1e-7)
    keras.config.set_image_data_format("channels_last")
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(seed)
    return Profile(name, seed, device)


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


def _device(tf, guessed):
    """Return in words what the full profile runs on.

    Raises:
        RuntimeError: If it is a GPU that TensorFlow was not built for and does not compute with, or
            if nobody but the machine's driver asked for this profile and there is no GPU.
    """
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus and guessed:
        raise RuntimeError(
            "This machine has a GPU's driver, but TensorFlow finds no GPU. Choose another one, or "
            f"the offline profile in the setup cell. {_RESTART}"
        )
    if not gpus:
        return "no GPU that TensorFlow can use, so it takes hours"
    details = tf.config.experimental.get_device_details(gpus[0])
    name = details.get("device_name", "GPU")
    capability = details.get("compute_capability")
    built = tf.sysconfig.get_build_info().get("cuda_compute_capabilities", [])  # "sm_75", …
    built = sorted(divmod(int(re.search(r"\d+", one)[0]), 10) for one in built)
    if capability and built and not any((capability[0], 0) <= one <= capability for one in built):
        try:
            tf.exp(tf.zeros(9)).numpy()
        except tf.errors.OpError as error:
            its, first, last = ("{}.{}".format(*one) for one in (capability, built[0], built[-1]))
            raise RuntimeError(
                f"TensorFlow {tf.__version__} cannot drive this GPU: {name} has compute capability "
                f"{its}, and it was built for {first} to {last}. Choose another one (Colab: T4, L4 "
                "or A100), or the offline profile."
            ) from error
    return name if len(gpus) == 1 else f"{len(gpus)} × {name}"


def _default_profile():
    colab_gpu = "google.colab" in sys.modules and os.path.exists("/proc/driver/nvidia")
    return "full" if colab_gpu else "offline"


def _someone_watches():
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    in_notebook = type(shell).__name__ in ("ZMQInteractiveShell", "Shell")  # Jupyter, Colab
    return in_notebook and os.environ.get("DSL_QUIET") != "1"
