"""Exercises are done in the page: real Python, the notebook's own checks, the reader's own code."""

import hashlib
import io
import json
import re
import zipfile

import pytest
import yaml

from tests.site import pages
from tests.site.memory import READ, holding, store
from tools.publish.archive import OFFLINE_COPY
from tools.shared.cells import checks_in
from tools.shared.exercises import numpy_wheel
from tools.shared.notebooks import ROOT, code_cells, find, week_of
from tools.shared.planting import plant

PAGE = "notebooks/c4w1_convolutional_foundations"
KEY = "c4w1-layer_cost"
STUB = "def layer_cost(n, f, p, s, n_C_prev, n_C):\n    return None"
RIGHT = """def layer_cost(n, f, p, s, n_C_prev, n_C):
    side = (n + 2 * p - f) // s + 1
    weights = f * f * n_C_prev
    return (weights + 1) * n_C, side * side * n_C * weights"""
RUN = """([attempt, check, before]) => new Promise((resolve) => python.run(
    {attempt, check, before, helpers: document.querySelector(".actions a[href$='.whl']").href},
    (outcome) => ["loading", "running"].includes(outcome.at) || resolve(outcome)))"""
WAIT = 120_000  # ms; a busy machine starts Python slowly

pytestmark = pytest.mark.xdist_group("exercises")


def in_plain_python(site):
    """Yield (path, number, what comes before, the link) of the exercises that need but Python."""
    place = re.compile(
        r'id="cell-c\dw\d-exercise-(\d+)"(?:(?!id="cell-).)*?<div class="try [^>]*>\s*'
        r'<script type="application/json">(.*?)</script>(.*?)</div>',
        re.DOTALL,
    )
    for path in find():
        html = (site / "notebooks" / f"{path.stem}.html").read_text(encoding="utf-8")
        for number, data, link in place.findall(html):
            data = json.loads(data)
            if not data.get("lacks") and data["numpy"] != "needed":
                yield path, int(number), data["before"], link


def attempts(path, number):
    """Return the check of an exercise, and (an attempt, the words that it gets) for many."""
    code = dict(code_cells(path))
    check, cell = code[f"exercise-{number}-check"], f"solution-{number}"
    (name,) = (one.name for one in checks_in(check) if one.kind == "exercise")

    def written(source):
        return source.partition("\nchecks.exercise(")[0].rstrip().replace(f"{name}_solution", name)

    tried = [(code[f"exercise-{number}"], f"{name}: not attempted yet")]
    tried += [(written(code[cell]), rf"{name}: passed (\d+) of \1 cases")]
    faults = ROOT / "tests" / "faults" / f"{week_of(path)}.yml"
    for fault in yaml.safe_load(faults.read_text(encoding="utf-8")):
        if fault["check"] == name and fault.get("cell") == cell:
            wrong = plant(code, [(cell, fault["replace"], fault["with"])])[cell]
            tried += [(written(wrong), rf"{name}: case \d+ failed: {name}\(.*, expected .*")]
    return check, tried


@pytest.fixture(scope="module")
def lab(chromium, served):
    """A page whose Python is started once, and what the page asked for before and after that."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(WAIT)
    page.asked, page.problems = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.goto(f"{served}{PAGE}.html")
    page.wait_for_load_state("networkidle")
    page.at_first = list(page.asked)
    yield page
    assert page.problems == []
    context.close()


def box(page, number=1):
    """Return the place where an exercise is done."""
    return page.locator(f"[id$='-exercise-{number}'] + .try")


def answered(page, code=None, number=1, button="Check"):
    """Put code into the editor, press Check, and return what a screen reader announces."""
    place = box(page, number)
    if code is not None:
        place.get_by_role("textbox").fill(code)
    place.get_by_role("button", name=button).click()
    return outcome(page, number)


def outcome(page, number=1):
    """Wait until Python has answered; return what is said, in one line."""
    over = "(place) => !['busy', undefined].includes(place.dataset.state)"
    page.wait_for_function(over, arg=box(page, number).element_handle())
    return " ".join(box(page, number).get_by_role("status").inner_text().split())


def test_nothing_of_python_is_loaded_before_the_first_check(lab, served):
    assert not [url for url in lab.at_first if re.search(r"pyodide|worker|runner|\.whl", url)]
    assert answered(lab).startswith("layer_cost: not attempted yet Put your answer in the place of")
    loaded = lab.asked[len(lab.at_first) :]
    assert sum("pyodide.asm.wasm" in url for url in loaded) == 1
    assert all(url.startswith(served) for url in lab.asked)


def test_stub_solution_and_planted_answers_are_told_apart(lab, site):
    done = 0
    for path, number, before, link in in_plain_python(site):
        assert 'class="again"' in link and 'href="#' in link
        check, tried = attempts(path, number)
        assert len(tried) >= 3, (path.stem, number)
        for attempt, words in tried:
            told = lab.evaluate(RUN, [attempt, check, before])
            assert told["wrong"] is None and re.fullmatch(words, told["said"]), (attempt, told)
        done += 1
    assert done >= 9


def test_a_wrong_answer_is_told_with_its_case_and_its_section(lab):
    said = answered(lab, STUB.replace("None", "1, 2"))
    case = "layer_cost: case 1 failed: layer_cost(6, 3, 0, 1, 1, 1) gave (1, 2), expected (10, 144)"
    assert said == f"{case} Read again: Convolution over volumes"
    assert box(lab).get_by_role("link").get_attribute("href") == "#convolution-over-volumes"
    assert not lab.get_by_label("I solved exercise 1").is_checked()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (
            STUB.replace(":", ""),
            "Python stopped before the check: Line 1 .* SyntaxError: expected ':'",
        ),
        (STUB.replace("None", "1 / 0"), ".* raised ZeroDivisionError: .* raised in line 2 of your"),
        (STUB.replace("None", "np.prod(n)"), ".* plain Python is enough"),
        (STUB.replace("None", "layer_cost(n, f, p, s, 1, 1)"), ".* raised RecursionError"),
        (STUB.replace("None", "input()"), ".* raised EOFError"),
        (STUB.replace("return", "return print('n =', n) or"), ".* Printed: n = 6"),
        ("", "Python stopped before the check: NameError: name 'layer_cost' is not defined"),
    ],
)
def test_what_went_wrong_is_told(lab, code, words):
    assert re.match(words, answered(lab, code))


def test_an_endless_loop_is_stopped_and_python_starts_anew(lab):
    lab.evaluate("python.seconds = 0.5")
    endless = STUB.replace("return None", "while True: pass")
    assert answered(lab, endless).startswith("Stopped after 0.5 seconds. Is there a loop")
    lab.evaluate("python.seconds = 60")
    box(lab).get_by_role("button", name="Check").click()
    box(lab).get_by_text("Running").wait_for()
    box(lab).get_by_role("button", name="Stop").press("Enter")
    assert outcome(lab) == "Stopped. Check starts Python anew."
    assert lab.evaluate("document.activeElement.textContent") == "Check"
    lab.evaluate("python.seconds = 10")


def test_a_solved_exercise_counts_and_the_attempt_stays(lab):
    said = answered(lab, RIGHT)
    assert said.startswith("layer_cost: passed 4 of 4 cases Exercise 1 is solved.")
    assert not lab.locator("[id$='exercise-1-check'] .cell_output").is_visible()
    assert lab.get_by_label("I solved exercise 1").is_checked()
    stored = lab.evaluate(READ)
    assert stored["weeks"]["c4w1"]["solved"] == ["layer_cost"]
    assert stored["attempts"][KEY]["code"] == RIGHT
    answered(lab, RIGHT + "  # again")
    assert lab.evaluate(READ)["weeks"]["c4w1"]["solved"] == ["layer_cost"]
    lab.reload()
    assert box(lab).get_by_role("textbox").input_value() == RIGHT + "  # again"
    box(lab).get_by_role("button", name="Reset").click()
    assert box(lab).get_by_role("textbox").input_value() == STUB
    assert KEY not in lab.evaluate(READ)["attempts"]
    assert lab.evaluate(READ)["weeks"]["c4w1"]["solved"] == ["layer_cost"]


def test_the_keyboard_is_enough(lab):
    editor = box(lab).get_by_role("textbox")
    editor.focus()
    for keys in ["Control+a", "Delete"]:
        lab.keyboard.press(keys)
    lab.keyboard.type("def layer_cost(*a):")
    lab.keyboard.press("Enter")
    lab.keyboard.type("if a:")
    for key in ["Enter", "Shift+Tab", "Tab"]:
        lab.keyboard.press(key)
    lab.keyboard.type("return 1")
    assert editor.input_value() == "def layer_cost(*a):\n    if a:\n        return 1"
    lab.keyboard.press("Control+z")
    assert editor.input_value() != "def layer_cost(*a):\n    if a:\n        return 1"
    lab.keyboard.press("Control+a")
    lab.keyboard.press("Tab")
    assert editor.input_value().startswith("    def layer_cost(*a):\n        if a:")
    lab.keyboard.press("Shift+Tab")
    assert editor.input_value().startswith("def layer_cost(*a):\n    if a:")
    for key in ["Escape", "Tab"]:
        lab.keyboard.press(key)
    assert lab.evaluate("document.activeElement.textContent") == "Check"
    lab.keyboard.press("Shift+Tab")
    editor.fill(STUB)
    lab.keyboard.press("Control+Enter")
    assert outcome(lab).startswith("layer_cost: not attempted yet")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_for_everybody(lab, scheme):
    lab.emulate_media(color_scheme=scheme)
    lab.wait_for_function("(s) => document.documentElement.dataset.theme === s", arg=scheme)
    answered(lab, STUB.replace("None", "print(n) or (n,) * 40"))
    lab.set_viewport_size({"width": 360, "height": 740})
    assert pages.overflow(lab) == [] and pages.hidden_overflow(lab) == []
    size = "getComputedStyle(document.querySelector('.try textarea')).fontSize"
    assert lab.evaluate(size) == "16px"  # a phone enlarges the page for less
    lab.set_viewport_size({"width": 1280, "height": 900})
    assert pages.accessibility(lab) == []
    lab.emulate_media(color_scheme="light")


def test_an_exercise_that_does_not_run_here_leads_to_the_notebook(lab, site):
    words = box(lab, 4).inner_text()
    assert words.startswith("This exercise needs TensorFlow, which does not run in the page.")
    links = box(lab, 4).get_by_role("link")
    assert links.first.get_attribute("href").endswith(".ipynb")
    assert box(lab, 4).get_by_role("textbox").count() == 0
    numpy = any((site / "_static" / "pyodide").glob("numpy-*.whl"))
    assert box(lab, 5).get_by_role("textbox").count() == numpy
    assert numpy or "needs NumPy, which this copy of the site lacks" in box(lab, 5).inner_text()


def test_numpy_is_loaded_where_an_answer_uses_it(opened, site):
    """A tiny package under NumPy's name takes its place: few machines reach the real one."""
    wheel = io.BytesIO()
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("numpy/__init__.py", "ndarray = bytes\ndef prod(x):\n    return 10, 144\n")
        for name in ("METADATA", "WHEEL", "RECORD"):
            file.writestr(f"numpy-2.4.6.dist-info/{name}", "Name: numpy\nVersion: 2.4.6\n")
    found = {**numpy_wheel(), "sha256": hashlib.sha256(wheel.getvalue()).hexdigest()}
    lock = json.loads((site / "_static/pyodide/pyodide-lock.json").read_text(encoding="utf-8"))
    lock["packages"] = {"numpy": found}
    page = opened(PAGE)
    page.set_default_timeout(WAIT)
    page.route("**/pyodide-lock.json", lambda route: route.fulfill(json=lock))
    page.route(
        f"**/_static/pyodide/{found['file_name']}", lambda r: r.fulfill(body=wheel.getvalue())
    )
    check = "checks.exercise(layer_cost, [((1, 2, 3, 4, 5, 6), (10, 144))])"
    job = [STUB.replace("None", "np.prod(n)"), check, "from dsl_utils import checks"]
    told = page.evaluate(
        RUN.replace("attempt, check, before,", "attempt, check, before, numpy: true,"), job
    )
    assert told["said"] == "layer_cost: passed 1 of 1 cases", told


def test_where_python_cannot_be_loaded_the_notebook_is_offered(opened):
    page = opened(PAGE)
    page.set_default_timeout(WAIT)
    page.route("**/pyodide.asm.wasm", lambda route: route.abort())
    said = answered(page)
    assert said.startswith("Python could not run here") and "Download the notebook" in said
    assert box(page).get_by_role("button", name="Check").is_enabled()


def test_an_attempt_is_exported_imported_and_forgotten(opened):
    kept = store(attempts={KEY: {"at": 1, "code": RIGHT}})
    page = opened(PAGE, holding(kept))
    assert box(page).get_by_role("textbox").input_value() == RIGHT
    assert page.evaluate("understand(localStorage.getItem(STORE)).attempts") == kept["attempts"]
    assert (
        page.evaluate("understand(JSON.stringify({...nothing(), attempts: undefined})).attempts")
        == {}
    )
    damaged = "JSON.stringify({...nothing(), attempts: {'c4w1-layer_cost': {at: 1, code: 5}}})"
    assert page.evaluate(f"readable({damaged})") is None
    newer = json.dumps(store(attempts={KEY: {"at": 9, "code": "pass"}}))
    page.evaluate("takeUp", newer)
    assert box(page).get_by_role("textbox").input_value() == "pass"
    page.evaluate("takeUp", json.dumps(kept))
    assert page.evaluate(READ)["attempts"][KEY]["code"] == "pass"
    page.evaluate("forget()")
    assert page.evaluate(READ) is None
    assert box(page).get_by_role("textbox").input_value() == STUB


def test_without_scripts_and_from_a_file_the_stub_is_shown(chromium, served, site):
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{served}{PAGE}.html")
        assert page.locator("[id$='-exercise-1'] pre").is_visible()
        assert page.get_by_text("Read again: Convolution over volumes").first.is_hidden()
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{site.as_uri()}/{PAGE}.html")
        assert page.locator("[id$='-exercise-1'] pre").is_visible()
        assert page.locator(".try :is(textarea, button)").count() == 0
        assert page.get_by_text("From a file a browser starts no Python").count() == 1


def test_the_copy_to_take_along_is_without_python(site):
    with zipfile.ZipFile(site / OFFLINE_COPY) as copy:
        assert not [name for name in copy.namelist() if "pyodide" in name]
