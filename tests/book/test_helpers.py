"""The page on the helper package lists its public names, with the words of their docstrings."""

import importlib
import re

import pytest

from dsl_utils import __all__ as modules
from tools.shared.notebooks import ROOT

PAGE = (ROOT / "book" / "helpers.md").read_text(encoding="utf-8")
LISTED = {
    module: dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", part, re.MULTILINE))
    for module, part in re.findall(r"^## `(\w+)`$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
}


def test_each_public_module_has_its_part():
    # What `archives` offers is listed under `data`, where notebooks get it.
    assert sorted([*LISTED, "archives"]) == sorted(modules)


@pytest.mark.parametrize("module", LISTED)
def test_each_public_name_has_its_line(module):
    code = importlib.import_module(f"dsl_utils.{module}")
    assert list(LISTED[module]) == list(code.__all__)
    for name, words in LISTED[module].items():
        named = getattr(code, name)
        if callable(named):
            assert words == named.__doc__.splitlines()[0]
