"""The thin helper package of the Deep Learning Specialization companion.

Six modules, none of which contains anything that a lecture teaches:

- `runtime`: profile, seeds, determinism, quiet logs, progress, devices.
- `data`: one `load_*` function for each data set; `archives` has those of the full profile.
- `downloads`: what the full profile downloads, and how.
- `checks`: what the notebooks assert with.
- `plots`: figure style and shared plots.
- `drawings`: architectures as SVG, their shapes taken from models.

Importing the package loads none of NumPy, Matplotlib, Keras or TensorFlow; each module loads what
it needs when it is first used.
"""

import importlib

__version__ = "0.5.0"
__all__ = ["archives", "checks", "data", "downloads", "drawings", "plots", "runtime"]


def __getattr__(name):
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {__all__}.")
