"""What goes wrong with a download is tried again or told in one sentence; nothing bad stays."""

import errno
import hashlib
import os
import subprocess
import sys
import tempfile
import time

import numpy as np
import pytest

from dsl_utils import downloads
from tests import loopback

CONTENT = b"the file that is wanted " * 4000
NAME = "mnist.npz"
PAGE = b"<html>Please sign in</html>"


class Handler(loopback.Handler):
    """Answers as the server's list of behaviors says, one a request, the last one forever."""

    def do_GET(self):
        asked = self.headers["Range"]
        self.server.asked.append(self.path)
        self.server.headers.append(dict(self.headers))
        behaviors = self.server.behaviors
        behavior = behaviors.pop(0) if len(behaviors) > 1 else behaviors[0]
        if behavior in ("503", "403", "416"):
            self.send_error(int(behavior))
            return
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
        if behavior in ("whole", "whole, break"):  # knows no ranges
            start = 0
        content = PAGE if behavior.startswith("page") else CONTENT[start:]
        self.send_response(202 if behavior == "page for people" else 206 if start else 200)
        if behavior == "hang":
            time.sleep(1)
            return
        if behavior == "page without length":
            self.send_header("Content-Type", "text/html; charset=utf-8")
        elif behavior != "short without length":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if behavior == "slow":
            for start in range(0, len(content), 20_000):
                self.wfile.write(content[start : start + 20_000])
                time.sleep(0.3)
        elif behavior == "other bytes":
            self.wfile.write(b"x" * len(content))
        elif behavior.startswith("short") or behavior == "whole, break":
            self.wfile.write(content[:30_000])
        else:
            self.wfile.write(content)
        self.close_connection = True


@pytest.fixture
def cache(monkeypatch, tmp_path):
    """The cache's folder, which does not exist yet."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("DSL_DATA_DIR", str(folder))
    monkeypatch.delenv("DSL_DATA_MIRROR", raising=False)
    monkeypatch.setattr(downloads, "_TIMEOUT", (0.5, 0.5))
    monkeypatch.setattr(downloads, "_PAUSES", (0.01, 0.01))
    monkeypatch.setattr(downloads, "_CHUNK", 10_000)
    return folder


@pytest.fixture
def server(cache, monkeypatch):
    """A server that has the file, under the address in the table."""
    with loopback.serve(Handler) as (running, address):
        running.behaviors, running.asked, running.headers = ["good"], [], []
        publish(monkeypatch, f"{address}/file")
        yield running


def publish(monkeypatch, *urls):
    """Put the file into the table, under these addresses."""
    checksum = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"
    file = downloads.FILES[NAME]._replace(urls=urls, checksum=checksum, size=len(CONTENT))
    monkeypatch.setitem(downloads.FILES, NAME, file)


def names(folder):
    """Return the names of the files in the cache that are not locks."""
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


def refusal(words):
    """Return a context that expects one sentence with these words, and the way out."""
    return pytest.raises(
        RuntimeError, match=rf"^{NAME} could not be downloaded \(.*{words}.*offline profile"
    )


def test_a_file_is_downloaded_once(server, cache):
    assert downloads.fetch(NAME).read_bytes() == CONTENT
    assert downloads.fetch(NAME) == cache / NAME
    assert len(server.asked) == 1 and names(cache) == [NAME]
    assert server.headers[0]["User-Agent"].startswith("dsl_utils")


@pytest.mark.parametrize(
    "behavior",
    [
        "503",
        "hang",
        "page",
        "page for people",
        "page without length",
        "other bytes",
        "short",
        "short without length",
        "slow",
    ],
)
def test_what_goes_wrong_once_is_tried_again(behavior, server, cache):
    server.behaviors = [behavior, "good"]
    assert downloads.fetch(NAME).read_bytes() == CONTENT
    assert len(server.asked) == (1 if behavior == "slow" else 2) and names(cache) == [NAME]


@pytest.mark.parametrize(
    ("behavior", "words"),
    [
        ("503", "503 Service Unavailable"),
        ("hang", "no answer in time"),
        ("403", "403 Forbidden"),
        ("page", "another file was sent"),
        ("page for people", "202 Accepted"),
        ("page without length", "another file was sent"),
        ("other bytes", "another file was sent"),
    ],
)
def test_what_stays_wrong_is_told_in_one_sentence(behavior, words, server, cache):
    server.behaviors = [behavior]
    with refusal(words):
        downloads.fetch(NAME)
    assert len(server.asked) == 3 and names(cache) == []


@pytest.mark.parametrize("behavior", ["short", "short without length"])
def test_a_download_that_breaks_often_goes_on_where_it_ended(behavior, server, cache):
    server.behaviors = [behavior]
    assert downloads.fetch(NAME).read_bytes() == CONTENT
    ranges = [headers.get("Range") for headers in server.headers]
    assert ranges == [None, "bytes=30000-", "bytes=60000-", "bytes=90000-"]
    assert names(cache) == [NAME]


def test_after_a_restart_it_goes_on_and_says_what_is_there(server, cache):
    server.behaviors = ["short", "503"]
    with refusal("503.*, of which 31% is here and kept"):
        downloads.fetch(NAME)
    server.behaviors = ["good"]
    assert downloads.fetch(NAME).read_bytes() == CONTENT
    assert server.headers[-1]["Range"] == "bytes=30000-"


@pytest.mark.parametrize("behavior", ["whole", "page", "page without length", "416"])
def test_a_server_without_ranges_or_the_file_spoils_nothing(behavior, server, cache):
    server.behaviors = ["short", behavior, "good"]
    assert downloads.fetch(NAME).read_bytes() == CONTENT
    if behavior != "whole":
        assert server.headers[-1]["Range"] == "bytes=30000-"


def test_a_server_that_breaks_and_knows_no_ranges_is_left_after_three_tries(server, cache):
    server.behaviors = ["whole, break"]
    with refusal("the connection broke"):
        downloads.fetch(NAME)
    assert len(server.asked) == 3


def test_bytes_that_do_not_fit_what_was_there_are_asked_for_again(server, cache):
    server.behaviors = ["short", "other bytes", "good"]
    assert downloads.fetch(NAME).read_bytes() == CONTENT
    assert "Range" not in server.headers[-1]


def test_what_was_whole_when_the_process_ended_needs_no_server(cache, monkeypatch):
    publish(monkeypatch, "http://127.0.0.1:9/file")
    cache.mkdir()
    (cache / f".{NAME}.part").write_bytes(CONTENT)
    assert downloads.fetch(NAME).read_bytes() == CONTENT
    assert names(cache) == [NAME]


def test_a_checksum_may_be_an_md5(server, cache, monkeypatch):
    checksum = f"md5:{hashlib.md5(CONTENT).hexdigest()}"
    file = downloads.FILES[NAME]._replace(checksum=checksum)
    monkeypatch.setitem(downloads.FILES, NAME, file)
    assert downloads.fetch(NAME).read_bytes() == CONTENT


def test_a_bar_shows_the_rate_and_the_time_left(server, cache, monkeypatch, capsys):
    monkeypatch.setenv("DSL_QUIET", "0")
    server.behaviors = ["slow"]
    downloads.fetch(NAME)
    shown = capsys.readouterr().err
    assert NAME in shown and "B/s" in shown and "<" in shown
    monkeypatch.setenv("DSL_QUIET", "1")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/file", "http://nowhere.invalid/file"])
def test_a_server_out_of_reach_is_told(url, cache, monkeypatch):
    publish(monkeypatch, url)
    with refusal("out of reach"):
        downloads.fetch(NAME)
    assert names(cache) == []


def test_what_is_in_the_cache_needs_no_server(cache, monkeypatch):
    publish(monkeypatch, "http://127.0.0.1:9/file")
    cache.mkdir()
    (cache / NAME).write_bytes(CONTENT)
    assert downloads.fetch(NAME).read_bytes() == CONTENT
    assert os.listdir(cache) == [NAME]


@pytest.mark.parametrize("content", [b"", CONTENT[:500], b"x" * len(CONTENT)])
def test_a_bad_file_in_the_cache_is_replaced(content, server, cache):
    cache.mkdir()
    (cache / NAME).write_bytes(content)
    assert downloads.fetch(NAME).read_bytes() == CONTENT
    assert names(cache) == [NAME]


def test_a_bad_file_stays_unused_when_no_server_is_there(cache, monkeypatch):
    publish(monkeypatch, "http://127.0.0.1:9/file")
    cache.mkdir()
    (cache / NAME).write_bytes(CONTENT[:500])
    with refusal("out of reach"):
        downloads.fetch(NAME)


def test_the_second_address_is_asked_where_the_first_fails(server, cache, monkeypatch):
    publish(monkeypatch, "http://127.0.0.1:9/file", *downloads.FILES[NAME].urls)
    assert downloads.fetch(NAME).read_bytes() == CONTENT


def test_a_mirror_of_ones_own_replaces_every_host(server, cache, monkeypatch):
    mirror = downloads.FILES[NAME].urls[0].removesuffix("/file")
    publish(monkeypatch, "http://127.0.0.1:9/file")
    monkeypatch.setenv("DSL_DATA_MIRROR", f"{mirror}/course/")
    assert downloads.fetch(NAME).read_bytes() == CONTENT
    assert server.asked == [f"/course/{NAME}"]


def test_a_file_without_a_confirmed_checksum_is_never_asked_for(server, cache, monkeypatch):
    file = downloads.FILES[NAME]._replace(checksum=None)
    monkeypatch.setitem(downloads.FILES, NAME, file)
    with pytest.raises(RuntimeError, match="nobody has confirmed its checksum"):
        downloads.fetch(NAME)
    assert server.asked == []


FETCH = """
import os, sys
import filelock, pooch, requests
from dsl_utils import downloads
name, url, checksum, size, user = sys.argv[1:]
downloads._PAUSES = (0, 0)
file = downloads.FILES[name]._replace(urls=[url], checksum=checksum, size=int(size))
downloads.FILES[name] = file
if os.geteuid() == 0:
    os.seteuid(int(user))
print(downloads.fetch(name))
"""


def start(user=0):
    """Start a process of its own that fetches the file; root becomes this user before."""
    file = downloads.FILES[NAME]
    words = NAME, file.urls[0], file.checksum, str(file.size), str(user)
    command = [sys.executable, "-c", FETCH, *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("delay", [0, 0.5])
def test_of_two_processes_one_downloads(delay, server, cache):
    server.behaviors = ["slow"]
    first = start()
    time.sleep(delay)
    for process in (first, start()):
        output, errors = process.communicate(timeout=60)
        assert output.strip() == str(cache / NAME), errors
    assert len(server.asked) == 1 and names(cache) == [NAME]
    assert (cache / NAME).read_bytes() == CONTENT


def test_a_process_that_is_killed_leaves_no_file_under_the_good_name(server, cache):
    server.behaviors = ["slow", "good"]
    process = start()
    while not server.asked:
        time.sleep(0.01)
    time.sleep(0.5)
    process.kill()
    process.communicate()
    assert not (cache / NAME).exists()
    assert downloads.fetch(NAME).read_bytes() == CONTENT


def test_a_cache_that_is_only_read_serves_what_it_has_and_says_what_it_lacks(server, monkeypatch):
    nobody = 65534
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("DSL_DATA_DIR", folder)
        os.chmod(folder, 0o555)
        output, errors = start(nobody).communicate(timeout=60)
        assert output == ""
        assert "Permission denied. Make room there, or set DSL_DATA_DIR to another" in errors
        os.chmod(folder, 0o755)
        with open(os.path.join(folder, NAME), "wb") as file:
            file.write(CONTENT)
        os.chmod(folder, 0o555)
        output, errors = start(nobody).communicate(timeout=60)
        assert output.strip() == os.path.join(folder, NAME), errors
        os.chmod(folder, 0o755)
    assert server.asked == []


def test_a_cache_that_cannot_be_written_is_told(server, cache, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("DSL_DATA_DIR", str(tmp_path / "file" / "cache"))
    with pytest.raises(RuntimeError, match="cannot be kept in .*Not a directory.* DSL_DATA_DIR"):
        downloads.fetch(NAME)


def test_a_full_disk_is_told_and_leaves_nothing(server, cache, monkeypatch):
    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tqdm.tqdm.update", full)  # as writing would, in the middle
    with pytest.raises(RuntimeError, match="No space left on device. Make room there"):
        downloads.fetch(NAME)
    assert names(cache) == []


@pytest.fixture
def decode(server):
    """A function that decodes, and notes that it was called."""

    def decode():
        decode.calls += 1
        return np.arange(6, dtype=np.uint8), np.array(["a", "word"])

    decode.calls = 0
    return decode


def test_what_was_decoded_once_is_read_the_next_time(decode, cache):
    first, again = (downloads.decoded([NAME], "sorted", decode) for _ in range(2))
    assert decode.calls == 1
    assert [array.tolist() for array in again] == [[0, 1, 2, 3, 4, 5], ["a", "word"]]
    assert [array.dtype for array in first] == [array.dtype for array in again]
    assert len(names(cache)) == 2


@pytest.mark.parametrize("content", [b"", b"PK half", CONTENT])
def test_a_broken_decoded_file_is_made_again(content, decode, cache):
    downloads.decoded([NAME], "sorted", decode)
    (path,) = cache.glob("decoded-sorted-*")
    path.write_bytes(content)
    downloads.decoded([NAME], "sorted", decode)
    downloads.decoded([NAME], "sorted", decode)
    assert decode.calls == 2 and len(names(cache)) == 2


def test_other_code_or_another_file_is_decoded_anew(decode, cache, monkeypatch):
    downloads.decoded([NAME], "sorted", decode)
    (path,) = cache.glob("decoded-sorted-*")
    path.rename(cache / "decoded-sorted-0123456789ab.npz")  # as other code would have named it
    downloads.decoded([NAME], "sorted", decode)
    assert decode.calls == 2 and len(names(cache)) == 2


def test_a_cache_that_takes_nothing_more_is_no_error(decode, cache, monkeypatch):
    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(np, "savez", full)
    for _ in range(2):
        downloads.decoded([NAME], "sorted", decode)
    assert decode.calls == 2 and names(cache) == [NAME]
