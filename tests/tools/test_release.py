"""Two builds of a release are the same, hold what they should, and fit into Colab."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import version

import pytest

from tools.publish import release
from tools.shared.notebooks import ROOT
from tools.verify import versions
from tools.write import configure

pytestmark = pytest.mark.xdist_group(__name__)  # its fixtures are dear


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A checkout of what a package is made of, with one commit."""
    root = tmp_path_factory.mktemp("checkout")
    for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff"):
        shutil.copy(ROOT / name, root)
    shutil.copytree(ROOT / "dsl_utils", root / "dsl_utils")
    (root / "book").mkdir()
    shutil.copy(ROOT / "book" / "how_to_use.md", root / "book")
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
        "archives.py",
        "cats.py",
        "checks.py",
        "data.py",
        "downloads.py",
        "drawings.py",
        "files.toml",
        "people.py",
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


@pytest.fixture
def in_colab(builds, tmp_path):
    """Return a function that asks pip what installing the wheel in Colab would install."""
    (wheel, _), colab = builds[0], tmp_path / "colab"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", colab], check=True)
    (packages,) = colab.glob("lib/python*/site-packages")

    def add(name, number):
        record = packages / f"{name.replace('-', '_')}-{number}.dist-info"
        record.mkdir()
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {number}\n"
        (record / "METADATA").write_text(text)

    def ask(**others):
        # Whatever their versions, Colab has always had these; the setup cell adds some.
        cell = shlex.split(configure.INSTALL.removeprefix("%pip install"))
        names = ["filelock", "matplotlib", "nltk", "requests"]
        names += [word for word in cell if re.fullmatch(r"\w[\w-]+", word)]
        has = {name: version(name) for name in names}
        has |= versions.parse_pins(versions.COLAB.read_text(encoding="utf-8")) | others
        for name, number in has.items():
            if number:
                add(name, number)
        options = ["--dry-run", "--quiet", "--no-index", "--report", "-"]
        command = [sys.executable, "-m", "pip", "--python", colab / "bin" / "python", "install"]
        result = subprocess.run([*command, *options, wheel], capture_output=True, text=True)
        if result.returncode:
            return result.stderr
        return [one["metadata"]["name"] for one in json.loads(result.stdout)["install"]]

    return ask


def test_in_colab_nothing_is_missing_and_nothing_replaced(in_colab):
    assert in_colab() == ["dsl-utils"]


@pytest.mark.parametrize(
    "others", [{"numpy": "1.26.4"}, {"keras": "3.12.0"}, {"koreanize-matplotlib": None}]
)
def test_what_does_not_fit_into_colab_is_refused(in_colab, others):
    (name,) = others
    assert f"No matching distribution found for {name}" in in_colab(**others)
