"""The notebooks' functions that scripts of the site compute anew."""

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
