"""Finish each page after the theme has rendered it.

The theme's pages ask for scripts from other hosts, hide what screen readers need, and know nothing
of this book's notebooks. Each function below mends one of these things in the parsed page.
"""

import re
import textwrap
from pathlib import Path

from bs4 import BeautifulSoup
from PIL import Image

from dsl_utils import __version__

COLAB = "https://colab.research.google.com"

# What the book does not use: live kernels, icons drawn by a 1.5 MB script, toggles and tabs.
UNUSED = ("thebe", "fontawesome.js", "togglebutton", "toggleHint", "design-tabs", "kernelName")
# Needed by the page of search alone: the theme would search while one types, which is off.
SEARCH = ("searchtools.js", "language_data.js", "searchindex.js")

# Read by inline scripts, so it cannot wait until the page is parsed.
NOT_DEFERRED = "documentation_options.js"

PREVIEW = "Deep Learning, Verified: a kernel moves over a tiny seven and finds its edges"

SETTLE_THEME = """if (document.documentElement.dataset.theme === "auto") {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}"""

PLAY_ICON = (
    '<svg aria-hidden="true" viewBox="0 0 16 16" width="14" height="14">'
    '<path d="M4 2.5v11l9-5.5z" fill="currentColor"/></svg>'
)


def drop_unused_scripts(page, pagename):
    """Remove what would be loaded or started for nothing, much of it from another host."""
    unused = UNUSED if pagename == "search" else UNUSED + SEARCH
    for element in page.find_all(["script", "link"]):
        text = f"{element.get('src')} {element.get('href')} {element.get('type')} {element.string}"
        if any(word in text for word in unused):
            element.decompose()


def defer_scripts(page):
    """Let the text appear before the scripts are loaded; their order stays."""
    for script in page.find_all("script", src=True):
        if NOT_DEFERRED not in script["src"]:
            script["defer"] = ""


def settle_theme(page):
    """Choose light or dark before the first paint: chosen later, half of a page jumps."""
    page.html["data-theme"] = "light"  # without scripts
    script = page.new_tag("script", string=SETTLE_THEME)
    page.head.find("script", src=False).insert_after(script)


def describe_page(page, address):
    """Say what the page is about to those who share or find a link to it.

    Args:
        page: The parsed page.
        address: Where the site's folder is published, or seen from the page.
    """
    paragraphs = (p.get_text() for p in page.select("article p:not(.actions)"))
    text = " ".join(next(filter(None, paragraphs), "").split())
    text = textwrap.shorten(text, 200, placeholder=" …")
    title = page.title.get_text().partition(" — ")[0]
    said = {"og:title": title, "og:description": text, "og:type": "article"}
    said |= {"og:image": f"{address}_static/preview.png", "og:image:alt": PREVIEW}
    page.head.append(page.new_tag("meta", attrs={"name": "description", "content": text}))
    for name, content in said.items():
        page.head.append(page.new_tag("meta", attrs={"property": name, "content": content}))


def drop_second_viewport(page):
    """Keep one viewport tag of the theme's three."""
    for tag in page.find_all("meta", attrs={"name": "viewport"})[1:]:
        tag.decompose()


def name_controls(page):
    """Give every control the name that is visible on it, or one where it shows only an icon."""
    for button in page.select("button[title]:not([aria-label])"):
        button["aria-label"] = button["title"]
    for button in page.select(".search-button-field, .theme-switch-button, details.hide > summary"):
        del button["aria-label"]
    for button in page.select(".theme-switch-button"):
        button["aria-label"] = "Color mode"
    for toggle in page.select("li.toctree-l1.has-children > details > summary"):
        toggle["aria-label"] = "Chapters of " + toggle.find_previous("a").get_text(strip=True)
    for logo in page.select(".sidebar-primary-item:has(> .navbar-brand)"):
        logo["role"] = "banner"
    for icon in page.select("i[class*=fa-], span[class*=fa-]"):
        icon["aria-hidden"] = "true"


def name_folded_cells(page):
    """Show a folded cell under its Colab title: `# @title Solution 1` becomes "Solution 1".

    Code without one is folded because it only draws, times or repeats: it is quiet.
    """
    for details in page.select("details.hide"):
        first_line = details.select_one("pre").get_text().partition("\n")[0]
        title = first_line.partition("# @title ")[2] or "Show the code"
        details.summary.clear()
        details.summary.append(title)
        details["class"] = "folded" if " @title " in first_line else "folded quiet"


def describe_images(page, size_of):
    """Reserve each picture's space, and load those below the first screen when they come near."""
    for index, image in enumerate(page.select("article img")):
        if size := size_of(Path(image["src"]).name):
            image["width"], image["height"] = size
        if index:
            image["loading"] = "lazy"


def add_actions(page, pagename, colab_url):
    """Put what can be done with a notebook under the page's title: run it elsewhere, print it.

    Args:
        page: The parsed page.
        pagename: Its document, such as `notebooks/c4w1_a_title`.
        colab_url: Address of the notebook in Colab, or None while the book has no repository.
    """
    colab = f'<a href="{colab_url}">{PLAY_ICON} Open in Colab</a> ' if colab_url else ""
    site = page.html["data-content_root"]
    wheel = f"{site}dsl_utils-{__version__}-py3-none-any.whl"
    files = (
        f'<a href="{site}_sources/{pagename}.ipynb" download>Download the notebook</a> '
        f'<a href="{wheel}" download>and its helper package</a> '
    )
    title = page.select_one("article h1")
    what = "week" if re.match(r"C\d W\d", title.text) else "page"
    button = f'<button type="button" class="print pst-js-only">Print this {what}</button>'
    actions = BeautifulSoup(f'<p class="actions">{colab}{files}{button}</p>', "html.parser")
    title.insert_after(actions)


def finish_page(app, html, pagename):
    """Apply all of the above to one rendered page."""
    page = BeautifulSoup(html, "html.parser")
    drop_unused_scripts(page, pagename)
    defer_scripts(page)
    drop_second_viewport(page)
    settle_theme(page)
    describe_page(page, app.config.html_baseurl or page.html["data-content_root"])
    name_controls(page)
    name_folded_cells(page)
    describe_images(page, lambda name: image_size(app, name))
    source = Path(app.env.doc2path(pagename))
    if source.suffix == ".ipynb":
        options = app.config.html_theme_options
        repository = options["repository_url"].removeprefix("https://github.com/")
        file = f"{repository}/blob/{options['repository_branch']}/{pagename}.ipynb"
        add_actions(page, pagename, f"{COLAB}/github/{file}" if repository else None)
    return str(page)


def image_size(app, name):
    """Return (width, height) of the picture that is called `name` in the built site, or None."""
    for source, built_name in app.builder.images.items():
        if built_name == name:
            with Image.open(Path(app.srcdir) / source) as picture:
                return picture.size
    return None


def finish_every_page(app):
    """Wrap the function that renders pages: Sphinx has no event after it."""
    if app.builder.format != "html":  # such as the link checker, which renders nothing
        return
    render = app.builder.templates.render

    def render_and_finish(template, context):
        html = render(template, context)
        is_page = html.lstrip().startswith("<!DOCTYPE html>")  # the theme renders fragments, too
        return finish_page(app, html, context["pagename"]) if is_page else html

    app.builder.templates.render = render_and_finish


def offer_colab_when_configured(app, config):
    """Switch the theme's launch button on once there is a repository that it can point to."""
    if config.html_theme_options["repository_url"]:
        config.html_theme_options["launch_buttons"] = {"colab_url": COLAB}


def setup(app):
    """Register with Sphinx."""
    # A change of this file is a change of every page.
    app.add_config_value("page_finisher", Path(__file__).read_text(), "html")
    app.connect("config-inited", offer_colab_when_configured)
    app.connect("builder-inited", finish_every_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
