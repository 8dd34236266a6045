"""One browser and one server for all tests of the site; a page is opened once for its tests."""

import pytest

from tools.shared import browser
from tools.shared.notebooks import ROOT, documents, find

SITE = ROOT / "_build" / "html"


def pytest_generate_tests(metafunc):
    """Run a test that takes `document` once for each page of the table of contents.

    All tests of one page run in one process, where it is opened once.
    """
    pages = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in documents()]
    if "document" in metafunc.fixturenames:
        metafunc.parametrize("document", pages)
    if "notebook" in metafunc.fixturenames:
        weeks = {f"notebooks/{path.stem}" for path in find()}
        metafunc.parametrize("notebook", [page for page in pages if page.values[0] in weeks])


def pytest_collection_modifyitems(items):
    """Keep the tests of a page together, behind the others."""
    order = documents()

    def place(item):
        values = item.callspec.params if hasattr(item, "callspec") else {}
        document = values.get("document") or values.get("notebook")
        return order.index(document) if document else -1

    items.sort(key=place)


@pytest.fixture(scope="session")
def site():
    """The folder of the built site."""
    if not (SITE / "index.html").exists():
        pytest.fail("The site is not built: run `make book` first.", pytrace=False)
    return SITE


@pytest.fixture(scope="session")
def chromium():
    if not browser.find():
        pytest.fail("There is no Chromium: run `python tools/shared/browser.py`.", pytrace=False)
    with browser.launch() as running:
        yield running


@pytest.fixture(scope="session")
def served(site):
    """The address of the site on a server of our own."""
    with browser.serve(site) as address:
        yield address


@pytest.fixture(scope="session")
def visit(chromium, served):
    """A function that opens a page over HTTP, or returns it as the last test left it."""
    return last_opened(lambda name: browser.visit(chromium, f"{served}{name}.html", served))


@pytest.fixture
def page(request, chromium, served):
    """The page that the test's module names in PAGE, opened anew: nothing was typed or stored."""
    page = browser.visit(chromium, f"{served}{request.module.PAGE}.html", served).page
    yield page
    page.close()


@pytest.fixture
def opened(chromium, served):
    """A function that opens a page in a new tab of one browser, whose storage is empty at first."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})

    def open_page(name, script=None):
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        if script:
            page.add_init_script(script)
        page.goto(f"{served}{name}.html")
        return page

    yield open_page
    context.close()


@pytest.fixture(scope="session")
def visit_from_disk(chromium, site):
    """A function that opens a page of the site as a file."""
    root = f"{site.as_uri()}/"
    return last_opened(lambda name: browser.visit(chromium, f"{root}{name}.html", root))


def last_opened(visit):
    """Return a function that opens one page at a time: the next one closes the last one."""
    opened = {}

    def visit_once(document):
        if document not in opened:
            for name in list(opened):
                opened.pop(name).page.close()
            opened[document] = visit(document)
        return opened[document]

    return visit_once
