"""Ask for every file that the full profile downloads, without downloading it: `make urls`.

Compares status and size with the table in `dsl_utils.downloads` and writes _build/urls.md.
"""

import sys
import urllib.error
import urllib.request

from dsl_utils import downloads
from tools.shared.notebooks import ROOT
from tools.verify.report import table, write

REMEDY = (
    "A file that is gone or has another size cannot be loaded in the full profile. Find the file "
    "with the same SHA-256 elsewhere and change its address in `dsl_utils/downloads.py`.\n\n"
)


def answer(url):
    """Return (status, size) of a file on a server; the size is None where it says none.

    The request is a GET whose answer is left after its header. A HEAD would be refused where an
    address leads to storage that signs each address for one method, as figshare's does.
    """
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            size = response.headers["Content-Length"]
            return str(response.status), size and int(size)
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.reason}", None
    except OSError as error:  # no such host, refused, too late
        return str(getattr(error, "reason", error)), None


def check(files):
    """Ask for each file.

    Args:
        files: A `File` by name.

    Returns:
        Rows of text, and how many of them show a problem.
    """
    rows, problems = [], 0
    addresses = [(name, url, file.size) for name, file in files.items() for url in file.urls]
    for name, url, expected in addresses:
        status, size = answer(url)
        good = status == "200" and size in (expected, None)
        problems += not good
        sizes = ("not told" if size is None else f"{size:,}"), f"{expected:,}"
        rows.append((name, url, status, *sizes, "yes" if good else "**no**"))
    return rows, problems


def main():
    """Check the table of `dsl_utils.downloads`; the exit status tells whether all is well."""
    rows, problems = check(downloads.FILES)
    text = table(("file", "address", "status", "bytes", "expected", "as expected"), rows)
    write(ROOT / "_build" / "urls.md", REMEDY + text if problems else text)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
