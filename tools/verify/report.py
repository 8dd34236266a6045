"""Open one issue with a table, or update it: `make report FILE=_build/links.md TITLE="Links"`.

The issue is found by its exact title among the open ones. Nothing is ever closed: whoever mends
what the table shows closes the issue, and the next finding opens another.
"""

import argparse
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

LONGEST_BODY = 65_000  # GitHub takes 65,536 characters


def table(header, rows):
    """Return rows of text as a Markdown table."""
    rows = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in [header, ["---"] * len(header), *rows])


def code(text):
    """Return text as one short line of code, so that Markdown shows it as it is."""
    line = textwrap.shorten(text.replace("`", "'"), 160)
    return f"`{line}`" if line else ""


def write(path, text):
    """Write a report, show it, and say where it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f"{text}\nThis table: {os.path.relpath(path)}")


def body(path, environment):
    """Return the issue's text: the report, or that there is none, and a link to the log."""
    text = f"The check stopped before it could write {path}; its log says why.\n"
    if path.exists():
        text = path.read_text(encoding="utf-8")[:LONGEST_BODY]
    if "GITHUB_RUN_ID" in environment:
        run = "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}"
        text += f"\n[The log]({run.format_map(environment)})\n"
    return text


def gh(*arguments, text=None):
    """Return what GitHub's command-line client prints.

    Raises:
        SystemExit: If it is missing or fails, with its own words.
    """
    try:
        result = subprocess.run(["gh", *arguments], input=text, capture_output=True, text=True)
    except FileNotFoundError:
        sys.exit("The command `gh` is missing: install GitHub's command-line client.")
    if result.returncode:
        sys.exit(f"`gh {' '.join(arguments)}` failed: {result.stderr.strip()}")
    return result.stdout


def report(path, title, environment=os.environ):
    """Put a report into the open issue of this title, or into a new one; return its address."""
    fields = ("--json", "number,title,url")
    issues = json.loads(gh("issue", "list", "--state", "open", "--limit", "1000", *fields))
    text = body(path, environment)
    for issue in issues:
        if issue["title"] == title:
            gh("issue", "edit", str(issue["number"]), "--body-file", "-", text=text)
            return issue["url"]
    return gh("issue", "create", "--title", title, "--body-file", "-", text=text).strip()


def main():
    """Report the file named on the command line."""
    parser = argparse.ArgumentParser(prog="report", description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, help="Markdown, such as _build/links.md")
    parser.add_argument("title", help="of the issue")
    arguments = parser.parse_args()
    if not (arguments.file.name and arguments.title):
        parser.error('name both: make report FILE=_build/links.md TITLE="Broken links"')
    print(report(arguments.file, arguments.title))


if __name__ == "__main__":
    main()
