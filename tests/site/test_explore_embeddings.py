"""The page that explores word vectors shows the notebook's vectors, and works for everybody."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from dsl_utils import checks
from tests.site.functions import defined_in
from tools.write import explorables

PAGE = "book/explore_embeddings"
WORLD = ["concepts", "concepts-more", "frames", "frames-more", "write-concept"]  # the cells


@pytest.fixture(scope="module")
def stored():
    """(words, vectors): what the page holds, the vectors of length 1 again.

    The tests of the notebook compare it with the trained vectors.
    """
    data = explorables.load("embeddings")
    vectors = np.array(data["thousandths"], float)
    return data["words"], vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def rows(page, where):
    """Return [word, cosine] as a table shows them."""
    texts = page.locator(f"#{where} tbody tr").evaluate_all(
        "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    return [[word, float(cosine.replace("−", "-"))] for word, cosine in texts]


def test_neighbors_of_every_word_are_the_most_similar(page, stored):
    words, vectors = stored
    answers = page.evaluate("WORDS.map((word) => neighbors(word))")
    similar = vectors @ vectors.T
    np.fill_diagonal(similar, -np.inf)
    order = np.argsort(-similar, axis=1)[:, :8]
    for k, found in enumerate(answers):
        np.testing.assert_allclose([c for _, c in found], similar[k, order[k]], atol=1e-9)
        assert {word for word, _ in found[:3]} == {words[i] for i in order[k, :3]}


def test_page_and_notebook_agree_on_analogies(page, stored):
    words, vectors = stored
    number = {word: k for k, word in enumerate(words)}
    cells = [*WORLD, "questions", "hits"]
    notebook = defined_in("c5w2", *cells, np=np, re=re, checks=checks)
    asked = notebook["questions"]["dev"] + notebook["questions"]["test"]
    expected = [words[k] for k in notebook["answer"](vectors, number, asked)]
    said = page.evaluate("(asked) => asked.map(([, a, b, c]) => analogy(a, b, c)[0][0])", asked)
    assert said == expected
    assert np.mean([word == right for word, (*_, right) in zip(said, asked, strict=True)]) > 0.9
    assert len(words) == 526 and (explorables.DATA / "embeddings.json").stat().st_size < 100_000
    assert len(asked) == 648


def test_a_word_is_looked_up_by_keyboard(page, stored):
    page.get_by_label("Word", exact=True).focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("King")
    shown = rows(page, "neighbors")
    assert [word for word, _ in shown[:4]] == ["palace", "crown", "throne", "queen"]
    words, vectors = stored
    king = words.index("king")
    for word, cosine in shown:
        assert cosine == pytest.approx(vectors[king] @ vectors[words.index(word)], abs=0.00501)


def test_what_the_page_says_of_words_is_so(page):
    near = page.evaluate("Object.fromEntries(WORDS.map((w) => [w, neighbors(w).map(([n]) => n)]))")
    assert {"cairo", "beijing", "stockholm", "berlin", "madrid"} <= set(near["paris"])
    assert {"slow", "weak"} <= set(near["big"])
    ((best, cosine),) = page.evaluate("analogy('nurse', 'engineer', 'queen', 1)")
    assert best == "king"
    assert page.evaluate("analogy('france', 'paris', 'the', 1)[0][1]") < cosine - 0.2


def test_an_analogy_is_asked(page):
    for name, words in {"gender": "girl", "capital": "havana", "young": "calf"}.items():
        page.get_by_role("button", name=name).focus()
        page.keyboard.press("Enter")
        assert page.locator("#answers .named").inner_text() == f"is to {words}."
    page.get_by_label("as this one").fill("lion")
    assert page.locator("#answers .named").inner_text() == "is to cub."
    assert page.get_by_role("status").count() == 2  # a screen reader announces what changes there


def test_a_word_that_the_world_does_not_know_is_named(page):
    page.get_by_label("Word", exact=True).fill("kingdom")
    assert page.locator("#neighbors").inner_text() == (
        "This world does not know “kingdom”: try king, kite, kitten, kitchen."
    )
    assert page.get_by_label("Word", exact=True).get_attribute("aria-invalid") == "true"
    page.get_by_label("as this one").fill("")
    assert page.locator("#answers").inner_text() == "Write a word, such as king."


def test_the_map_is_the_plane_of_the_question(page, stored):
    words, vectors = stored
    for a, b, c in (("king", "queen", "boy"), ("big", "bigger", "cold"), ("dog", "puppy", "cow")):
        places, goal = page.evaluate(
            "(asked) => { const { places, goal } = planeOf(...asked);"
            " return [WORDS.map((word) => places.get(word)), goal]; }",
            [a, b, c],
        )
        from_a = vectors - vectors[words.index(a)]
        to_b, to_c = (from_a[words.index(word)] for word in (b, c))
        plane = np.linalg.qr(np.stack([to_b, to_c], axis=1))[0]
        inside = from_a @ plane
        away = np.linalg.norm(from_a - inside @ plane.T, axis=1)
        assert [one["away"] for one in places] == pytest.approx(away, abs=1e-6)
        lengths = [np.hypot(one["x"], one["y"]) for one in places]
        assert lengths == pytest.approx(np.linalg.norm(inside, axis=1), abs=1e-6)
        by_word = dict(zip(words, places, strict=True))
        for axis in "xy":
            sum_of_sides = by_word[b][axis] + by_word[c][axis]
            assert goal[axis] == pytest.approx(sum_of_sides, abs=1e-9)
        assert by_word[a]["x"] == by_word[a]["y"] == 0 and goal["away"] < 1e-6


def test_the_map_follows_the_question(page):
    picture = page.locator("#word-map svg")
    page.get_by_role("button", name="gender").click()
    assert "the word most similar to it is girl" in picture.get_attribute("aria-label")
    given = picture.locator(".given text").all_text_contents()
    assert given == ["a = king", "b = queen", "c = boy"]
    assert picture.locator(".best text").text_content() == "girl"
    page.get_by_label("is to this one").fill("king")
    assert page.locator("#word-map").inner_text() == "A map needs three different words."
    page.get_by_role("button", name="capital").click()
    assert picture.locator(".best text").text_content() == "havana"
    expect(picture.locator(".given text").first).to_be_visible()
