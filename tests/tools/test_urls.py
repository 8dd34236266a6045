"""`make urls` notices a data file that moved, changed its size, or is out of reach."""

import re

import pytest

from dsl_utils import downloads
from dsl_utils.downloads import File
from tests import loopback
from tools.verify import urls


class Handler(loopback.Handler):
    """Announce files, but send none: whoever waits for one waits forever."""

    def do_GET(self):
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/large")
        else:
            self.send_response(200 if self.path == "/large" else 404)
            self.send_header("Content-Length", "791918971" if self.path == "/large" else "0")
        self.end_headers()
        self.close_connection = self.path != "/large"


@pytest.fixture
def address():
    with loopback.serve(Handler) as (_, address):
        yield address


def test_each_file_is_asked_for_and_not_downloaded(address):
    size = 791_918_971
    words = {"checksum": "", "license": "", "source": ""}
    files = {
        "good": File([f"{address}/large"] * 2, size=size, **words),
        "moved": File([f"{address}/moved"], size=size, **words),
        "changed": File([f"{address}/large"], size=1, **words),
        "gone": File([f"{address}/gone"], size=size, **words),
        "unreachable": File(["http://127.0.0.1:9"], size=size, **words),
    }
    rows, problems = urls.check(files)
    assert problems == 3
    assert [(row[0], row[2], row[3], row[5]) for row in rows[:5]] == [
        ("good", "200", "791,918,971", "yes"),
        ("good", "200", "791,918,971", "yes"),
        ("moved", "200", "791,918,971", "yes"),
        ("changed", "200", "791,918,971", "**no**"),
        ("gone", "404 Not Found", "not told", "**no**"),
    ]
    assert "refused" in rows[5][2] and rows[5][5] == "**no**"


@pytest.mark.parametrize(("path", "failed"), [("gone", True), ("large", False)])
def test_the_exit_status_tells_whether_a_file_is_missing(
    path, failed, address, monkeypatch, tmp_path
):
    monkeypatch.setattr(urls, "ROOT", tmp_path)
    file = File([f"{address}/{path}"], "", 791_918_971, "", "")
    monkeypatch.setattr(downloads, "FILES", {"faces": file})
    with pytest.raises(SystemExit) as error:
        urls.main()
    assert error.value.code == failed
    text = (tmp_path / "_build" / "urls.md").read_text()
    assert "| faces |" in text and text.startswith(urls.REMEDY) == failed


@pytest.mark.parametrize("name", downloads.FILES)
def test_every_data_file_is_known_by_address_checksum_and_size(name):
    file = downloads.FILES[name]
    assert file.urls[0].startswith("https://")
    assert re.fullmatch("sha256:[0-9a-f]{64}|md5:[0-9a-f]{32}", file.checksum)
    assert file.size > 1e6 and file.license and file.source
