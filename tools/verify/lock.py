"""Resolve requirements.txt into requirements.lock and show what moved: first half of `make lock`.

Whatever requirements.txt does not pin moves to the newest version that fits it.
"""

import subprocess
import sys
from collections import defaultdict

from packaging.requirements import Requirement

from tools.shared.notebooks import ROOT
from tools.verify.report import table

OPTIONS = (
    "--quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header".split()
)


def versions(text):
    """Return {package: its versions} of a lock; a package has two where Pythons differ."""
    found = defaultdict(list)
    for line in text.splitlines():
        if line[:1].isalnum():
            requirement = Requirement(line.removesuffix("\\"))
            found[requirement.name].append(str(requirement.specifier).removeprefix("=="))
    return {name: ", ".join(each) for name, each in found.items()}


def moved(before, after):
    """Return rows (package, before, after) of what differs between two locks."""
    before, after = versions(before), versions(after)
    return [
        (name, before.get(name, "new"), after.get(name, "gone"))
        for name in sorted(before | after)
        if before.get(name) != after.get(name)
    ]


def resolve(root=ROOT):
    """Write root's requirements.lock anew; return the rows of what moved.

    Raises:
        SystemExit: If no set of versions fits; the lock is then as it was.
    """
    lock = root / "requirements.lock"
    before = lock.read_text(encoding="utf-8") if lock.exists() else ""
    command = ["-m", "uv", "pip", "compile", *OPTIONS, "requirements.txt", "-o", lock.name]
    result = subprocess.run([sys.executable, *command], cwd=root, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"requirements.lock is as it was. uv says: {result.stderr.strip()}")
    return moved(before, lock.read_text(encoding="utf-8"))


def main():
    """Resolve, and show what moved."""
    rows = resolve()
    if not rows:
        print("Nothing moved.")
        return
    print(table(("package", "before", "now"), rows))
    print("`git restore requirements.lock` takes this back. Now all is verified under it.")


if __name__ == "__main__":
    main()
