"""The page that explores beam search finds what a second implementation finds."""

import heapq
import math

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.site.functions import defined_in

PAGE = "book/explore_beam_search"
END = "."


def beam_search(model, width, alpha):
    """Return (candidates of each step, finished sentences), each best first, as (words, score)."""
    steps, finished, beam = [], [], {(): 0.0}
    while beam:
        grown = {
            (*words, word): total + math.log(p)
            for words, total in beam.items()
            for word, p in model[words[-1] if words else ""].items()
        }
        ranked = sorted(grown, key=grown.get, reverse=True)
        steps.append([(words, grown[words]) for words in ranked])
        kept = ranked[:width]
        finished += [(w, grown[w] / len(w) ** alpha) for w in kept if w[-1] == END]
        beam = {words: grown[words] for words in kept if words[-1] != END}
    return steps, sorted(finished, key=lambda pair: pair[1], reverse=True)


def sentences(model, words=("",)):
    """Yield (words, log-probability) of every sentence that the model can say."""
    for word, p in model[words[-1]].items():
        if word == END:
            yield (*words[1:], word), math.log(p)
        else:
            for longer, total in sentences(model, (*words, word)):
                yield longer, total + math.log(p)


def random_model(rng):
    """Return a model of six words, in which a word is followed by later ones or by the end."""
    words = list("abcdef")
    model = {}
    for k, word in enumerate(["", *words]):
        later = words[k:] + [END] * (word != "")
        model[word] = dict(zip(later, rng.dirichlet(np.ones(len(later))).tolist(), strict=True))
    return model


def answers(page, cases):
    """Return what the page's function says of (model, width, alpha)."""
    return page.evaluate("(cases) => cases.map((case_) => beamSearch(...case_))", cases)


def compare(answer, expected):
    """Assert that the page's steps and finished sentences are those of Python."""
    steps, finished = expected
    assert [[tuple(h["words"]) for h in step] for step in answer["steps"]] == [
        [words for words, _ in step] for step in steps
    ]
    for ours, theirs in zip(answer["steps"], steps, strict=True):
        assert [h["sum"] for h in ours] == pytest.approx([total for _, total in theirs])
    assert [tuple(h["words"]) for h in answer["finished"]] == [words for words, _ in finished]
    assert [h["score"] for h in answer["finished"]] == pytest.approx([s for _, s in finished])


def test_page_and_python_agree_on_the_toy_model(page):
    model = page.evaluate("MODEL")
    assert all(sum(chances.values()) == pytest.approx(1) for chances in model.values())
    cases = [(model, width, alpha) for width in (1, 2, 3, 4, 5, 50) for alpha in (0, 0.5, 0.7, 1)]
    for case, answer in zip(cases, answers(page, cases), strict=True):
        compare(answer, beam_search(*case))


def test_page_and_python_agree_on_random_models(page):
    rng = np.random.default_rng(1)
    cases = [(random_model(rng), 1 + k % 5, (0, 0.7, 1)[k % 3]) for k in range(300)]
    for case, answer in zip(cases, answers(page, cases), strict=True):
        compare(answer, beam_search(*case))


def test_page_and_notebook_agree(page):
    model = page.evaluate("MODEL")
    words = sorted(set(model) - {""}) + [END]
    search = defined_in("c5w3", "beam-search", heapq=heapq)["beam_search"]

    def next_log_p(prefix):
        chances = model[words[prefix[-1]] if prefix else ""]
        return np.log([chances.get(word, 1e-300) for word in words])

    for width in (1, 2, 3, 4, 5):
        found, _ = search(next_log_p, width, 20, end=words.index(END))
        possible = [(log_p, sentence) for log_p, sentence in found if log_p > -600]
        (answer,) = answers(page, [(model, width, 0)])
        assert [h["words"] for h in answer["finished"]] == [
            [words[k] for k in sentence] for _, sentence in possible
        ]
        sums = [log_p for log_p, _ in possible]
        assert [h["sum"] for h in answer["finished"]] == pytest.approx(sums)


def test_the_widest_beam_finds_the_best_of_all_sentences(page):
    model = page.evaluate("MODEL")
    every = list(sentences(model))
    (answer,) = answers(page, [(model, 1000, 0)])
    assert len(answer["finished"]) == len(every)
    assert tuple(answer["best"]["words"]) == max(every, key=lambda pair: pair[1])[0]


def test_what_the_page_says_of_widths_is_so(page):
    model = page.evaluate("MODEL")
    by_width = [
        best["best"] for best in answers(page, [(model, width, 0) for width in (1, 2, 3, 4)])
    ]
    sums = [best["sum"] for best in by_width]
    assert sums[0] < sums[1] < sums[2] == sums[3]
    greedy, word = [], ""
    while word != END:
        word = max(model[word], key=model[word].get)
        greedy.append(word)
    assert by_width[0]["words"] == greedy
    short, long = (
        best["best"]["words"] for best in answers(page, [(model, 2, 0), (model, 2, 0.7)])
    )
    assert len(long) > len(short)


def test_it_is_stepped_through_by_keyboard(page):
    status = page.get_by_role("status")
    assert status.inner_text() == "Press Next step."
    page.locator("summary").filter(has_text="as tables").click()
    page.get_by_role("button", name="Next step").focus()
    page.keyboard.press("Enter")
    assert status.inner_text() == "Step 1 keeps “the”, “a”."
    page.keyboard.press("Enter")
    assert status.inner_text() == "Step 2 keeps “a cat”, “the cat”."
    rows = page.locator("#steps table").first.locator("tbody tr")
    assert rows.count() == 5 and page.locator("#steps table").first.locator("tr.kept").count() == 2
    assert rows.nth(0).inner_text().split() == ["a", "cat", "0.9", "−1.309", "kept"]
    assert page.locator("#steps table").count() == 2
    page.get_by_role("button", name="Step back").click()
    assert page.locator("#steps table").count() == 1
    page.get_by_role("button", name="To the end").click()
    assert "Best: a cat is sleeping now." in status.inner_text()
    assert page.get_by_role("button", name="Next step").is_disabled()
    page.get_by_role("combobox", name="Length").select_option("0")
    assert "Best: a cat sleeps. Score −2.521, probability 0.0804." in status.inner_text()
    page.get_by_role("combobox", name="Beam width").select_option("1")
    assert "Best: the cat is sleeping now." in status.inner_text()
    page.get_by_role("button", name="Start over").click()
    assert page.locator("#steps table, #finished table").count() == 0


def test_the_tree_shows_every_beginning_once(page):
    model, nodes = page.evaluate("MODEL"), page.locator("#tree .node")
    page.get_by_role("combobox", name="Beam width").select_option("3")
    steps, finished = beam_search(model, 3, 0.7)
    for shown, candidates in enumerate(steps, start=1):
        page.get_by_role("button", name="Next step").click()
        looked_at = sum(map(len, steps[:shown]))
        expect(nodes).to_have_count(1 + looked_at)
        label = page.locator("#tree svg").get_attribute("aria-label")
        assert label.startswith(f"Tree of {looked_at} beginnings after step {shown}; kept in this")
        kept = [" ".join(words).replace(" .", ".") for words, _ in candidates[:3]]
        assert ", ".join(kept) in label
    expect(page.locator("#tree .node.best")).to_have_count(1 + len(finished[0][0]))
    dropped = sum(len(step[3:]) for step in steps)
    expect(page.locator("#tree .node.dropped")).to_have_count(dropped)


def test_no_two_nodes_of_the_tree_touch(page):
    for width in ("1", "2", "5"):
        page.get_by_role("combobox", name="Beam width").select_option(width)
        page.evaluate("document.getElementById('beam').elements.end.click()")
        touching = page.evaluate("""() => {
            const boxes = [...document.querySelectorAll("#tree .node")].map((e) => e.getBBox());
            const apart = (a, b) => a.x + a.width <= b.x || b.x + b.width <= a.x
                || a.y + a.height <= b.y || b.y + b.height <= a.y;
            return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => !apart(a, b))).length;
        }""")
        assert touching == 0
