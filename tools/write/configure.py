"""Give this copy of the book its address: `python tools/write/configure.py owner/name [branch]`.

_config.yml holds the address; all that repeats it is rewritten from here: the setup cell of each
notebook, the README's link, the project's URL and the citation. A second call with the same words
changes nothing. Without a name the address stays as it is, and each notebook gets the setup cell
anew.
"""

import json
import re
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
COLAB = "https://colab.research.google.com"
# Colab shows the first line as a form. "automatic" leaves the choice to runtime.start. A wheel
# beside the notebook serves where the repository is out of reach, or there is none.
SETUP = """\
profile = "automatic"  # @param ["automatic", "offline", "full"]
from glob import glob
from importlib.util import find_spec

if not find_spec("dsl_utils"):
    package = max(glob("dsl_utils-*.whl"), default={default})
    {install}
from dsl_utils import runtime

profile = runtime.start(seed=1, profile=profile)"""
# Colab has all that dsl_utils needs but the typeface; without dependencies nothing is replaced.
INSTALL = '%pip install -q --no-deps koreanize-matplotlib "{package}"'
HOW = "Put dsl_utils' wheel (see the book's How to use) beside this notebook."
NO_WHEEL = f'''if not package:
        raise SystemExit("{HOW}")
    '''

# Stricter than GitHub and Git are, so that no name needs quoting in YAML, a URL or a shell.
REPOSITORY = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/(?!.*\.git$)[A-Za-z0-9_][A-Za-z0-9._-]{0,99}"
)
BRANCH = re.compile(r"(?!.*//)[A-Za-z0-9][A-Za-z0-9._/-]*(?<![./])")


def setup_cell(repository=None, branch="main"):
    """Return the source of the setup cell, the same in every notebook.

    Args:
        repository: "owner/name" on GitHub, or None while the book has no address.
        branch: The branch, tag or commit to install from.

    Returns:
        Code that chooses the profile; where the helper package is missing, installs it from a wheel
        beside the notebook, or else from the address, or says what to do; and starts the runtime.
    """
    if repository:
        default = f'"git+https://github.com/{repository}@{branch}"'
        return SETUP.format(default=default, install=INSTALL)
    return SETUP.format(default="None", install=NO_WHEEL + INSTALL)


def address(root=ROOT):
    """Return (repository, branch) as _config.yml has them; repository is None until configured."""
    entry = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["repository"]
    return entry["url"].removeprefix("https://github.com/") or None, entry["branch"]


def check_names(repository, branch):
    """Refuse what cannot be a GitHub repository or a branch.

    Raises:
        SystemExit: With one sentence on what is wrong and what would be right.
    """
    if not REPOSITORY.fullmatch(repository):
        sys.exit(f"{repository!r} is not a repository: give owner/name, as in REPOSITORY=ada/book.")
    if not BRANCH.fullmatch(branch):
        sys.exit(f"{branch!r} is not a branch name: give for example BRANCH=main.")


def replace_once(text, pattern, replacement, where):
    """Replace the single match of `pattern` in `text`, or say which file lacks it."""
    new_text, count = re.subn(pattern, lambda _: replacement, text, flags=re.DOTALL | re.MULTILINE)
    if count != 1:
        sys.exit(f"{where}: expected exactly one match of {pattern!r}, found {count}.")
    return new_text


def configured_config(text, repository, branch):
    """Return _config.yml with the address in it; comments and all other lines stay."""
    url = f"https://github.com/{repository}"
    text = replace_once(text, r'^  url: ".*?"$', f'  url: "{url}"', "_config.yml")
    return replace_once(text, r'^  branch: ".*?"$', f'  branch: "{branch}"', "_config.yml")


def configured_notebook(text, repository, branch, where):
    """Return a notebook with its setup cell rewritten; every other byte stays."""
    notebook = json.loads(text)
    if text != to_text(notebook):
        sys.exit(f"{where}: not in the form that `make refresh` stores; run that first.")
    cells = [cell for cell in notebook["cells"] if cell.get("id") == "setup"]
    if len(cells) != 1:
        sys.exit(f"{where}: expected one cell with the id 'setup', found {len(cells)}.")
    cells[0]["source"] = setup_cell(repository, branch).splitlines(keepends=True)
    return to_text(notebook)


def to_text(notebook):
    """Return a notebook in the form in which the book stores it."""
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def configured_readme(text, repository, branch, notebook):
    """Return the README with a link between its two badge comments."""
    url = f"{COLAB}/github/{repository}/blob/{branch}/{notebook}"
    badge = f"<!-- badge -->\n[Open the first notebook in Colab]({url})\n<!-- /badge -->"
    return replace_once(text, r"<!-- badge -->.*?<!-- /badge -->", badge, "README.md")


def configured_project(text, repository):
    """Return pyproject.toml with the repository's URL, where it states one."""
    return re.sub(
        r'^Repository = ".*"$',
        f'Repository = "https://github.com/{repository}"',
        text,
        flags=re.MULTILINE,
    )


def configured_citation(text, repository):
    """Return CITATION.cff with the repository's URL as its last line."""
    text = re.sub(r"^repository-code: .*\n", "", text, flags=re.MULTILINE)
    return f'{text}repository-code: "https://github.com/{repository}"\n'


def configure(repository, branch="main", root=ROOT):
    """Write the address into every file that repeats it.

    Args:
        repository: "owner/name" on GitHub; None for a book without an address, of which only the
            setup cells are written.
        branch: The branch that holds the book.
        root: The book's folder.

    Returns:
        The files that changed. All new texts are made before the first is written, so that a
        file that cannot be configured leaves the others as they were.
    """
    notebooks = sorted((root / "notebooks").glob("*.ipynb"))
    if not notebooks:
        sys.exit("notebooks/ holds no notebook to configure.")
    first = f"notebooks/{notebooks[0].name}"

    def read(path):
        return path.read_bytes().decode("utf-8")

    names = ("_config.yml", "README.md", "pyproject.toml", "CITATION.cff")
    config, readme, project, citation = (root / name for name in names)
    texts = {}
    if repository is not None:
        check_names(repository, branch)
        texts = {
            config: configured_config(read(config), repository, branch),
            readme: configured_readme(read(readme), repository, branch, first),
            project: configured_project(read(project), repository),
            citation: configured_citation(read(citation), repository),
        }
    for path in notebooks:
        texts[path] = configured_notebook(read(path), repository, branch, path.name)

    changed = [path for path, text in texts.items() if text != read(path)]
    for path in changed:
        path.write_bytes(texts[path].encode("utf-8"))
    return changed


def main(arguments):
    """Configure the book and print what changed."""
    if len(arguments) > 2:
        sys.exit("usage: make configure [REPOSITORY=owner/name] [BRANCH=main]")
    given = [word for word in arguments if word]  # make hands on an empty one
    repository, branch = (*given, "main")[:2] if given else address()
    changed = configure(repository, branch)
    for path in changed:
        print(f"changed {path.relative_to(ROOT)}")
    if repository is None:
        print("The book has no address yet; give it one: make configure REPOSITORY=owner/name")
    else:
        print(f"The book's address is {'now' if changed else 'already'} github.com/{repository}.")


if __name__ == "__main__":
    main(sys.argv[1:])
