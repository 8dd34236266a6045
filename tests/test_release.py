"""Two builds of a release are the same, and hold what they should."""

import shutil
import subprocess
import tarfile
import zipfile

import pytest

from tools import release
from tools.notebooks import ROOT

pytestmark = pytest.mark.xdist_group(__name__)  # its fixtures are dear


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A checkout of what a package is made of, with one commit."""
    root = tmp_path_factory.mktemp("checkout")
    for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff"):
        shutil.copy(ROOT / name, root)
    shutil.copytree(ROOT / "dsl_utils", root / "dsl_utils")
    git = ["git", "-C", root, "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "a"]):
        subprocess.run([*git, *command], check=True)
    return root


@pytest.fixture(scope="module")
def builds(checkout, tmp_path_factory):
    """The files of two builds, the second from touched sources."""
    files = []
    for _ in range(2):
        files.append(release.build_package(tmp_path_factory.mktemp("dist"), checkout))
        for path in checkout.rglob("*.py"):
            path.touch()
    return files


def test_two_builds_have_the_same_bytes(builds):
    for first, second in zip(*builds, strict=True):
        assert first.name == second.name
        assert first.read_bytes() == second.read_bytes()


def test_the_wheel_holds_the_helpers_and_nothing_else(builds):
    wheel, source = builds[0]
    names = zipfile.ZipFile(wheel).namelist()
    modules = (
        "__init__.py",
        "checks.py",
        "data.py",
        "downloads.py",
        "places.txt",
        "plots.py",
        "runtime.py",
    )
    helpers = {f"dsl_utils/{name}" for name in modules}
    assert {name for name in names if ".dist-info/" not in name} == helpers
    with tarfile.open(source) as archive:
        assert {name.partition("/")[2] for name in archive.getnames()} > helpers


@pytest.mark.parametrize(
    ("name", "text"),
    [("CHANGELOG.md", "# Changes\n\n## 9.9.9\n"), ("CITATION.cff", "version: 9.9.9\n")],
)
def test_versions_that_differ_are_refused(checkout, tmp_path, name, text):
    assert release.version() == release.version(checkout)
    root = tmp_path / "book"
    shutil.copytree(checkout, root)
    (root / name).write_text(text)
    with pytest.raises(SystemExit, match=f"version differs.*'{name}': '9.9.9'"):
        release.version(root)
