"""Measure what to expect on this machine: `make hardware [NB=c4w1] [STEPS=50]`.

Each notebook runs in the full profile, on random data of the real shapes. Every call of `fit` is
cut to a few steps, which are timed. This is done in float32, in mixed precision and compiled
by XLA, each in a process of its own. Nothing is judged, because random data teach nothing: a cell
that cannot work with them is passed over. Prints the table; on a GPU also stores it in
book/_data/hardware.md, which a page of the book shows.
"""

import argparse
import ast
import json
import os
import re
import subprocess
import sys
import time
from datetime import UTC, datetime

from tools.shared.cells import parse
from tools.shared.notebooks import NOTEBOOKS, ROOT, find, read, week_of
from tools.verify.report import table

STORED = ROOT / "book" / "_data" / "hardware.md"
MODES = {
    "float32": {},
    "mixed": {"policy": "mixed_float16"},
    "XLA": {"jit_compile": True},
    "mixed, XLA": {"policy": "mixed_float16", "jit_compile": True},
}
# 10**12 float32 operations a second of Colab's GPUs, as NVIDIA's data sheets give them.
LIMITS = {"T4": 8.1, "L4": 30.3, "A100": 19.5}
HEADER = (
    "week",
    "cell",
    "mode",
    "parameters",
    "batch",
    "ms a step",
    "samples/s",
    "peak MB",
    "limit",
)


def random_data(words, m=2_048, seed=0):
    """Return {loader: function} with random data in the shapes of the full profile.

    Args:
        words: Words that vectors are asked for.
        m: Examples in the training set; a quarter of it in each of the other two.
        seed: Of the random numbers.
    """
    import numpy as np

    from dsl_utils import data

    rng, sizes = np.random.default_rng(seed), (m, m // 4, m // 4)

    def images(m, *shape):
        return rng.random((m, *shape), np.float32)

    def splits(classes, *shape):
        pairs = [(images(m, *shape), rng.integers(0, classes, m, np.int32)) for m in sizes]
        return data.Splits(*(array for pair in pairs for array in pair))

    def pets(size=64):
        return data.Pets(
            *(
                data.PetsSet(
                    images(m, size, size, 3),
                    np.sort(images(m, 2, 2), axis=1).reshape(m, 4),
                    rng.integers(0, 2, m, np.int32),
                    rng.integers(0, 3, (m, size, size), np.uint8),
                )
                for m in sizes
            )
        )

    def faces():
        people = np.arange(610, dtype=np.int32)
        parts = (people[people % 8 < 6], people[people % 8 == 6], people[people % 8 == 7])
        pairs = [(images(6 * len(who), 64, 48, 3), np.repeat(who, 6)) for who in parts]
        return data.Splits(*(array for pair in pairs for array in pair))

    def sentences(m, length):
        return [" ".join(rng.choice(words, length)) for _ in range(m)]

    def reviews():
        pairs = [(np.array(sentences(m, 230), object), rng.integers(0, 2, m)) for m in sizes]
        return data.Splits(*(array for pair in pairs for array in pair))

    def translations():
        parts = [list(zip(sentences(m, 16), sentences(m, 12), strict=True)) for m in sizes]
        return data.Translations(*parts)

    def speech_commands(words, per_word=1500):
        pairs = [
            (rng.integers(-9000, 9000, (m, 16_000), np.int16), rng.integers(0, len(words), m))
            for m in sizes
        ]
        return data.Splits(*(array for pair in pairs for array in pair))

    return {
        "load_digits": lambda profile: splits(10, 28, 28, 1),
        "load_cats": lambda profile, **_: splits(2, 64, 64, 3),
        "load_cifar10": lambda: splits(10, 32, 32, 3),
        "load_pets": pets,
        "load_faces": faces,
        "load_text": lambda name="shakespeare": "\n\n".join(sentences(m, 40)),
        "load_glove": lambda most_frequent=100_000: (words, images(len(words), 50)),
        "load_reviews": reviews,
        "load_speech_commands": speech_commands,
        "load_translations": translations,
    }


def measure(path, mode, steps):
    """Run a notebook in this process, and time its trainings.

    Returns:
        rows: A dict for the first training of each cell, with `HEADER`'s columns.
        passed_over: "cell: reason" for each cell that raised.
    """
    os.environ |= {"DSL_PROFILE": "full", "DSL_QUIET": "1", "MPLBACKEND": "agg"}
    from dsl_utils import checks, data, runtime

    runtime.start(seed=1)
    import keras
    import matplotlib.pyplot as plt
    import tensorflow as tf

    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    words = sorted(set(re.findall(r"[a-z]+", path.read_text(encoding="utf-8").lower())))
    for name, loader in random_data(words).items():
        setattr(data, name, loader)
    for name in ("claim", "equal", "exercise", "fact"):
        setattr(checks, name, lambda *arguments, **options: None)
    if "policy" in MODES[mode]:
        keras.config.set_dtype_policy(MODES[mode]["policy"])
    gpus, rows, at = tf.config.list_logical_devices("GPU"), [], [None]
    real_fit, real_compile = keras.Model.fit, keras.Model.compile

    def compile(model, *arguments, **options):
        if "jit_compile" in MODES[mode]:
            options["jit_compile"] = MODES[mode]["jit_compile"]
        return real_compile(model, *arguments, **options)

    def fit(model, x=None, y=None, batch_size=None, epochs=1, **options):
        at_once = model.steps_per_execution
        options |= {"verbose": 0, "callbacks": []}
        few = {"epochs": 1, "steps_per_epoch": at_once}
        if "validation_data" in options:
            few["validation_steps"] = 1
        history = real_fit(model, x, y, batch_size, **options | few)  # traces and compiles
        if any(row["cell"] == at[0] for row in rows):
            return history
        for name in ("validation_data", "validation_steps", "validation_batch_size"):
            options.pop(name, None)
        if gpus:
            tf.config.experimental.reset_memory_stats(gpus[0].name)
        clock = Clock()
        options |= {"epochs": 1, "steps_per_epoch": steps * at_once, "callbacks": [clock]}
        real_fit(model, x, y, batch_size, **options)
        seconds = (clock.ended - clock.first) / max(1, (clock.executions - 1) * at_once)
        batch = batch_size or (len(x[0][1]) if isinstance(x, keras.utils.PyDataset) else 32)
        rows.append(
            {
                "week": week_of(path),
                "cell": at[0],
                "mode": mode,
                "parameters": f"{model.count_params():,}",
                "batch": str(batch),
                "ms a step": f"{1000 * seconds:.2f}",
                "samples/s": f"{batch / seconds:,.0f}",
                "peak MB": peak_memory(gpus),
                "limit": share_of_limit(model, batch, seconds, gpus),
            }
        )
        return history

    class Clock(keras.callbacks.Callback):
        first, ended, executions = None, None, 0

        def on_train_batch_end(self, batch, logs=None):
            self.first = self.first or time.perf_counter()
            self.executions += 1

        def on_train_end(self, logs=None):
            self.ended = time.perf_counter()

    keras.Model.fit, keras.Model.compile = fit, compile
    namespace, passed_over = {"__name__": "__main__"}, []
    os.chdir(NOTEBOOKS)
    for cell in cells:
        at[0] = cell.id
        try:
            exec(ast.unparse(parse(cell.source)), namespace)  # magics included
        except (Exception, SystemExit) as error:  # whatever random data lead to
            passed_over.append(f"{cell.id}: {type(error).__name__}: {error}")
        plt.close("all")
    return rows, passed_over


def peak_memory(gpus):
    """Return the megabytes that a GPU has held at most, or "" on a CPU."""
    import tensorflow as tf

    if not gpus:
        return ""
    return f"{tf.config.experimental.get_memory_info(gpus[0].name)['peak'] / 1e6:,.0f}"


def share_of_limit(model, batch, seconds, gpus):
    """Return which part of the GPU's float32 operations a second is used, or "" if not known.

    A training step counts as three forward passes. Not known are recurrent networks, whose loops
    TensorFlow's profiler counts once, and GPUs that are not in `LIMITS`.
    """
    import tensorflow as tf

    known = [limit for name, limit in LIMITS.items() if name in device_name().split()]
    if not gpus or not known:
        return ""
    shapes = [tf.TensorSpec((batch, *each.shape[1:]), each.dtype) for each in model.inputs]
    graph = tf.function(model).get_concrete_function(shapes if len(shapes) > 1 else shapes[0]).graph
    if any("While" in operation.type for operation in graph.get_operations()):
        return ""
    options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
    options["output"] = "none"
    operations = tf.compat.v1.profiler.profile(graph, options=options).total_float_ops
    return f"{3 * operations / seconds / known[0] / 1e12:.1%}"


def device_name():
    """Return the name of the GPU, such as "Tesla T4", or "CPU"."""
    import tensorflow as tf

    for gpu in tf.config.list_physical_devices("GPU"):
        return tf.config.experimental.get_device_details(gpu)["device_name"].replace("-", " ")
    return "CPU"


def store(text, device, path=STORED):
    """Put a device's table in the place of its last one, or behind the others."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    sections = [part for part in re.split(r"(?m)^(?=## )", old) if part.startswith("## ")]
    kept = [part for part in sections if part.partition("\n")[0] != f"## {device}"]
    path.write_text("".join([*kept, f"## {device}\n\n{text}"]), encoding="utf-8")


def main():
    """Measure the weeks named on the command line in all modes, each in its own process."""
    parser = argparse.ArgumentParser(prog="hardware", description=__doc__.partition("\n")[0])
    parser.add_argument("weeks", nargs="*", help="such as c4w1; all when none is named")
    parser.add_argument("--steps", type=int, default=50, help="steps to time in each training")
    parser.add_argument("--mode", choices=MODES, help="only one, and print it as JSON")
    arguments = parser.parse_args()
    paths = find(arguments.weeks)
    if arguments.mode:
        rows, passed_over = measure(paths[0], arguments.mode, arguments.steps)
        versions = {name: sys.modules[name].__version__ for name in ("tensorflow", "keras")}
        print(json.dumps([rows, passed_over, device_name(), versions]))
        return
    rows, failed = [], []
    for path in paths:
        for mode in MODES:
            print(f"{week_of(path)}, {mode}", file=sys.stderr, flush=True)
            command = [sys.executable, "-m", "tools.verify.hardware", week_of(path)]
            command += ["--mode", mode, "--steps", str(arguments.steps)]
            result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
            if result.returncode:
                failed.append(f"- {week_of(path)}, {mode}: {result.stderr.splitlines()[-1:]}\n")
                continue
            found, passed_over, device, versions = json.loads(result.stdout.splitlines()[-1])
            rows += [[row[column] for column in HEADER] for row in found]
            failed += [f"- {week_of(path)}, {mode}: {cell}"[:160] + "\n" for cell in passed_over]
    if not rows:
        sys.exit("Nothing was measured.\n" + "".join(failed))
    about = ", ".join(f"{name} {version}" for name, version in versions.items())
    about = f"{datetime.now(UTC).date()}, {about}, {arguments.steps} steps each.\n\n"
    text = about + table(HEADER, rows)
    if device != "CPU":
        store(text, device)
    print(f"{device}: {text}\nPassed over:\n{''.join(failed)}")


if __name__ == "__main__":
    main()
