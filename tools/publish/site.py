"""Build the site and its zipped copy: `make book` does it.

Of several calls one builds, and the others wait. What an interrupted or a failed build left is
removed: a second build would take it for its own, without the search index and without warnings.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from tools.publish.archive import OFFLINE_COPY, release_time, zip_site
from tools.shared.notebooks import ROOT

COMMAND = ("jupyter-book", "build", ".", "-W", "-n", "--keep-going", "-q")


def build(root=ROOT, command=COMMAND):
    """Run the build; what it prints stands in _build/log.

    Args:
        root: The book's folder.
        command: A program of the environment, and its arguments.

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
        zip_site(site, site / OFFLINE_COPY, release_time(root))
        unfinished.unlink()


if __name__ == "__main__":
    build()
