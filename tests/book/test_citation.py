"""The citation file says what programs expect, and the page says the same to people."""

import datetime

import pytest
import yaml

from book._ext import citation
from tools.shared.notebooks import ROOT

TEXT = """
title: A Book
authors: [{name: The authors}]
version: 1.2.3
date-released: "2026-11-24"
"""


def test_the_file_has_what_the_format_requires():
    about = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert about["cff-version"] == "1.2.0" and about["type"] == "software"
    assert about["message"] and about["abstract"] and about["license"] == "MIT"
    assert [set(author) for author in about["authors"]] == [{"name"}]
    assert datetime.date.fromisoformat(about["date-released"]) <= datetime.date.today()
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert (about["title"], about["date-released"][:4]) == (config["title"], config["copyright"])


@pytest.mark.parametrize("url", ["", "https://github.com/ada/book"])
def test_both_forms_follow_from_the_file(url):
    bibtex, apa = citation.formats(TEXT + (f"repository-code: {url}" if url else ""))
    assert bibtex.splitlines() == [
        "@software{deep_learning_verified,",
        "  author = {{The authors}},",
        "  title = {A Book},",
        "  version = {1.2.3},",
        "  year = {2026},",
        *([f"  url = {{{url}}},"] if url else []),
        "}",
    ]
    assert apa == f"The authors. (2026). A Book (Version 1.2.3) [Computer software]. {url}".strip()
