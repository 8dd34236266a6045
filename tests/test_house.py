"""The house: imports run one way, and no room or file grows too large."""

import ast
from pathlib import Path

import pytest

from tools.shared.notebooks import ROOT

# What each room may import of the others. `dsl_utils` imports nothing of the book, and tests
# everything; nothing imports tests but pytest's own conftest.py.
ROOMS = {
    "dsl_utils": set(),
    "tools/shared": {"dsl_utils"},
    "tools/publish": {"dsl_utils", "tools/shared"},
    "tools/verify": {"dsl_utils", "tools/shared", "tools/publish"},
    "tools/write": {"dsl_utils", "tools/shared"},
    "book/_ext": {"dsl_utils", "tools/shared"},
}


def imported(path):
    """Return the rooms of this repository that a module imports."""
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in filter(None, names):
            first, *rest = name.split(".")
            if first in ("dsl_utils", "tests", "notebooks"):
                rooms.add(first)
            elif first in ("tools", "book"):
                rooms.add("/".join([first, *rest[:1]]))
    return rooms


def wrong_way(root=ROOT):
    """Return a line for each import that runs against the arrows."""
    return [
        f"{path.relative_to(root)} imports {room}: {folder} may import "
        f"{', '.join(sorted(allowed)) or 'nothing of the book'}"
        for folder, allowed in ROOMS.items()
        for path in sorted((root / folder).glob("*.py"))
        for room in sorted(imported(path) - allowed - {folder})
    ]


def test_imports_run_one_way():
    assert wrong_way() == []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("tools/shared/cells.py", "from tools.write import new"),
        ("tools/verify/bench.py", "import book._ext.evidence"),
        ("book/_ext/evidence.py", "from tests.faults_runner import FaultRunner"),
        ("dsl_utils/checks.py", "from tools.shared.notebooks import ROOT"),
    ],
)
def test_an_import_against_the_arrows_is_told(tmp_path, file, line):
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(f"{line}\n")
    (told,) = wrong_way(tmp_path)
    assert told.startswith(f"{file} imports ")


def test_every_module_stands_in_a_room():
    listed = {ROOT / folder for folder in ROOMS}
    found = [*(ROOT / "tools").rglob("*.py"), *(ROOT / "book").rglob("*.py")]
    outside = {path.parent for path in found if "_static" not in path.parts} - listed
    assert outside == {ROOT / "tools", ROOT / "tools" / "shared" / "offline"}


def test_a_room_has_a_dozen_files_at_most():
    crowded = {
        folder: len(files)
        for folder in map(Path, ROOMS)
        if len(files := list((ROOT / folder).glob("*.py"))) > 13
    }
    assert crowded == {}


def test_no_module_is_longer_than_one_reads_at_a_sitting():
    folders = [*ROOMS, "tests"]
    modules = {path for folder in folders for path in (ROOT / folder).rglob("*.py")}
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert {path.name: length for path, length in lengths.items() if length > 400} == {}
