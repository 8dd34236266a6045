"""Give the site the Hangul that its pages use, as one small font.

Most systems have a Korean font, but not all, and the site asks no other host for one. NanumGothic,
which the figures are drawn with too, holds 11,172 syllables in 4.7 MB; a page needs a few hundred.
"""

import re
from pathlib import Path

import koreanize_matplotlib
from fontTools import subset  # comes with Matplotlib

HANGUL = re.compile("[ᄀ-ᇿ㄰-㆏가-힣]")
FONT = Path(koreanize_matplotlib.__file__).parent / "fonts" / "NanumGothic.ttf"
COPYRIGHT = [0, 13, 14]  # kept; the license gives the name to the whole font alone


def write_font(characters, path):
    """Write the glyphs of some characters into a font file.

    Args:
        characters: The characters.
        path: The .woff file; the same characters give the same bytes.
    """
    options = subset.Options(flavor="woff", hinting=False, layout_features=[], name_IDs=COPYRIGHT)
    options.drop_tables += [f"TSI{n}" for n in (0, 1, 2, 3, 5)]  # the designer's tools read these
    font = subset.load_font(FONT, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(characters)))
    subsetter.subset(font)
    subset.save_font(font, path, options)


def write_hangul(app, exception):
    """Write the Hangul of all finished pages into the site."""
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    pages = (page.read_text(encoding="utf-8") for page in site.rglob("*.html"))
    characters = {character for page in pages for character in HANGUL.findall(page)}
    folder = site / "_static" / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    write_font(characters, folder / "hangul.woff")


def setup(app):
    """Register with Sphinx."""
    app.connect("build-finished", write_hangul)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
