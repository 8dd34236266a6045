"""`make lock` shows what moved, and leaves the lock alone where nothing fits."""

import pytest

from tools.verify import lock

BEFORE = """\
keras==3.15.1 \\
    --hash=sha256:00
    # via -r requirements.txt
numpy==2.3.0 ; python_full_version < '3.12' \\
    --hash=sha256:01
numpy==2.4.6 ; python_full_version >= '3.12' \\
    --hash=sha256:02
wheel==0.45.0 \\
    --hash=sha256:03
"""
AFTER = BEFORE.replace("3.15.1", "3.16.0").replace("2.3.0", "2.3.1").replace("wheel==", "rich==")


def test_what_moved_came_or_went_is_shown():
    assert lock.moved(BEFORE, BEFORE) == []
    assert lock.moved(BEFORE, AFTER) == [
        ("keras", "3.15.1", "3.16.0"),
        ("numpy", "2.3.0, 2.4.6", "2.3.1, 2.4.6"),
        ("rich", "new", "0.45.0"),
        ("wheel", "0.45.0", "gone"),
    ]


def test_the_lock_of_this_book_is_read_whole():
    text = (lock.ROOT / "requirements.lock").read_text()
    assert len(lock.versions(text)) > 100
    assert len(lock.versions(text)["numpy"].split(".")) == 3


def test_a_lock_is_resolved_and_an_impossible_one_changes_nothing(tmp_path):
    (tmp_path / "requirements.txt").write_text("tqdm==4.67.0 ; sys_platform == 'linux'\n")
    assert lock.resolve(tmp_path)[-1] == ("tqdm", "new", "4.67.0")
    locked = (tmp_path / "requirements.lock").read_text()
    assert "--hash=sha256:" in locked
    (tmp_path / "requirements.txt").write_text("tqdm==4.67.0\ntqdm==4.66.0\n")
    with pytest.raises(
        SystemExit, match=r"requirements.lock is as it was. uv says: (?s:.*)tqdm==4.66.0"
    ):
        lock.resolve(tmp_path)
    assert (tmp_path / "requirements.lock").read_text() == locked
