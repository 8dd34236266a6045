"""What the browser of a reader remembers, for tests of the site."""

import json

from book._ext import weeks
from tools.shared.notebooks import find

STORE = "Deep Learning, Verified"
READ = f"() => JSON.parse(localStorage.getItem('{STORE}'))"


def store(**parts):
    """Return what a browser remembers, with some parts given."""
    return {"book": STORE, "version": 1, "weeks": {}, "items": {}, "attempts": {}, **parts}


def holding(data):
    """Return a script that gives a browser this memory unless it has one."""
    name, text = json.dumps(STORE), json.dumps(json.dumps(data))
    return f"localStorage.getItem({name}) ?? localStorage.setItem({name}, {text})"


def asked():
    """Return the questions of C4 W1."""
    (path,) = find(["c4w1"])
    return weeks.questions(path)


def at(section, at=1, **parts):
    """Return what is remembered of a week that was left at a section."""
    return {
        "at": at,
        "section": section.lower(),
        "title": section,
        "read": [],
        "solved": [],
    } | parts


SOME = store(
    weeks={"c4w1": at("Padding", read=["setup", "padding"], solved=["layer_cost"])},
    items={
        asked()[0].key: {"at": 1, "right": False, "box": 0, "due": 0},
        asked()[1].key: {"at": 1, "right": True, "given": "75"},
        "term-padding.ko": {"at": 1, "right": True, "box": 1, "due": 0},
    },
    attempts={"c4w1-layer_cost": {"at": 1, "code": "def layer_cost():\n    pass"}},
)
