"""The zipped site is the same each time, and holds what readers need."""

import zipfile

from tools.publish import archive


def test_the_site_is_zipped_alike_twice_and_without_what_no_page_links_to(tmp_path):
    site = tmp_path / "html"
    (site / "_sources").mkdir(parents=True)
    old_copy = archive.OFFLINE_COPY
    for name in ("index.html", "_sources/index.md", ".buildinfo", "b.html", old_copy):
        (site / name).write_text(name)
    first, second = tmp_path / "book-1.zip", tmp_path / "again" / "book-1.zip"
    archive.zip_site(site, first, 1_700_000_000)
    (site / "index.html").touch()
    second.parent.mkdir()
    archive.zip_site(site, second, 1_700_000_000)
    assert first.read_bytes() == second.read_bytes()
    names = ["book-1/_sources/index.md", "book-1/b.html", "book-1/index.html"]
    assert zipfile.ZipFile(first).namelist() == names


def test_its_files_have_the_date_of_the_release(tmp_path):
    (tmp_path / "CITATION.cff").write_text('date-released: "2026-11-24"\n')
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "index.html").write_text("Book")
    path = tmp_path / "book.zip"
    archive.zip_site(tmp_path / "html", path, archive.release_time(tmp_path))
    assert zipfile.ZipFile(path).infolist()[0].date_time == (2026, 11, 24, 0, 0, 0)
