"""What scripts of the site compute anew: functions of the notebooks, and random numbers."""

import ast

import numpy as np

from tools.shared.cells import parse
from tools.shared.notebooks import find, read


def defined_in(week, *ids, **names):
    """Run a few cells of a week's notebook and return all names behind them.

    Args:
        week: Such as `c4w1`.
        ids: The cells' ids.
        names: What the cells need, such as the modules that they use.
    """
    (path,) = find([week])
    sources = {cell.get("id"): cell.source for cell in read(path).cells}
    for cell_id in ids:
        exec(compile(parse(sources[cell_id]), f"{path.name}: {cell_id}", "exec"), names)
    return names


def functions_of(week, *functions, **names):
    """Return functions of a week's notebook without running anything else of their cells.

    Args:
        week: Such as `c2w2`.
        functions: Their names; those that call each other have to be named together.
        names: What the functions need, such as the modules that they use.

    Raises:
        LookupError: If the notebook defines no such function.
    """
    (path,) = find([week])
    code = [parse(cell.source) for cell in read(path).cells if cell.cell_type == "code"]
    defined = {
        node.name: node for tree in code for node in tree.body if isinstance(node, ast.FunctionDef)
    }
    if missing := set(functions) - defined.keys():
        raise LookupError(f"{path.name} does not define {', '.join(sorted(missing))}")
    module = ast.Module([defined[name] for name in functions], type_ignores=[])
    exec(compile(module, path.name, "exec"), names)
    return names


def normals(seed, count):
    """Return the numbers that mulberry32, and then Box and Muller, draw from a seed."""
    low = np.uint64(2**32 - 1)
    t = (np.uint64(seed) + np.arange(1, count + 2, dtype=np.uint64) * np.uint64(0x6D2B79F5)) & low
    t = ((t ^ (t >> np.uint64(15))) * (t | np.uint64(1))) & low
    t ^= (t + ((t ^ (t >> np.uint64(7))) * (t | np.uint64(61)) & low)) & low
    uniform = (t ^ (t >> np.uint64(14))) / 2**32
    first, second = uniform[: count // 2 * 2 + count % 2 * 2].reshape(-1, 2).T
    length = np.sqrt(-2 * np.log(1 - first))
    angle = 2 * np.pi * second
    return np.stack([length * np.cos(angle), length * np.sin(angle)], axis=1).ravel()[:count]
