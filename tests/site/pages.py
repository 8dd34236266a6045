"""What is found on a page of the site; most functions return what is wrong, in words."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from PIL import Image

AXE = Axe()
AXE_OPTIONS = {
    "preload": False,  # else axe asks for style sheets at wrong addresses
    "resultTypes": ["violations"],
}


def built_pages(site):
    """Return (path, HTML) of each page of a built site."""
    return [
        (path, path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
        if "_static" not in path.parts
    ]


def calm_start(page, button, read):
    """Return what is read right after a start where motion is not wanted, and 0.3 s later."""
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name=button).click()
    first = read()
    page.wait_for_timeout(300)
    later = read()
    page.get_by_role("button", name="Pause").click()
    page.emulate_media(reduced_motion="no-preference")
    return first, later


def overflow(page):
    """Horizontal scrolling of the page as a whole, with the element that sticks out furthest."""
    return page.evaluate("""() => {
        const width = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= width) return [];
        const boxes = [...document.querySelectorAll("main *")];
        const right = (box) => box.getBoundingClientRect().right;
        const widest = boxes.reduce((a, b) => (right(b) > right(a) ? b : a));
        return [`wider than ${width} px: ${widest.outerHTML.slice(0, 120)}`];
    }""")


def hidden_overflow(page):
    """Code, output, tables or formulas that are cut off: too wide, and yet they do not scroll."""
    return page.evaluate("""() =>
        [...document.querySelectorAll("article :is(pre, table, .katex-html)")].filter((box) => {
            const end = box.getBoundingClientRect().right;
            for (let up = box; up.tagName !== "ARTICLE"; up = up.parentElement)
                if (["auto", "scroll"].includes(getComputedStyle(up).overflowX)) return false;
            return end > innerWidth || box.scrollWidth > box.clientWidth + 1 && box.clientWidth;
        }).map((box) => `cut off: ${box.outerHTML.slice(0, 120)}`)
    """)


def formulas(page):
    """Formulas that KaTeX refused, that have no MathML, or that were left as TeX."""
    text = page.evaluate("""() => {
        const copy = document.querySelector("article").cloneNode(true);
        copy.querySelectorAll("pre, code, .katex, script").forEach((element) => element.remove());
        return copy.textContent;
    }""")
    problems = [f"left as TeX: {tex}" for tex in re.findall(r"\$.{0,40}|\\[(\[a-zA-Z]+", text)]
    problems += page.evaluate("""() => [
        ...[...document.querySelectorAll(".katex-error")].map((e) => `refused: ${e.title}`),
        ...[...document.querySelectorAll(".katex")]
            .filter((e) => !e.querySelector("math annotation"))
            .map((e) => `without MathML: ${e.textContent}`),
    ]""")
    return problems


def images(page):
    """Pictures without a description, without reserved space, or loaded before they are needed."""
    problems = []
    pictures = page.locator("article img").evaluate_all(
        "(all) => all.map(({src, alt, loading, attributes}) =>"
        " ({src, alt, loading, sized: 'width' in attributes && 'height' in attributes}))"
    )
    for index, picture in enumerate(pictures):
        name = Path(picture["src"]).name
        alt = picture["alt"]
        if len(alt.split()) < 3 or re.fullmatch(r"[0-9a-f]{16,}", alt) or name in alt:
            problems.append(f"{name}: {alt!r} does not describe the picture")
        if not picture["sized"]:
            problems.append(f"{name}: no width and height")
        if index and picture["loading"] != "lazy":
            problems.append(f"{name}: not lazy")
    return problems


def paper(page):
    """What a printed page would show although it is of no use there, or hide, or cut."""
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    problems = page.evaluate("""() => {
        const problems = [];
        const shown = (selector, box = document) => [...box.querySelectorAll(selector)]
            .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height);
        const useless = ".bd-sidebar-primary, .bd-sidebar-secondary, .bd-header-article, .actions, "
            + ".prev-next-footer, .copybtn, .headerlink, #term-tip, #jb-print-toc";
        for (const e of shown(useless)) problems.push(`shown: ${e.outerHTML.slice(0, 80)}`);
        for (const e of document.querySelectorAll("article details:not([open])"))
            problems.push(`folded: ${e.textContent.trim().slice(0, 40)}`);
        if (document.documentElement.dataset.theme === "dark") problems.push("dark");
        const cut = (e) => e.scrollWidth > e.clientWidth + 1;
        for (const e of shown("pre, .pst-scrollable-table-container, .output").filter(cut))
            problems.push(`cut off: ${e.outerHTML.slice(0, 80)}`);
        for (const e of shown("figure, article img"))
            if (getComputedStyle(e.closest("figure, .cell") ?? e).breakInside !== "avoid")
                problems.push(`may be torn in two: ${e.outerHTML.slice(0, 80)}`);
        return problems;
    }""")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="null")
    return problems


def contrast(picture):
    """Return the contrast of a picture's darkest ink with its lightest paper, from 1 to 21.

    Args:
        picture: The path of a PNG file.
    """
    with Image.open(picture) as image:
        rgb = np.asarray(image.convert("RGB"))[::2, ::2] / 255  # (height/2, width/2, 3)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    dark, light = np.quantile(linear @ [0.2126, 0.7152, 0.0722], [0.002, 0.998])  # WCAG 2
    return (light + 0.05) / (dark + 0.05)


def accessibility(page):
    """Serious and critical findings of axe-core."""
    # A colored word of code is like any other of its color: without the repeated ones a week has a
    # third of its elements.
    page.evaluate("""() => {
        const seen = new Set();
        for (const word of document.querySelectorAll("pre span[class]"))
            if (seen.has(word.className)) word.replaceWith(word.textContent);
            else seen.add(word.className);
    }""")
    return serious(page, {"rules": {"color-contrast": {"enabled": False}}}) + pale_text(page)


def pale_text(page):
    """Findings of axe-core on the contrast of text.

    Axe looks at every single text, for most of its time. Texts of one color, size and weight on one
    ground have one contrast, so it is shown three of them.
    """
    page.evaluate("""() => {
        const seen = {};
        const clear = (box) => getComputedStyle(box).backgroundColor === "rgba(0, 0, 0, 0)";
        for (const box of document.querySelectorAll("body *")) {
            box.removeAttribute("data-sample");
            const text = [...box.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
            if (!text || !box.checkVisibility({ visibilityProperty: true })) continue;
            let ground = box;
            while (ground.parentElement && clear(ground)) ground = ground.parentElement;
            const { color, fontSize, fontWeight } = getComputedStyle(box);
            const { backgroundColor } = getComputedStyle(ground);
            const place = `${ground.tagName} ${ground.className}`;
            const look = [color, fontSize, fontWeight, backgroundColor, place].join();
            seen[look] = 1 + (seen[look] ?? 0);
            if (seen[look] <= 3) box.dataset.sample = "";
        }
    }""")
    return serious(page, {"runOnly": ["color-contrast"]}, "[data-sample]")


def serious(page, options, context=None):
    """Serious and critical findings of a run of axe-core."""
    return [
        f"{finding['id']} ({finding['impact']}): {node['html'][:120]}"
        for finding in AXE.run(page, context, AXE_OPTIONS | options).response["violations"]
        if finding["impact"] in ("serious", "critical")
        for node in finding["nodes"]
    ]


class Addresses(HTMLParser):
    """The ids of a page, and what it links to and loads."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.targets = set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Take up one element."""
        attributes = dict(attrs)
        if "id" in attributes:
            self.ids.add(attributes["id"])
        if tag in ("a", "img", "link", "script"):
            self.targets.append(attributes.get("href") or attributes.get("src"))


def links(site):
    """Internal links and anchors, on all pages of a built site, that lead nowhere."""
    pages = {path: Addresses(html) for path, html in built_pages(site)}
    problems = []
    for path, page in pages.items():
        for target in filter(None, page.targets):
            url = urlsplit(target)
            if url.scheme:
                continue
            file = (path.parent / unquote(url.path)).resolve() if url.path else path
            if not file.is_file():
                problems.append(f"{path.relative_to(site)}: {target} does not exist")
            elif url.fragment and file in pages and unquote(url.fragment) not in pages[file].ids:
                problems.append(f"{path.relative_to(site)}: {target} has no such anchor")
    return problems


def terms(html):
    """Links to the glossary that are repeated, or stand where a reader wants none."""
    links = BeautifulSoup(html, "html.parser").select("article a.term")
    targets = [link["href"] for link in links]
    problems = [f"repeated: {target}" for target in targets if targets.count(target) > 1]
    elsewhere = ("a", "code", "pre", "table", "figcaption", "h1", "h2", "h3")
    for link in links:
        if outside := link.find_parent(elsewhere):
            problems.append(f"inside {outside.name}: {link.get_text()}")
        if not link.find_parent("p"):
            problems.append(f"not in a paragraph: {link.get_text()}")
    return problems


def external_assets(site):
    """Scripts, styles, fonts and pictures that a page would take from another host."""
    sources = re.compile(
        r"<(?:script|img|iframe|link)\b[^>]*?(?:src|href)=\"((?:https?:)?//[^\"]+)"
    )
    return [
        f"{path.relative_to(site)}: {url}"
        for path, html in built_pages(site)
        for url in sources.findall(html)
    ]
