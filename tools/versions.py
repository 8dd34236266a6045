"""Compare the notebooks under other versions than the pinned ones: `make newest`, `make colab`.

Each makes a throw-away environment under _build/versions/, with the Python of .venv, runs nbval in
it, and writes to _build/versions/newest.md or colab.md which cells differ. Matplotlib stays pinned
in both, because another one draws other figures.
"""

import argparse
import itertools
import os
import platform
import subprocess
import sys
import urllib.request
from collections import Counter
from xml.etree import ElementTree

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tools.notebooks import ROOT, find
from tools.report import code, table, write

# As new as they can be together; so is all that only these ask for.
NEWEST = ("keras", "numpy", "scikit-image", "scikit-learn", "scipy", "tensorflow")
COLAB = ROOT / "tools" / "colab.txt"
COLAB_PUBLISHES = "https://raw.githubusercontent.com/googlecolab/backend-info/main/pip-freeze.txt"

REMEDY = {
    "newest": "Mend the code so that it runs under both versions, or state the result so that both "
    "agree; or leave the pins as they are and say beside them in `requirements.txt` why.",
    "colab": "A learner in Colab sees other output than the page shows. Mend the code so that both "
    "versions agree. `make colab FRESH=1` takes Colab's current versions into `tools/colab.txt`.",
}


def pytest_runtest_makereport(item, call):
    """Note for the report which cell was compared, and its first line that differs.

    The throw-away environment loads this file as a plugin of pytest.
    """
    if call.when != "call":
        return
    item.user_properties.append(("cell", item.cell.id))
    if call.excinfo:
        outputs = item.cell.outputs, item.test_outputs or ()
        expected, got = first_difference(*(item.sanitize(text_of(each)) for each in outputs))
        if expected == got:  # in a figure, say: nbval's words, or ours, tell
            got = str(call.excinfo.value)
        item.user_properties += [("expected", expected), ("got", got)]


def text_of(outputs):
    """Return what a cell's outputs show as text, without the tracebacks."""
    texts = []
    for output in outputs:
        if output.output_type == "error":
            texts.append(f"{output.ename}: {output.evalue}")
        else:
            texts.append(output.get("text") or output.get("data", {}).get("text/plain", ""))
    return "\n".join(text.rstrip("\n") for text in texts)


def first_difference(expected, got):
    """Return the first two lines that differ, or two empty ones."""
    pairs = itertools.zip_longest(expected.splitlines(), got.splitlines(), fillvalue="")
    return next((pair for pair in pairs if pair[0] != pair[1]), ("", ""))


def parse_pins(text):
    """Return {name: version} of lines such as `keras==3.13.2`; other lines do not count."""
    pins = [line.split()[0].partition("==") for line in text.splitlines() if "==" in line]
    return {canonicalize_name(name): version for name, _, version in pins}


def fetch(url):
    """Return a text file from the network, or exit with the reason."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.read().decode()
    except OSError as error:
        sys.exit(f"{url} is out of reach: {error}. Without FRESH=1 it is not asked for.")


def refresh_pins(text, published):
    """Return Colab's pins with the versions that Colab publishes.

    Raises:
        SystemExit: If Colab no longer has one of the packages.
    """
    current = parse_pins(published)
    for name, version in parse_pins(text).items():
        if name not in current:
            sys.exit(f"Colab publishes no version of {name}: remove it from {COLAB.name}.")
        text = text.replace(f"{name}=={version}\n", f"{name}=={current[name]}\n")
    return text


def requirements(text, released):
    """Return requirements with other versions of some packages.

    Args:
        text: Pinned requirements, one a line.
        released: A specifier for each package that leaves its pin: "==3.13.2", or "" for any.
    """
    lines, missing = [], dict(released)
    for line in text.splitlines():
        if pinned := line.partition("#")[0].strip():
            requirement = Requirement(pinned)
            name = requirement.name.removesuffix("-cpu")  # a build of TensorFlow, not another one
            if name in released:
                missing.pop(name, None)
                requirement.specifier = SpecifierSet(released[name])
            lines.append(str(requirement))
    return "\n".join([*lines, *(name + version for name, version in missing.items())]) + "\n"


def install(text, folder):
    """Make an environment that has these requirements; return its Python, or why there is none."""
    wanted, environment = folder / "requirements.txt", folder / "environment"
    wanted.parent.mkdir(parents=True, exist_ok=True)
    wanted.write_text(text, encoding="utf-8")
    python = environment / "bin" / "python"
    for command in (
        ["venv", "--clear", "--python", sys.executable, environment],
        ["pip", "install", "--python", python, "--requirements", wanted],
    ):
        command = [sys.executable, "-m", "uv", "--quiet", *command]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode:
            return None, result.stderr
    return python, None


def installed(python):
    """Return {name: version} of an environment's packages."""
    command = [sys.executable, "-m", "uv", "--quiet", "pip", "freeze", "--python", python]
    return parse_pins(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def compare(python, paths, record, root=ROOT):
    """Run nbval on notebooks in an environment.

    Args:
        python: The environment's interpreter.
        paths: The notebooks.
        record: Where pytest writes its record.
        root: The book's folder.

    Returns:
        A dict a compared cell: file, cell, and expected and got where they differ.
    """
    options = "-q -p tools.versions --nbval -n 2 --dist loadscope".split()
    command = [python, "-m", "pytest", *options, f"--junitxml={record}", *paths]
    record.unlink(missing_ok=True)
    subprocess.run(command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)})
    cells = []
    for case in ElementTree.parse(record).iter("testcase") if record.exists() else ():
        cell = {each.get("name"): each.get("value") for each in case.iter("property")}
        if cell:
            cells.append({"file": case.get("classname").removeprefix("notebooks."), **cell})
    return cells


def describe(name, released, here, cells):
    """Return the report.

    Args:
        name: "newest" or "colab".
        released: The packages that left their pins.
        here: {package: version} of the environment.
        cells: What `compare` returned.
    """
    pinned = installed(sys.executable)

    def version(packages, package):
        return packages.get(package) or packages.get(f"{package}-cpu", "")  # TensorFlow's build

    differing = [cell for cell in cells if "got" in cell]
    compared, different = (Counter(cell["file"] for cell in part) for part in (cells, differing))
    parts = [
        f"{len(cells)} cells compared, {len(differing)} differ.\n",
        table(
            ("package", "pinned", "here"),
            [(each, version(pinned, each), version(here, each)) for each in released],
        ),
        f"Python {platform.python_version()}. Matplotlib is the pinned {here['matplotlib']}, "
        "because another version draws other figures.\n",
        table(
            ("notebook", "cells compared", "differing"),
            [(file, str(count), str(different[file])) for file, count in compared.items()],
        ),
    ]
    if differing:
        columns = ("file", "cell", "expected", "got")
        rows = [(c["file"], c["cell"], code(c["expected"]), code(c["got"])) for c in differing]
        parts += [table(columns, rows), REMEDY[name] + "\n"]
    return "\n".join(parts)


def main():
    """Compare the weeks named on the command line; the exit status tells whether all agree."""
    parser = argparse.ArgumentParser(prog="versions", description=__doc__.partition("\n")[0])
    parser.add_argument("name", choices=REMEDY)
    parser.add_argument("weeks", nargs="*", help="such as c4w1; all when none is named")
    parser.add_argument("--fresh", action="store_true", help="ask Colab for its versions first")
    arguments = parser.parse_args()
    if arguments.fresh:
        COLAB.write_text(refresh_pins(COLAB.read_text(), fetch(COLAB_PUBLISHES)))

    released = dict.fromkeys(NEWEST, "")
    if arguments.name == "colab":
        released = {name: f"=={version}" for name, version in parse_pins(COLAB.read_text()).items()}
    folder = ROOT / "_build" / "versions" / arguments.name
    report = folder.with_suffix(".md")
    wanted = requirements((ROOT / "requirements.txt").read_text(encoding="utf-8"), released)
    python, problem = install(wanted, folder)
    if problem:
        write(report, f"These versions cannot be installed together:\n\n```\n{problem}```\n")
        sys.exit(1)
    cells = compare(python, find(arguments.weeks), folder / "record.xml")
    write(report, describe(arguments.name, released, installed(python), cells))
    sys.exit(not cells or any("got" in cell for cell in cells))


if __name__ == "__main__":
    main()
