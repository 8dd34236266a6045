"""Zip the built site, to be read without a network; what `make book` does last.

The same site gives the same bytes: names are sorted, and every file gets one date.
"""

import calendar
import time
import zipfile

import yaml

from tools.shared.notebooks import ROOT

SITE = ROOT / "_build" / "html"
OFFLINE_COPY = "deep-learning-verified.zip"  # the front page links to it
NOT_FOR_READERS = (".buildinfo", "objects.inv", ".doctrees", OFFLINE_COPY)
SERVED_ONLY = ("pyodide",)  # from a file a browser starts no Python


def release_time(root=ROOT):
    """Return the date of the release that CITATION.cff names, in seconds since 1970."""
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    return calendar.timegm(time.strptime(citation["date-released"], "%Y-%m-%d"))


def zip_site(site, path, moment):
    """Write the built site into a zip file, without what is of no use in it.

    Args:
        site: Folder of the built pages.
        path: The zip file to write; the pages lie in a folder of its name.
        moment: Time of every file inside, in seconds since 1970.
    """
    date = time.gmtime(moment)[:6]
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(site.rglob("*")):
            inside = file.relative_to(site)
            if file.is_dir() or any(part in NOT_FOR_READERS + SERVED_ONLY for part in inside.parts):
                continue
            member = zipfile.ZipInfo(f"{path.stem}/{inside.as_posix()}", date)
            member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(member, file.read_bytes())
