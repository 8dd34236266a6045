"""Build what a release consists of: `make release`.

Writes into `dist/` a wheel and a source archive of `dsl_utils`, the built site as a zip file that
is read without a server, and `SHA256SUMS`. Two builds of one commit give the same bytes: every
file inside gets the commit's time, and names are sorted.
"""

import gzip
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib

import yaml

from tools.publish.archive import SITE, zip_site
from tools.shared.notebooks import ROOT


def version(root=ROOT):
    """Return the version, which five files must agree on.

    Raises:
        SystemExit: If they do not.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    package = (root / "dsl_utils" / "__init__.py").read_text(encoding="utf-8")
    changes = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    usage = (root / "book" / "how_to_use.md").read_text(encoding="utf-8")
    found = {
        "pyproject.toml": project["version"],
        "book/how_to_use.md": re.search(r"dsl_utils-(.*?)-py3", usage)[1],
        "dsl_utils/__init__.py": re.search(r'__version__ = "(.*)"', package)[1],
        "CITATION.cff": yaml.safe_load(citation)["version"],
        "CHANGELOG.md": (re.search(r"^## (\S+)", changes, re.MULTILINE) or [None, None])[1],
    }
    if len(set(found.values())) > 1:
        sys.exit(f"The version differs: {found}. Write the same one in all of them.")
    return project["version"]


def commit_time(root=ROOT):
    """Return the time of the last commit in seconds since 1970."""
    show = ["git", "log", "-1", "--format=%ct"]
    return int(subprocess.run(show, cwd=root, capture_output=True, check=True).stdout)


def build_package(target, root=ROOT, moment=None):
    """Build the wheel and the source archive of `dsl_utils` into a folder.

    Args:
        target: The folder.
        root: The book's folder.
        moment: Time of every file inside, in seconds since 1970; by default that of the last commit
            of this checkout.

    Returns:
        The two files.
    """
    moment = commit_time(root) if moment is None else moment
    source = target / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, source)
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(root / "dsl_utils", source / "dsl_utils", ignore=skip)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "uv",
            "build",
            "--quiet",
            "--no-build-isolation",
            "--out-dir",
            target,
        ]
        + ["--python", sys.executable, source],
        env={**os.environ, "SOURCE_DATE_EPOCH": str(moment)},
        check=True,
    )
    shutil.rmtree(source)
    (target / ".gitignore").unlink(missing_ok=True)
    (archive,) = target.glob("*.tar.gz")
    archive.write_bytes(steady_tar(archive.read_bytes(), moment))
    (wheel,) = target.glob("*.whl")
    return wheel, archive


def steady_tar(content, moment):
    """Return a gzipped tar archive's bytes with times, owners and order that do not vary."""
    packed, plain = io.BytesIO(), io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as old,
        tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as new,
    ):
        for member in sorted(old.getmembers(), key=lambda one: one.name):
            steady = tarfile.TarInfo(member.name)
            steady.type, steady.size, steady.mtime = member.type, member.size, moment
            steady.mode = 0o755 if member.isdir() else 0o644
            new.addfile(steady, old.extractfile(member))
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", mtime=moment) as file:
        file.write(plain.getvalue())
    return packed.getvalue()


def main():
    """Build a release into an empty `dist/`."""
    number, target = version(), ROOT / "dist"
    if subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True).stdout:
        sys.exit("There are changes that are not committed: commit them, then release.")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    build_package(target)
    zip_site(SITE, target / f"deep-learning-verified-{number}.zip", commit_time())
    files = sorted(target.iterdir())
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in files]
    (target / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")
    print("\n".join(sums))
    print(f"dist/ holds release {number}. Tag the commit: git tag v{number}")


if __name__ == "__main__":
    main()
