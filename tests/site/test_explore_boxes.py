"""The page with boxes computes what C4 W3 computes, and works for everybody."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.site.functions import functions_of

PAGE = "book/explore_boxes"
KEPT = "(all) => all.map(([boxes, how]) => roundsOf(boxes, how).map(({ best }) => best))"


@pytest.fixture(scope="module")
def lesson():
    """The functions of the notebook that the page computes anew."""
    return functions_of("c4w3", "iou", "non_max_suppression", np=np)


def random_boxes(rng, m):
    """Return corners (m, 4) of boxes with whole sides, and m different scores."""
    corners = rng.integers(0, 25, (m, 2))
    boxes = np.concatenate([corners, corners + rng.integers(1, 15, (m, 2))], axis=1)
    return boxes, rng.permutation(m) / m


def described(boxes, scores, kinds):
    """Return boxes as the page knows them."""
    rows = zip(boxes.tolist(), scores.tolist(), kinds, strict=True)
    return [{"corners": box, "score": score, "kind": int(kind)} for box, score, kind in rows]


def test_the_overlap_is_the_notebooks(page, lesson):
    one, other = (random_boxes(np.random.default_rng(seed), 500)[0] for seed in (1, 2))
    found = page.evaluate(
        "(pairs) => pairs.map(([a, b]) => overlapOf(a, b).iou)",
        list(zip(one.tolist(), other.tolist(), strict=True)),
    )
    assert found == pytest.approx(np.diag(lesson["iou"](one, other)), abs=1e-12)


@pytest.mark.parametrize("limit", [0.3, 0.5, 0.7])
def test_the_notebook_keeps_the_same_boxes(page, lesson, limit):
    rng = np.random.default_rng(3)
    sets = [random_boxes(rng, 30) for _ in range(100)]
    how = {"least": 0, "limit": limit, "each": False}
    cases = [[described(*boxes, np.zeros(30)), how] for boxes in sets]
    kept = [lesson["non_max_suppression"](*boxes, limit).tolist() for boxes in sets]
    assert page.evaluate(KEPT, cases) == kept


def test_each_kind_is_suppressed_by_itself(page, lesson):
    rng = np.random.default_rng(4)
    how = {"least": 0.25, "limit": 0.5, "each": True}
    for _ in range(50):
        (boxes, scores), kinds = random_boxes(rng, 30), rng.integers(0, 3, 30)
        expected = []
        for kind in range(3):
            mine = np.flatnonzero((kinds == kind) & (scores >= 0.25))
            kept = lesson["non_max_suppression"](boxes[mine], scores[mine])
            expected += mine[kept].tolist()
        (found,) = page.evaluate(KEPT, [[described(boxes, scores, kinds), how]])
        assert sorted(found) == sorted(expected)


def test_two_boxes_are_moved_by_keyboard(page):
    status = page.locator("#iou [role=status]")
    expect(status).to_contain_text("IoU = 32 / 96 = 0.33")
    page.get_by_role("button", name="Shifted by a third").click()
    expect(status).to_contain_text("IoU = 96 / 192 = 0.50")
    expect(status).to_contain_text("count as right")
    second = page.get_by_role("group", name="B: from 14 to 26 across")
    second.press("ArrowRight")
    expect(status).to_contain_text("Shared: 12 high × 7 wide = 84 squares.")
    expect(status).to_contain_text("count as wrong")
    page.get_by_role("group", name="B: from 15 to 27 across").press("Shift+ArrowDown")
    expect(status).to_contain_text("A covers 144, B covers 156; together they cover")
    for _ in range(30):
        page.get_by_role("group", name="B: ").press("ArrowRight")
    expect(page.get_by_role("group", name="B: from 28 to 40 across")).to_be_visible()
    expect(status).to_contain_text("They share nothing.")


def test_a_box_is_dragged_and_resized(page):
    page.get_by_role("button", name="One inside the other").click()
    status = page.locator("#iou [role=status]")
    expect(status).to_contain_text("IoU = 48 / 384")
    square = page.locator("#iou svg").evaluate("(svg) => svg.clientWidth / 40.125")
    box = page.locator("#iou .other .frame").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - 2 * square, middle[1] - 3 * square, steps=7)
    page.mouse.up()
    expect(page.get_by_role("group", name="B: from 14 to 22 across, from 6 to 12")).to_be_visible()
    corner = page.locator("#iou .other .handle").bounding_box()
    place = corner["x"] + corner["width"] / 2, corner["y"] + corner["height"] / 2
    page.mouse.move(*place)
    page.mouse.down()
    page.mouse.move(place[0] + 4 * square, place[1] + square, steps=7)
    page.mouse.up()
    expect(page.get_by_role("group", name="B: from 14 to 26 across, from 6 to 13")).to_be_visible()
    expect(status).to_contain_text("IoU = 84 / 384")


def test_suppression_is_read_round_by_round(page):
    form = page.locator("#nms")
    status = form.locator("[role=status]")
    following = form.get_by_role("button", name="Next step")
    expect(status).to_contain_text("5 boxes")
    following.click()
    expect(status).to_contain_text("1 of 5 go, before anything is compared.")
    following.click()
    expect(status).to_contain_text("Round 1: keep car 0.92")
    expect(status).to_contain_text("car 0.66: IoU 0.37, stays")
    following.click()
    expect(status).to_contain_text("Kept: car 0.92, car 0.66.")
    expect(following).to_be_disabled()
    expect(form.locator("tr.kept")).to_have_count(2)
    expect(form.locator("tr.dropped")).to_have_count(3)
    form.locator("input[name=limit]").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(page.locator("#limit-now")).to_have_text("0.35")
    expect(status).to_contain_text("Kept: car 0.92.")
    form.get_by_role("button", name="Step back").click()
    expect(status).to_contain_text("1 of 5 go")


def test_a_person_in_front_of_a_car_is_lost_over_all_kinds(page):
    form = page.locator("#nms")
    status = form.locator("[role=status]")
    form.get_by_label("What is to be found").select_option("kinds")
    form.get_by_role("button", name="To the end").click()
    expect(status).to_contain_text("Kept: car 0.91, person 0.87.")
    form.get_by_label("Each kind by itself").uncheck()
    expect(status).to_contain_text("Kept: car 0.91.")
    form.get_by_label("What is to be found").select_option("two")
    form.get_by_role("button", name="To the end").click()
    expect(status).to_contain_text("Kept: car 0.94, car 0.88.")
    form.locator("input[name=limit]").fill("0.25")
    expect(status).to_contain_text("Kept: car 0.94, car 0.71.")


def test_a_moved_box_changes_what_is_kept(page):
    form = page.locator("#nms")
    form.get_by_role("button", name="To the end").click()
    best = form.get_by_role("group", name="car 0.92")
    for _ in range(11):
        best.press("ArrowRight")
    expect(form.locator("[role=status]")).to_contain_text("Kept: car 0.92, car 0.85")
