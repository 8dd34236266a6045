"""Build the site and its zipped copy: `make book` does it.

Of several calls one builds, and the others wait. What an interrupted or a failed build left is
removed: a second build would take it for its own, without the search index and without warnings.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from filelock import FileLock

from tools.publish.archive import OFFLINE_COPY, release_time, zip_site
from tools.publish.release import build_package
from tools.shared.notebooks import ROOT

COMMAND = ("jupyter-book", "build", ".", "-W", "-n", "--keep-going", "-q")


def add_wheel(site, root):
    """Put the wheel of `dsl_utils` into the site, for notebooks that were downloaded from it."""
    sources = [root / "pyproject.toml", *(root / "dsl_utils").glob("*.*")]
    newest = max(path.stat().st_mtime for path in sources)
    if any(wheel.stat().st_mtime >= newest for wheel in site.glob("*.whl")):
        return
    for old in site.glob("*.whl"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        wheel, _ = build_package(Path(folder), root, release_time(root))
        shutil.copy(wheel, site)


def build(root=ROOT, command=COMMAND, add=add_wheel):
    """Run the build; what it prints stands in _build/log.

    Args:
        root: The book's folder.
        command: A program of the environment, and its arguments.
        add: Called with the site and the book's folder before the site is zipped.

    Raises:
        SystemExit: If the build fails, with what it printed.
    """
    folder = root / "_build"
    unfinished = folder / "unfinished"
    program, *arguments = command
    with FileLock(root / ".venv.build.lock"):
        if unfinished.exists():
            shutil.rmtree(folder)
        folder.mkdir(exist_ok=True)
        unfinished.touch()
        result = subprocess.run(
            [Path(sys.executable).parent / program, *arguments],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        (folder / "log").write_bytes(result.stdout)
        if result.returncode:
            shutil.rmtree(folder)
            sys.exit(result.stdout.decode(errors="replace"))
        site = folder / "html"
        add(site, root)
        zip_site(site, site / OFFLINE_COPY, release_time(root))
        unfinished.unlink()


if __name__ == "__main__":
    build()
