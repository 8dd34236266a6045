"""What `dsl_utils.drawings` draws."""

import re
import xml.etree.ElementTree as ET

import pytest

from dsl_utils import drawings, plots
from dsl_utils.drawings import Box, Drawing, label


@pytest.fixture
def drawing():
    return Drawing("A title", "One volume, drawn for a test.")


def parse(drawing):
    """Return the root of a drawing, its tags without the name space."""
    root = ET.fromstring(drawing.svg())
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def words(drawing):
    return [element.text for element in parse(drawing).iter("text")]


def inside(root, x, y):
    left, top, width, height = map(float, root.get("viewBox").split())
    return left <= x <= left + width and top <= y <= top + height


def test_a_shape_is_written_without_the_batch_axis():
    assert label((None, 28, 28, 1024)) == "28 × 28 × 1,024"
    assert label((10,)) == "10"


def test_roles_have_the_colors_of_the_plots_and_hatchings_of_their_own():
    colors = {role: look["color"] for role, look in plots.ROLES.items()}
    assert {role: color for role, (color, _) in drawings.ROLES.items()} == colors
    hatched = [slope for role, (_, slope) in drawings.ROLES.items() if role != "reference"]
    assert len(set(hatched)) == 3


def test_a_notebook_gets_the_svg_and_a_line_of_text(drawing):
    drawing.volume(0, 0, (4, 4, 3))
    bundle = drawing._repr_mimebundle_()
    assert bundle == {"image/svg+xml": drawing.svg(), "text/plain": "<Drawing: A title>"}


def test_a_drawing_says_what_it_shows(drawing):
    drawing.text(0, 0, "a < b")
    root = parse(drawing)
    assert root.get("role") == "img"
    assert root.find("title").text == "A title"
    assert root.find("desc").text == "One volume, drawn for a test."
    assert words(drawing) == ["a < b"]


def test_a_drawing_stands_on_white_where_no_style_sheet_reaches_it(drawing):
    drawing.volume(0, 0, (4, 4, 3))
    ground = parse(drawing).find("rect")
    assert (ground.get("fill"), ground.get("rx")) == ("#ffffff", "8")
    assert [ground.get(key) for key in ("x", "y", "width", "height")] == parse(drawing).get(
        "viewBox"
    ).split()


def test_the_text_is_the_same_each_time():
    def draw():
        drawing = Drawing("A title", "Two volumes and an arrow.")
        drawing.row(0, 0, [("in", (7, 7, 3), "train"), ("out", (5,), "third")])
        return drawing.svg()

    assert draw() == draw()
    assert not re.search(r"\de[-+]\d|nan|-0[ \"]", draw())


def test_a_volume_grows_with_the_square_roots_of_its_shape(drawing):
    small, wide, tall = (drawing.size(shape) for shape in ((4, 4, 4), (4, 4, 16), (16, 16, 4)))
    assert (wide[0], wide[1:]) == (2 * small[0], small[1:])
    assert (tall[0], tall[1], tall[2]) == (small[0], 2 * small[1], 2 * small[2])
    assert drawing.size((100,))[:2] == (9, 30)


def test_a_volume_knows_its_place(drawing):
    box = drawing.volume(50, 20, (None, 9, 9, 4))
    long, high, deep = drawing.size((9, 9, 4))
    assert box == (50, 20, long + deep, high + deep)
    assert (box.left, box.right) == ((50 - box.width / 2, 20), (50 + box.width / 2, 20))
    assert (box.top, box.bottom) == ((50, 20 - box.height / 2), (50, 20 + box.height / 2))


@pytest.mark.parametrize(("role", "hatched"), [("train", 0), ("dev", 1), ("third", 1)])
def test_a_volume_has_three_faces_and_the_hatching_of_its_role(drawing, role, hatched):
    drawing.volume(0, 0, (16, 16, 16), role)
    (volume,) = parse(drawing).findall(f"*[@class='{role}']")
    assert volume.get("fill") == volume.get("stroke") == drawings.ROLES[role][0]
    assert [path.get("fill-opacity") for path in volume][:3] == [None, "0.1", "0.32"]
    assert len(volume) == 3 + hatched


def test_the_marked_place_is_filled(drawing):
    drawing.volume(0, 0, (16, 16, 16), mark=0.5)
    (mark,) = parse(drawing).findall("g[@class='dev']")
    assert [mark.get("fill-opacity"), mark[1].get("fill-opacity")] == ["0.9", "0.9"]


def test_shapes_are_remembered_in_order(drawing):
    drawing.shape(0, 0, (None, 6, 6, 3))
    drawing.shape(0, 40, (2, 2, 5), wrap=True)
    assert drawing.shapes == ["6 × 6 × 3", "2 × 2 × 5"]
    assert words(drawing) == ["6 × 6 × 3", "2 × 2", "× 5"]


def test_an_arrow_runs_from_edge_to_edge(drawing):
    left, right = Box(0, 0, 20, 20), Box(100, 0, 40, 20)
    drawing.arrow(left, right)
    (path,) = parse(drawing).iter("path")
    assert path.get("d").startswith("M14 0L76 0M")
    assert path.get("fill") == "none"


@pytest.mark.parametrize(
    ("other", "start"),
    [((0, 90), "M0 14"), ((0, -90), "M0 -14"), ((-90, 0), "M-14 0"), ((90, 0), "M14 0")],
)
def test_an_arrow_leaves_a_box_on_the_side_it_goes_to(drawing, other, start):
    drawing.arrow(Box(0, 0, 20, 20), other)
    (path,) = parse(drawing).iter("path")
    assert path.get("d").startswith(f"{start}L")


def test_an_arrow_is_dashed_only_where_it_should_be(drawing):
    drawing.arrow((0, 0), (100, 0))
    assert "dasharray" not in drawing.svg()
    drawing.arrow((0, 50), (100, 50), dashed=True)
    assert drawing.svg().count("stroke-dasharray") == 1


def test_an_arrow_around_a_corner_is_round(drawing):
    drawing.arrow((0, 0), (100, 0), (100, 80))
    (path,) = parse(drawing).iter("path")
    assert "L92 0Q100 0 100 8L100 76" in path.get("d")


def test_a_row_writes_words_above_and_shapes_below_and_draws_arrows_between(drawing):
    boxes = drawing.row(
        0, 0, [("input", (8, 8, 1), "reference"), ("conv\n3 × 3", (6, 6, 4), "train")]
    )
    assert boxes[0].right[0] < boxes[1].left[0]
    assert drawing.shapes == ["8 × 8 × 1", "6 × 6 × 4"]
    assert words(drawing) == ["input", "8 × 8", "× 1", "conv", "3 × 3", "6 × 6", "× 4"]
    assert sum(path.get("fill") == "none" for path in parse(drawing).findall("path")) == 1


def test_everything_is_inside(drawing):
    drawing.block(-300, 10, "conv", role="train")
    drawing.sign(200, -90)
    drawing.arrow((200, -90), (400, 300))
    root = parse(drawing)
    for point in ((-365, -8), (212, -102), (400, 300)):
        assert inside(root, *point)
