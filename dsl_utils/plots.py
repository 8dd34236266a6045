"""Figure style and the plots that several notebooks share.

Every plot takes `ax=None`, draws into that Axes or the current one, returns it, never shows it.
"""

from importlib.metadata import distribution

import matplotlib.pyplot as plt
import numpy as np

__all__ = ["ROLES", "show_curves", "show_image", "show_numbers", "use_style"]

# A color and a line style for each role: told apart in print and by color-blind readers.
ROLES = {
    "train": {"color": "#0072B2", "linestyle": "-"},
    "dev": {"color": "#D55E00", "linestyle": "--"},
    "third": {"color": "#CC79A7", "linestyle": "-."},
    "reference": {"color": "#222222", "linestyle": ":"},
}

_HANGUL = "koreanize_matplotlib/fonts/NanumGothic.ttf"


def use_style():
    """Set the book's figure style: 640 × 360 pixels, white ground, colors by role, Hangul drawn."""
    from cycler import cycler
    from matplotlib.font_manager import fontManager
    from matplotlib_inline.config import InlineBackend

    # Without the crop to a tight box, every figure keeps the size it was made with.
    InlineBackend.instance().print_figure_kwargs = {"bbox_inches": None}
    fontManager.addfont(distribution("koreanize-matplotlib").locate_file(_HANGUL))
    plt.rcParams.update(
        {
            "font.family": ["sans-serif", "NanumGothic"],  # the second for what the first lacks
            "figure.figsize": (6.4, 3.6),
            "figure.dpi": 100,
            "figure.constrained_layout.use": True,
            "figure.facecolor": "white",
            "savefig.facecolor": "white",
            "font.size": 10,
            "image.cmap": "gray",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": 10,
            "legend.frameon": False,
            "axes.prop_cycle": cycler(color=[role["color"] for role in ROLES.values()])
            + cycler(linestyle=[role["linestyle"] for role in ROLES.values()]),
        }
    )


def show_image(image, title="", signed=False, limit=None, ax=None):
    """Draw an image without axes.

    Args:
        image: Shape (height, width), (height, width, 1) or (height, width, 3).
        title: What it is, written above.
        signed: Draw one channel from blue (negative) over white (zero) to red (positive).
        limit: Value of the strongest color; by default the largest magnitude if `signed`, else 1.
        ax: Axes to draw in; the current ones if None.

    Returns:
        The Axes.

    Raises:
        ValueError: If `image` has another shape.
    """
    image = np.asarray(image)
    if image.ndim not in (2, 3) or image.shape[2:] not in ((), (1,), (3,)):
        raise ValueError(f"An image is (height, width[, 1 or 3]), got {image.shape}.")
    image = image[:, :, 0] if image.shape[2:] == (1,) else image
    ax = plt.gca() if ax is None else ax
    limit = limit or (np.abs(image).max() if signed else 1) or 1
    # The pixels of a small image stay visible; a large one is resampled.
    look = {"interpolation": "nearest" if max(image.shape) <= 200 else "auto", "vmax": limit}
    look |= {"cmap": "RdBu_r", "vmin": -limit} if signed else {"cmap": "gray", "vmin": 0}
    ax.imshow(image, **look)
    ax.set_title(title)
    ax.set_axis_off()
    return ax


def show_numbers(matrix, title="", boxes=(), signed=False, ax=None):
    """Draw a small matrix as a grid with its numbers written in.

    Args:
        matrix: Shape (rows, columns).
        title: What it is, written above.
        boxes: Outlined parts, each `(row, column, height, width)`.
        signed: Tint from blue (negative) to red (positive); else from white (0) to gray.
        ax: Axes to draw in; the current ones if None.

    Returns:
        The Axes.

    Raises:
        ValueError: If `matrix` is not two-dimensional.
    """
    matrix = np.asarray(matrix)
    if matrix.ndim != 2:
        raise ValueError(f"A matrix has rows and columns, got shape {matrix.shape}.")
    ax = plt.gca() if ax is None else ax
    # Twice the largest magnitude keeps the tint pale enough for black numbers.
    limit = 2 * (np.abs(matrix).max() or 1)
    low, color_map = (-limit, "RdBu_r") if signed else (0, "Greys")
    ax.imshow(matrix, cmap=color_map, vmin=low, vmax=limit)
    for (row, column), value in np.ndenumerate(matrix):
        ax.text(column, row, f"{value:g}", ha="center", va="center")
    for row, column, height, width in boxes:
        corner = (column - 0.5, row - 0.5)
        ax.add_patch(plt.Rectangle(corner, width, height, fill=False, lw=2.5, ec="#D55E00"))
    ax.set(title=title, xticks=[], yticks=[])
    ax.spines[:].set_visible(True)
    return ax


def show_curves(curves, xlabel="epoch", ylabel="", ax=None):
    """Draw one line for each named list of values, from 1 on, in the colors of the roles.

    Args:
        curves: Dict of name to values; the names `train`, `dev`, `third` and `reference` get the
            color of their role, others the next free one.
        xlabel: Label below.
        ylabel: Label at the left.
        ax: Axes to draw in; the current ones if None.

    Returns:
        The Axes.
    """
    ax = plt.gca() if ax is None else ax
    free = iter([role for name, role in ROLES.items() if name not in curves])
    for name, values in curves.items():
        look = ROLES[name] if name in ROLES else next(free)
        ax.plot(np.arange(1, len(values) + 1), values, label=name, marker=".", **look)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.legend()
    return ax
