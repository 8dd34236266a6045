"""Take the front page's pictures of the explorable pages: `make pictures`.

Each shows a page of the built site after a few clicks, at twice the dots, and is stored under
book/_static/front. A page that changes its looks needs a new one.
"""

import dataclasses
import io
import sys

from PIL import Image

from tools.shared import browser
from tools.shared.notebooks import ROOT

SITE = ROOT / "_build" / "html"
FOLDER = ROOT / "book" / "_static" / "front"
SIZE = (640, 480)  # dots of a picture, shown at half of it


@dataclasses.dataclass(frozen=True)
class Picture:
    """What is to be seen of an explorable page.

    Attributes:
        element: The selector of what the picture shows, whole and on white.
        prepare: JavaScript that brings the page there.
    """

    element: str
    prepare: str = ""


PRESS = "document.querySelector('[name={}]').click();"
PICTURES = {
    "graph": Picture("#graph-picture svg", PRESS.format("end")),
    "network": Picture(".plane", 3 * PRESS.format("hundred")),
    "layers": Picture("#sizes svg"),
    "optimizers": Picture("#race-plane svg", 3 * PRESS.format("ten")),
    "convolution": Picture("#image-grid table"),
    "boxes": Picture("#nms-picture svg", 2 * "document.querySelector('#nms [name=next]').click();"),
    "embeddings": Picture("#word-map svg", "document.querySelector('[data-words]').click();"),
    "beam_search": Picture("#tree svg", PRESS.format("end")),
    "attention": Picture("#map table"),
}


def take(page, picture):
    """Return the picture of an open page, fitted into SIZE on white."""
    page.evaluate(picture.prepare)
    page.wait_for_timeout(300)  # until it is drawn
    seen = page.locator(picture.element).first.screenshot(animations="disabled")
    image = Image.open(io.BytesIO(seen)).convert("RGB")
    image.thumbnail((SIZE[0] - 24, SIZE[1] - 24), Image.Resampling.LANCZOS)
    whole = Image.new("RGB", SIZE, "white")
    whole.paste(
        image, tuple((side - part) // 2 for side, part in zip(SIZE, image.size, strict=True))
    )
    return whole.quantize(64)


def main():
    """Take all pictures, or those whose names are given."""
    names = sys.argv[1:] or list(PICTURES)
    if unknown := set(names) - set(PICTURES):
        sys.exit(f"No picture {', '.join(sorted(unknown))}; choose from: {' '.join(PICTURES)}")
    if not (SITE / "index.html").exists():
        sys.exit("There is no site to take pictures of: make book")
    FOLDER.mkdir(exist_ok=True)
    with browser.serve(SITE) as address, browser.launch() as chromium:
        for name in names:
            page = chromium.new_page(viewport={"width": 1000, "height": 900}, device_scale_factor=2)
            page.goto(f"{address}book/explore_{name}.html")
            path = FOLDER / f"{name}.png"
            take(page, PICTURES[name]).save(path, optimize=True)
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB")
            page.close()


if __name__ == "__main__":
    main()
