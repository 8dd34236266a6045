"""Measure what a reader and CI wait for, and print it as one Markdown table: `make bench`."""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from urllib.parse import urlsplit

from tools.shared import browser
from tools.shared.measurements import TIMES, conditions, store
from tools.shared.notebooks import ROOT, find_all, read, run, week_of

SITE = ROOT / "_build" / "html"
PAGES = ("index.html", "book/*.html", "notebooks/*.html")
EXERCISES = "notebooks/c4w1_convolutional_foundations.html"
TIMED_IMPORT = (
    "import time; start = time.perf_counter(); import dsl_utils;print(time.perf_counter() - start)"
)


def cpu_seconds():
    """Return the CPU seconds that finished child processes have used."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def time_notebook(path):
    """Run a notebook in a clean kernel; return its seconds and the CPU seconds it used."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    run(read(path), path.name)
    wall, cpu = time.perf_counter() - wall, cpu_seconds() - cpu
    return {"wall": round(wall, 1), "cpu": round(cpu, 1)}


def measure_notebooks():
    """Yield a row for each notebook, and store the times for the page of evidence."""
    seconds = {}
    for path in find_all():
        times = seconds[week_of(path)] = time_notebook(path)
        yield f"notebook {week_of(path)}", "{wall} s, {cpu} CPU s".format(**times)
    store(TIMES, {**conditions(), "seconds": seconds})


def measure_build():
    """Yield a row for a build of the whole site from nothing."""
    shutil.rmtree(ROOT / "_build", ignore_errors=True)
    start = time.perf_counter()
    subprocess.run(["make", "--no-print-directory", "site"], cwd=ROOT, check=True)
    yield "full build", f"{time.perf_counter() - start:.1f} s"


def measure_pages():
    """Yield a row for each page: what a browser loads for it, and its first content."""
    with browser.serve(SITE) as address, browser.launch() as chromium:
        for page in sorted(page for name in PAGES for page in SITE.glob(name)):
            name = page.relative_to(SITE).as_posix()
            visit = browser.visit(chromium, address + name, address)
            shown = visit.page.evaluate("[...document.images].map(image => image.src)")
            images = sum(size_on_disk(url) for url in set(shown) if url.startswith(address))
            raw = sum(size_on_disk(url) for url in visit.weights if url not in shown)
            yield (
                f"page {name}",
                f"{visit.weight / 1000:.0f} kB gzip ({raw / 1000:.0f} kB raw) and "
                f"{images / 1000:.0f} kB images; first content {visit.first_paint:.0f} ms",
            )
            visit.page.close()


def measure_python():
    """Yield a row for the first check of an exercise: what it loads, and until it has answered."""
    with browser.serve(SITE) as address, browser.launch() as chromium:
        visit = browser.visit(chromium, f"{address}{EXERCISES}", address)
        visit.page.wait_for_load_state("networkidle")
        before, start = set(visit.weights), time.perf_counter()
        visit.page.locator(".try").get_by_role("button", name="Check").first.click()
        visit.page.locator(".try .said .check").first.wait_for(timeout=120_000)
        seconds = time.perf_counter() - start
        del visit.weights  # weigh again
        weight = sum(size for url, size in visit.weights.items() if url not in before)
        yield "Pyodide ready", f"{seconds:.1f} s, {weight / 1e6:.1f} MB gzip"


def size_on_disk(url):
    """Return the bytes of the file behind a served address."""
    return (SITE / urlsplit(url).path.lstrip("/")).stat().st_size


def measure_import():
    """Yield a row for the import of the helper package in a new process."""
    times = [
        float(subprocess.run([sys.executable, "-c", TIMED_IMPORT], capture_output=True).stdout)
        for _ in range(5)
    ]
    yield "import dsl_utils", f"{1000 * statistics.median(times):.1f} ms (median of 5)"


MEASURES = (measure_import, measure_notebooks, measure_build, measure_pages, measure_python)


def main():
    """Print the table, each row as soon as it is measured."""
    print(f"| {os.cpu_count()} cores, Python {sys.version.split()[0]} | |\n| --- | --- |")
    for measure in MEASURES:
        for row in measure():
            print("| {} | {} |".format(*row), flush=True)


if __name__ == "__main__":
    main()
