"""`make audit` finds what a vulnerability service knows, and says so when none answers."""

import json

import pytest

from tests import loopback
from tools.verify import audit

ANSWER = {
    "vulns": [
        {
            "id": "PYSEC-1",
            "details": "Planted.",
            "affected": [
                {
                    "package": {"name": "pillow", "ecosystem": "PyPI"},
                    "ranges": [
                        {
                            "type": "ECOSYSTEM",
                            "events": [{"introduced": "0"}, {"fixed": "99.1"}],
                        }
                    ],
                }
            ],
        }
    ]
}
ADVISORY = {
    "id": 1,
    "title": "Planted",
    "severity": "high",
    "url": "https://example.org/advisory-1",
    "vulnerable_versions": "<99.2.0",
}


class Handler(loopback.Handler):
    """Answers as OSV for pip-audit and as the registry for npm; knows what `known` names."""

    known = ()

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        asked = self.rfile.read(length)
        if self.path == "/osv":
            name = json.loads(asked)["package"]["name"]
            answer = ANSWER if name in self.known else {}
        else:
            answer = {"katex": [ADVISORY]} if "katex" in self.known else {}
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())


def answer_at(address, monkeypatch, tmp_path):
    """Let both tools ask this address, and the report go to a folder of the test."""
    monkeypatch.setenv("PIP_AUDIT_OSV_URL", f"{address}/osv")
    monkeypatch.setenv("npm_config_registry", address)
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    reports = []
    monkeypatch.setattr(audit, "write", lambda path, text: reports.append(text))
    return reports


@pytest.mark.parametrize("known", [(), ("pillow",), ("katex",), ("pillow", "katex")])
def test_what_the_services_know_is_found(known, monkeypatch, tmp_path):
    monkeypatch.setattr(Handler, "known", known)
    with loopback.serve(Handler) as (_, address):
        reports = answer_at(address, monkeypatch, tmp_path)
        with pytest.raises(SystemExit) as error:
            audit.main()
    assert error.value.code == bool(known)
    (text,) = reports
    assert text.startswith(f"{len(known)} known vulnerabilities.\n")
    assert ("| PYSEC-1 | 99.1 |" in text) == ("pillow" in known)
    assert ("| https://example.org/advisory-1 | not <99.2.0 |" in text) == ("katex" in known)
    assert (audit.REMEDY in text) == bool(known)
    assert "| `MIT` |" in text and "UNKNOWN" not in text


def test_no_answer_is_not_taken_for_a_clean_one(monkeypatch, tmp_path):
    answer_at("http://127.0.0.1:9", monkeypatch, tmp_path)
    with pytest.raises(SystemExit, match="Python packages were not looked up: .*refused"):
        audit.python_vulnerabilities()
    with pytest.raises(SystemExit, match="Node.js packages were not looked up: .*ECONNREFUSED"):
        audit.node_vulnerabilities()


def test_a_license_that_only_its_file_names_is_read_there_and_a_missing_one_is_told(monkeypatch):
    class Result:
        returncode = 0
        stdout = json.dumps(
            [
                {"Name": "a", "License": "MIT", "LicenseText": "UNKNOWN"},
                {"Name": "b", "License": "UNKNOWN", "LicenseText": "(c) B\n\nMIT License\n"},
                {"Name": "c", "License": "UNKNOWN", "LicenseText": "UNKNOWN"},
            ]
        )

    monkeypatch.setattr(audit, "module", lambda *arguments: Result)
    monkeypatch.setattr(audit, "locked_packages", lambda: {"node_modules/d": {"license": "MIT"}})
    assert audit.licenses() == [("MIT", ["a", "d"]), ("MIT License", ["b"]), ("UNKNOWN", ["c"])]
    monkeypatch.setattr(audit, "python_vulnerabilities", list)
    monkeypatch.setattr(audit, "node_vulnerabilities", list)
    reports = []
    monkeypatch.setattr(audit, "write", lambda path, text: reports.append(text))
    with pytest.raises(SystemExit) as error:
        audit.main()
    assert error.value.code and "No license is stated by: c." in reports[0]
