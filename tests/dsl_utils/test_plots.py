"""What `dsl_utils.plots` draws."""

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from dsl_utils import plots


@pytest.fixture(autouse=True)
def fresh_figure():
    with matplotlib.rc_context():
        plots.use_style()
        yield
        plt.close("all")


def test_the_style_gives_figures_of_one_size_on_white():
    figure, _ = plt.subplots()
    assert tuple(figure.get_size_inches() * figure.dpi) == (640, 360)
    assert figure.get_facecolor() == (1, 1, 1, 1)


def test_hangul_is_drawn_beside_latin(recwarn):
    ink = []
    for text in ("년", "월"):
        figure = plt.figure(figsize=(1, 1))
        figure.text(0.2, 0.3, text, size=30)
        figure.canvas.draw()
        ink.append(np.asarray(figure.canvas.buffer_rgba())[..., 0] < 128)
    assert ink[0].sum() > 50 and (ink[0] != ink[1]).any()  # a missing glyph is a box, always one
    assert not recwarn


def luminance(color):
    """Return the relative luminance of WCAG 2."""
    rgb = np.array(matplotlib.colors.to_rgb(color))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def test_every_role_is_readable_on_white_and_has_its_own_line():
    assert all(1.05 / (luminance(role["color"]) + 0.05) >= 3 for role in plots.ROLES.values())
    assert len({role["linestyle"] for role in plots.ROLES.values()}) == len(plots.ROLES)


def test_show_image_draws_into_the_axes_it_is_given():
    _, (left, right) = plt.subplots(1, 2)
    assert plots.show_image(np.ones((4, 4, 1)), "gray", ax=left) is left
    assert plots.show_image(np.ones((4, 4, 3)), ax=right) is right
    assert left.get_title() == "gray"
    assert left.images[0].get_clim() == (0, 1)


def test_a_signed_image_is_centered_at_zero():
    ax = plots.show_image([[-3.0, 1.0]], signed=True)
    assert ax.images[0].get_clim() == (-3, 3)


@pytest.mark.parametrize("shape", [(4,), (4, 4, 2), (1, 4, 4, 3)])
def test_show_image_refuses_what_is_no_image(shape):
    with pytest.raises(ValueError, match="An image is"):
        plots.show_image(np.ones(shape))


def test_show_numbers_writes_every_entry_and_outlines_boxes():
    ax = plots.show_numbers([[1, -2.5]], "matrix", boxes=[(0, 1, 1, 1)], signed=True)
    assert [text.get_text() for text in ax.texts] == ["1", "-2.5"]
    assert len(ax.patches) == 1


def test_show_numbers_refuses_what_is_no_matrix():
    with pytest.raises(ValueError, match="rows and columns"):
        plots.show_numbers([1, 2])


def test_show_curves_gives_each_role_its_color():
    ax = plots.show_curves({"train": [1, 2, 3], "other": [1, 1, 1]}, ylabel="accuracy")
    train, other = ax.lines
    assert train.get_color() == plots.ROLES["train"]["color"] != other.get_color()
    assert list(train.get_xdata()) == [1, 2, 3]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "accuracy")
