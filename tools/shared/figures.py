"""Find figures and drawings, compare stored figures with new ones, and make PNG files small."""

import base64
import io

import numpy as np
from PIL import Image

TOLERANCE = 4.0  # root mean square difference in grey levels that still counts as the same figure


def figures(outputs):
    """Return the PNG files among a cell's outputs, as bytes."""
    return [
        base64.b64decode(output["data"]["image/png"])
        for output in outputs
        if "image/png" in output.get("data", {})
    ]


def drawings(outputs):
    """Return the SVGs among a cell's outputs, as text; nbval and `make refresh` compare them so."""
    return [
        "".join(output["data"]["image/svg+xml"])
        for output in outputs
        if "image/svg+xml" in output.get("data", {})
    ]


def is_trained(cell):
    """Tell whether a cell's figures show trained results: the tag that its author gave it."""
    return "trained-figure" in cell.metadata.get("tags", [])


def pixels(png):
    """Return a PNG as red, green, blue on white, shape (height, width, 3), levels 0 to 255."""
    image = Image.open(io.BytesIO(png)).convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return np.asarray(Image.alpha_composite(white, image).convert("RGB"), dtype=float)


def difference(stored, fresh):
    """Return the root mean square difference of two PNGs in grey levels; infinite between sizes."""
    stored, fresh = pixels(stored), pixels(fresh)
    if stored.shape != fresh.shape:
        return np.inf
    return float(np.sqrt(np.mean((stored - fresh) ** 2)))


def disagreement(stored, fresh, trained=False):
    """Say how a cell's new figures differ from its stored ones.

    Args:
        stored: The PNGs in the notebook.
        fresh: The PNGs just drawn.
        trained: Whether they show trained results, which may look different but not have another
            size.

    Returns:
        One phrase, or None when they agree.
    """
    if len(stored) != len(fresh):
        return f"{len(stored)} figures are stored, but {len(fresh)} were drawn"
    for before, now in zip(stored, fresh, strict=True):
        rms = difference(before, now)
        if rms == np.inf:
            return "a figure changed its size"
        if rms >= TOLERANCE and not trained:
            return f"a figure changed: RMS {rms:.1f} grey levels, allowed are {TOLERANCE:g}"
    return None


def shrink(png):
    """Return the same picture in fewer bytes, without metadata.

    A palette of 64 to 256 colors is used where nobody can see it: within 2 grey levels on average
    and 48 at the worst pixel.
    """
    rgb = Image.fromarray(pixels(png).astype(np.uint8))
    candidates = [rgb]
    for colors in (64, 128, 256):
        palette = rgb.quantize(colors, Image.Quantize.MEDIANCUT, 3, dither=Image.Dither.NONE)
        error = np.asarray(palette.convert("RGB"), dtype=float) - np.asarray(rgb, dtype=float)
        if np.sqrt(np.mean(error**2)) < 2 and np.abs(error).max() <= 48:
            candidates.append(palette)
    return min((encode(image) for image in candidates), key=len)


def encode(image):
    """Return an image as an optimized PNG."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
