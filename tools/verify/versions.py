"""Compare the notebooks under several versions: `make matrix`, `make newest`, `make colab`.

`make matrix` takes each Python that the book supports, with the pinned packages, with Colab's, and
with the newest TensorFlow, Keras and NumPy; the other two take one of these sets and the Python of
.venv. Each makes throw-away environments under _build/versions/, runs nbval in them, and writes to
_build/versions/matrix.md, newest.md or colab.md which cells differ and by how much. What was
compared is stored in book/_data/verified.json, from which each page says when it was last
verified. Matplotlib stays pinned everywhere, because another one draws other figures.
"""

import argparse
import itertools
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tools.shared import verified
from tools.shared.notebooks import ROOT, find_all, week_of
from tools.verify.report import code, table, write

PYTHONS = ("3.11", "3.12", "3.13")

# As new as they can be together; so is all that only these ask for.
NEWEST = ("keras", "numpy", "scikit-image", "scikit-learn", "scipy", "tensorflow")
COLAB = ROOT / "tools" / "verify" / "colab.txt"
COLAB_PUBLISHES = "https://raw.githubusercontent.com/googlecolab/backend-info/main/pip-freeze.txt"

REMEDY = {
    "pinned": "The pages show other output than the pinned packages compute on this Python. Mend "
    "the code so that it runs the same on every Python that the book supports.",
    "newest": "Mend the code so that it runs under both versions, or state the result so that both "
    "agree; or leave the pins as they are and say beside them in `requirements.txt` why.",
    "colab": "A learner in Colab sees other output than the page shows. Mend the code so that both "
    "versions agree. `make colab FRESH=1` takes Colab's current versions into "
    "`tools/verify/colab.txt`.",
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


def interpreter(version):
    """Return the path of a Python such as "3.12", or None where this machine has none.

    uv knows the names on the PATH and its own; pyenv's it finds only while they are switched on.
    """
    if version == ".".join(map(str, sys.version_info[:2])):
        return sys.executable
    command = [sys.executable, "-m", "uv", "--quiet", "python", "find", version]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode == 0:
        return result.stdout.strip()
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    return next(map(str, pyenv.glob(f"versions/{version}.*/bin/python")), None)


def install(text, folder, base=sys.executable):
    """Make an environment that has these requirements.

    Args:
        text: The requirements, one a line.
        folder: Where to make it.
        base: The interpreter that it gets.

    Returns:
        (its Python, None), or (None, why there is none).
    """
    wanted, environment = folder / "requirements.txt", folder / "environment"
    wanted.parent.mkdir(parents=True, exist_ok=True)
    wanted.write_text(text, encoding="utf-8")
    python = environment / "bin" / "python"
    for command in (
        ["venv", "--clear", "--python", base, environment],
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
    options = "-q -p tools.verify.versions --nbval -n 2 --dist loadscope".split()
    command = [python, "-m", "pytest", *options, f"--junitxml={record}", *paths]
    record.unlink(missing_ok=True)
    subprocess.run(command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)})
    cells = []
    for case in ElementTree.parse(record).iter("testcase") if record.exists() else ():
        cell = {each.get("name"): each.get("value") for each in case.iter("property")}
        if cell:
            cells.append({"file": case.get("classname").removeprefix("notebooks."), **cell})
    return cells


def moved(expected, got):
    """Return by how much two lines differ that differ only in their numbers, or "".

    Returns:
        The largest difference between two numbers at the same place, relative to the larger one.
    """
    number = r"[-−]?\d[\d,]*\.?\d*(?:e[-+]?\d+)?"
    if re.sub(number, "#", expected) != re.sub(number, "#", got):
        return ""
    pairs = zip(re.findall(number, expected), re.findall(number, got), strict=True)
    plain = str.maketrans("−", "-", ",")
    pairs = [tuple(float(each.translate(plain)) for each in pair) for pair in pairs]
    changes = [abs(a - b) / max(abs(a), abs(b)) for a, b in pairs if a != b]
    return f"{max(changes):.2g}" if changes else ""


def version_of(packages, name):
    """Return a package's version; TensorFlow's build for CPUs has another name."""
    return packages.get(name) or packages.get(f"{name}-cpu", "")


def describe(name, python, released, here, cells):
    """Return the report of one set of packages on one Python.

    Args:
        name: "pinned", "newest" or "colab".
        python: The interpreter's version.
        released: The packages that left their pins.
        here: {package: version} of the environment.
        cells: What `compare` returned.
    """
    pinned = installed(sys.executable)
    differing = [cell for cell in cells if "got" in cell]
    compared, different = (Counter(cell["file"] for cell in part) for part in (cells, differing))
    parts = [
        f"Python {python}, {name} packages: {len(cells)} cells compared, {len(differing)} differ.\n"
    ]
    if released:
        rows = [(each, version_of(pinned, each), version_of(here, each)) for each in released]
        parts.append(table(("package", "pinned", "here"), rows))
    parts += [
        f"Matplotlib is the pinned {here['matplotlib']}, "
        "because another version draws other figures.\n",
        table(
            ("notebook", "cells compared", "differing"),
            [(file, str(count), str(different[file])) for file, count in compared.items()],
        ),
    ]
    if differing:
        columns = ("file", "cell", "expected", "got", "by")
        rows = [
            (
                c["file"],
                c["cell"],
                code(c["expected"]),
                code(c["got"]),
                moved(c["expected"], c["got"]),
            )
            for c in differing
        ]
        parts += [table(columns, rows), REMEDY[name] + "\n"]
    return "\n".join(parts)


def remember(name, python, here, cells, paths, stored=verified.STORED):
    """Store what was compared, beside what was compared under other versions.

    Results for another state of a notebook are dropped.

    Args:
        name: "pinned", "newest" or "colab".
        python: The interpreter's version.
        here: {package: version} of the environment.
        cells: What `compare` returned.
        paths: The notebooks.
        stored: The file.
    """
    weeks = verified.load(stored)
    for path in paths:
        own = [cell for cell in cells if cell["file"] == path.name]
        if not own:
            continue
        differing = [
            {key: cell[key] for key in ("cell", "expected", "got")}
            | {"by": moved(cell["expected"], cell["got"])}
            for cell in own
            if "got" in cell
        ]
        run = {"set": name, "python": python}
        run |= {each: version_of(here, each) for each in ("tensorflow", "keras", "numpy")}
        run |= {"date": datetime.now(UTC).date().isoformat()}
        run |= {"compared": len(own), "differing": differing}
        entry = weeks.get(week_of(path), {})
        digest = verified.digest(path)
        kept = [
            other
            for other in (entry["runs"] if entry.get("digest") == digest else [])
            if (other["set"], minor(other["python"])) != (name, minor(python))
        ]
        runs = sorted([*kept, run], key=lambda run: (run["set"], run["python"]))
        weeks[week_of(path)] = {"digest": digest, "runs": runs}
    stored.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(dict(sorted(weeks.items())), indent=1, ensure_ascii=False)
    stored.write_text(text + "\n", encoding="utf-8")


def minor(version):
    """Return "3.13" of "3.13.0"."""
    return version.rpartition(".")[0]


def wanted(name):
    """Return the requirements of a set, and the packages that leave their pins in it."""
    if name == "pinned":
        return (ROOT / "requirements.lock").read_text(encoding="utf-8"), {}
    released = dict.fromkeys(NEWEST, "")
    if name == "colab":
        released = {name: f"=={version}" for name, version in parse_pins(COLAB.read_text()).items()}
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    return requirements(pinned, released), released


def verify(name, version, paths):
    """Compare notebooks under one set of packages on one Python, and store the result.

    Returns:
        The report, and whether all cells agree.
    """
    title = f"Python {version}, {name} packages"
    base = interpreter(version)
    if base is None:
        return f"{title}: this machine has no Python {version}.\n", False
    text, released = wanted(name)
    folder = ROOT / "_build" / "versions" / f"{name}-{version}"
    python, problem = install(text, folder, base)
    if problem:
        return f"{title} cannot be installed together:\n\n```\n{problem}```\n", False
    command = [python, "-c", "import platform; print(platform.python_version())"]
    full = subprocess.run(command, capture_output=True, text=True).stdout.strip()
    cells, here = compare(python, paths, folder / "record.xml"), installed(python)
    remember(name, full, here, cells, paths)
    agree = bool(cells) and not any("got" in cell for cell in cells)
    return describe(name, full, released, here, cells), agree


def main():
    """Compare the weeks named on the command line; the exit status tells whether all agree."""
    parser = argparse.ArgumentParser(prog="versions", description=__doc__.partition("\n")[0])
    parser.add_argument("name", choices=["newest", "colab", "matrix"])
    parser.add_argument("weeks", nargs="*", help="such as c4w1; all when none is named")
    parser.add_argument("--fresh", action="store_true", help="ask Colab for its versions first")
    arguments = parser.parse_args()
    if arguments.fresh:
        COLAB.write_text(refresh_pins(COLAB.read_text(), fetch(COLAB_PUBLISHES)))
    combinations = [(arguments.name, ".".join(map(str, sys.version_info[:2])))]
    if arguments.name == "matrix":
        combinations = list(itertools.product(("pinned", "colab", "newest"), PYTHONS))
    chosen = find_all(arguments.weeks)
    reports, agree = zip(*(verify(*each, chosen) for each in combinations), strict=True)
    write(ROOT / "_build" / "versions" / f"{arguments.name}.md", "\n".join(reports))
    sys.exit(not all(agree))


if __name__ == "__main__":
    main()
