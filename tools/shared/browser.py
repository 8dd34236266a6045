"""Find or install a Chromium (`python tools/shared/browser.py`), and open the built site in it.

The tests and `make bench` share what is here: a server on loopback, a browser that reaches nothing
else, and a record of all that a page asked for.
"""

import contextlib
import functools
import gzip
import http.server
import os
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
IMAGES = (".png", ".jpg", ".svg", ".ico")


def find():
    """Return the path of a Chromium: one on PATH, or else Playwright's own, or None."""
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    if on_path:
        return on_path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if os.path.exists(own) else None


def install():
    """Install a Chromium: Debian's package as root, Playwright's own elsewhere."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        commands = (["apt-get", "update"], ["apt-get", "install", "--yes", "chromium"])
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    else:
        commands = ([sys.executable, "-m", "playwright", "install", "chromium"],)
        environment = os.environ
    for command in commands:
        result = subprocess.run(command, env=environment, capture_output=True, text=True)
    if result.returncode or not find():
        reason = (result.stderr.strip() or "no reason given").splitlines()[-1]
        sys.exit(f"No Chromium, and `{' '.join(command)}` failed: {reason}. Install Chromium.")


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serve files without a line on the terminal for each."""

    def log_message(self, *arguments):
        """Say nothing."""


@contextlib.contextmanager
def serve(folder, handler=QuietHandler):
    """Serve a folder on a free loopback port; yield its address, which ends in a slash."""
    handler = functools.partial(handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextlib.contextmanager
def launch():
    """Start a headless Chromium; yield the browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page that is open in the browser, and what happened while it was loaded.

    Attributes:
        page: Playwright's page.
        problems: Console messages, script errors, failed and external requests, in words.
        responses: Playwright's responses to its requests.
    """

    page: object
    problems: list = field(default_factory=list)
    responses: list = field(default_factory=list)

    @functools.cached_property
    def weights(self):
        """Return the compressed bytes of each file that the page loaded, by address."""
        return {answer.url: len(gzip.compress(answer.body())) for answer in self.responses}

    @property
    def weight(self):
        """Return the compressed bytes that the page loads, images aside."""
        return sum(n for url, n in self.weights.items() if not urlsplit(url).path.endswith(IMAGES))

    @property
    def first_paint(self):
        """Return the milliseconds until the first content appeared."""
        entry = "performance.getEntriesByName('first-contentful-paint')[0]"
        self.page.wait_for_function(entry)
        return self.page.evaluate(f"{entry}.startTime")


def visit(browser, url, allowed):
    """Open a page with every request blocked that does not start with `allowed`.

    Args:
        browser: What `launch` yields.
        url: The page.
        allowed: The site's address, "http://127.0.0.1:…/" or "file:///…/".

    Returns:
        A `Visit`, complete once the page has loaded everything.
    """
    page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    record = Visit(page)

    def guard(route):
        if route.request.url.startswith((allowed, "data:")):
            route.continue_()
        else:
            record.problems.append(f"external request: {route.request.url}")
            route.abort()

    def keep(response):
        if response.status >= 400:
            record.problems.append(f"HTTP {response.status}: {response.url}")
        elif not response.url.startswith("data:"):
            record.responses.append(response)

    page.route("**/*", guard)
    page.on("response", keep)
    page.on("requestfailed", lambda r: record.problems.append(f"request failed: {r.url}"))
    page.on("pageerror", lambda error: record.problems.append(f"script error: {error}"))
    page.on(
        "console",
        lambda m: m.type in ("error", "warning") and record.problems.append(f"console: {m.text}"),
    )
    page.goto(url)
    page.evaluate("() => document.fonts.ready.then(() => true)")
    return record


def main():
    """Make sure that there is a Chromium."""
    if not find():
        install()


if __name__ == "__main__":
    main()
