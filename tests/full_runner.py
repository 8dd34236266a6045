"""Run what the full profile changes in a notebook: on small files, with short trainings.

Of a notebook only those cells run that depend on the profile, and those that they need; the others
do the same in both profiles. Everything is judged as ever but for what small data and short
trainings cannot keep: the bounds of claims, and the facts that `tests/full.yml` names. It also says
which code is replaced by shorter code.
"""

import ast
import dataclasses
import functools
import re

import yaml

from dsl_utils import checks, downloads, runtime
from dsl_utils.checks import CheckFailed
from tests import samples
from tools.shared.cells import parse
from tools.shared.footprint import fixed_names, footprint
from tools.shared.notebooks import NOTEBOOKS, ROOT
from tools.shared.planting import PlantError, execute, grow, plant


class FullError(Exception):
    """The full profile fails; the message names the notebook and the cell."""


@dataclasses.dataclass(frozen=True)
class Short:
    """What differs from a run of the full profile on the real data.

    Attributes:
        executions: How often a training calls the device (`steps_per_execution` steps each).
        replace: [cell id, code to replace, shorter code] for each replacement.
        differ: Names of the facts that may be other on small data or after short trainings.
    """

    executions: int = 2
    replace: tuple = ()
    differ: tuple = ()


def load(week):
    """Return the `Short` of a week from tests/full.yml."""
    text = (ROOT / "tests" / "full.yml").read_text(encoding="utf-8")
    return Short(**yaml.safe_load(text).get(week, {}))


def run(name, cells, short, monkeypatch, cache, folder=NOTEBOOKS):
    """Run what the full profile changes, and what that needs.

    Args:
        name: The notebook's name for messages.
        cells: (id, source) of its code cells, in order.
        short: A `Short`.
        monkeypatch: Pytest's; it takes back what is replaced here.
        cache: A folder for the small files.
        folder: The working directory.

    Returns:
        The ids of the cells that were run.

    Raises:
        FullError: If a cell raises, a fact is wrong that is not listed, or the list is out of date.
    """
    sources = shorten(name, cells, short)
    seen = set()
    words = samples.words_of("\n".join(sources.values()))
    with monkeypatch.context() as patch:
        for key, value in {**runtime._QUIET, "DSL_PROFILE": "full"}.items():
            patch.setenv(key, value)
        patch.setattr(runtime, "_started", None)
        replace_data(patch, words, cache)
        replace_checks(patch, short, seen)
        replace_keras(patch, short.executions)
        namespace = {"__name__": "__main__", "display": lambda *objects: None}
        ids = depending(sources)
        for cell_id in ids:
            try:
                printed = execute(sources[cell_id], f"<{name}: {cell_id}>", namespace, folder)
                draw_figures()
                if failed := re.search(r"^\w+_solution: case \d+ failed.*", printed, re.MULTILINE):
                    raise CheckFailed(failed[0])
            except Exception as error:  # whatever the notebook raises
                what = f"{name}: {cell_id}: {type(error).__name__}: {error}"
                raise FullError(what) from error
    if missing := set(short.differ) - seen:
        raise FullError(f"{name}: there are no such facts: {', '.join(sorted(missing))}")
    return ids


def shorten(name, cells, short):
    """Return {cell id: source} with the replacements made."""
    try:
        return dict(cells) | plant(dict(cells), short.replace)
    except PlantError as error:
        raise FullError(f"{name}: {error}") from error


def draw_figures():
    """Draw the figures of a cell, as a notebook does behind it, and close them."""
    import matplotlib.pyplot as plt

    try:
        for number in plt.get_fignums():
            plt.figure(number).canvas.draw()
    finally:
        plt.close("all")


def replace_data(patch, words, cache):
    """Let `data` read small files in the real formats."""

    def fetch(name):
        path = cache / name
        if not path.exists():
            path.write_bytes(samples.make(name, words))
        return path

    patch.setattr(downloads, "fetch", fetch)


def replace_checks(patch, short, seen):
    """Do not judge the facts that may differ; note the names of all facts."""
    fact = checks.fact

    def tell_fact(name, value, expected):
        seen.add(name)
        try:
            fact(name, value, expected)
        except CheckFailed:
            if name not in short.differ:
                raise

    patch.setattr(checks, "fact", tell_fact)


def replace_keras(patch, executions):
    """End trainings early, and let pretrained networks have random weights."""
    import keras

    class Stop(keras.callbacks.Callback):
        left = executions

        def on_train_batch_end(self, batch, logs=None):
            self.left -= 1
            if self.left <= 0:
                self.model.stop_training = True

    fit = keras.Model.fit

    def short_fit(model, *values, callbacks=None, **options):
        return fit(model, *values, callbacks=[*(callbacks or ()), Stop()], **options)

    patch.setattr(keras.Model, "fit", short_fit)
    for network in ("MobileNetV2", "VGG19"):
        build = getattr(keras.applications, network)

        def blank(*values, build=build, **options):
            return build(*values, **options | {"weights": None})

        patch.setattr(keras.applications, network, functools.wraps(build)(blank))


def depending(sources):
    """Return the ids of the cells that depend on the profile, and of those that they need.

    Args:
        sources: {cell id: source}, in order.

    Returns:
        A list, in order.
    """
    ids, prints = list(sources), [footprint(source) for source in sources.values()]
    functions = {k: v for one in prints for k, v in one.functions.items()}
    inert = set().union(*(inert_names(source) for source in sources.values()))

    def changes(one):
        called = {function for function, _ in one.calls}  # a layer may be built by its call
        return (one.changes | (one.handed(functions) | called) & one.reads) - inert

    provides = [one.binds | changes(one) for one in prints]
    cells = range(len(ids))

    def dependents(index):
        return {k for k in cells if k > index and prints[k].reads & provides[index]} | {
            k for k in cells if prints[k].reads & prints[index].binds
        }

    def providers(index):
        return {k for k in cells if k < index and provides[k] & prints[index].reads} | {
            k for k in cells if prints[k].binds & prints[index].reads
        }

    reading = (cell_id for cell_id, source in sources.items() if reads_profile(source))
    first = {ids.index(cell_id) for cell_id in reading if cell_id != "setup"}  # it starts both
    return [ids[k] for k in sorted(grow(grow(first, dependents), providers))]


def reads_profile(source):
    """Tell whether a cell uses more of the profile than its seed and its description."""
    tree = parse(source)
    seeds = {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute)
        and node.attr == "seed"
    }  # fmt: skip
    printed = {
        argument
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print"
        for argument in node.args
    }
    return any(
        isinstance(node, ast.Name) and node.id == "profile" and isinstance(node.ctx, ast.Load)
        for node in set(ast.walk(tree)) - seeds - printed
    )


def inert_names(source):
    """Return the names in a cell whose objects no method changes, or another cell does not mind."""
    return fixed_names(source) | {
        target.id
        for node in ast.walk(parse(source))
        if isinstance(node, ast.Assign) and "default_rng(" in ast.unparse(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
