"""Drawn cats and dogs: color pictures for a first classifier, without a download."""

import numpy as np

__all__ = ["draw_cats"]

# Public domain or CC0. The left half of each lies behind the animals of the training set, the right
# half behind those of the dev and test sets.
_GROUNDS = ("astronaut", "brick", "coffee", "grass", "gravel", "rocket")
_INK, _WHITE = (25, 20, 20), (250, 250, 240)
_ZOOM = 3  # a picture is drawn larger and then reduced, for smooth edges


def draw_cats(m, rng, part, shift, size=64, plain=False):
    """Draw pictures, half of them of a cat (pointed ears), half of a dog (hanging ears).

    Fur, size, tilt, brightness and ground differ from picture to picture.

    Args:
        m: How many pictures.
        rng: A NumPy generator.
        part: `"train"` for grounds from the left halves of the photographs, else the right ones.
        shift: The animal sits up to so many pixels off the center, in both directions.
        size: Height and width in pixels.
        plain: The same heads, but with plain gray instead of photographs behind them.

    Returns:
        x: float32 in [0, 1], shape (m, size, size, 3).
        y: int32, shape (m,): 1 cat, 0 dog.
    """
    from PIL import Image
    from skimage import data

    grounds = []
    for name in _GROUNDS:
        photo = getattr(data, name)()[::2, ::2]
        photo = np.repeat(photo[..., None], 3, axis=2) if photo.ndim == 2 else photo
        photo = np.full_like(photo, 128) if plain else photo
        grounds.append(np.array_split(photo, 2, axis=1)[part != "train"])
    x, y = np.zeros((m, size, size, 3), np.float32), rng.permutation(m) % 2
    for picture, is_cat in zip(x, y, strict=True):
        photo = grounds[rng.integers(len(grounds))]
        top, left = (rng.integers(side - size) for side in photo.shape[:2])
        ground = Image.fromarray(photo[top : top + size, left : left + size])
        scene = ground.resize((size * _ZOOM, size * _ZOOM), Image.Resampling.NEAREST)
        _draw_head(scene, is_cat, rng, shift * _ZOOM)
        light = rng.uniform(0.6, 1) * np.asarray(scene.reduce(_ZOOM), np.float32)
        noise = 6 * rng.standard_normal((size, size, 3), np.float32)
        picture[:] = np.clip(light + noise, 0, 255) / 255
    return x, y.astype(np.int32)


def _draw_head(scene, is_cat, rng, shift):
    """Draw one head into a PIL image."""
    from PIL import ImageDraw

    draw = ImageDraw.Draw(scene)
    radius, tilt = rng.uniform(13, 18) * _ZOOM, np.deg2rad(rng.uniform(-20, 20))
    turn = radius * np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
    center = np.array(scene.size) / 2 + rng.uniform(-shift, shift, 2)
    fur = rng.uniform([90, 60, 40], [250, 220, 200])
    dark = tuple((fur * rng.uniform(0.45, 0.8)).astype(int).tolist())
    fur, lift = tuple(fur.astype(int).tolist()), rng.uniform(0.9, 1.15)

    def at(*points):
        return (center + np.array(points) @ turn).ravel().tolist()

    def oval(x, y, width, height, start=0, end=360):
        angles = np.deg2rad(np.linspace(start, end, 25))
        return at(*np.stack([x + width * np.cos(angles), y + height * np.sin(angles)], axis=1))

    for side in (-1, 1):
        if is_cat:
            outer = (side * 0.95, -0.3), (side * 0.85, -1.35 * lift), (side * 0.15, -0.85)
            inner = (side * 0.82, -0.5), (side * 0.78, -1.1 * lift), (side * 0.35, -0.8)
            draw.polygon(at(*outer), fill=fur)
            draw.polygon(at(*inner), fill=dark)
    draw.polygon(oval(0, 0, 1, 0.9), fill=fur)
    for side in (-1, 1):
        if not is_cat:
            length = 0.55 * lift + 0.85
            draw.polygon(oval(side, length / 2 - 0.85, 0.3, length / 2), fill=dark)
        draw.polygon(oval(0.4 * side, -0.14, 0.16, 0.16), fill=_WHITE)
        draw.polygon(oval(0.4 * side, -0.14, 0.08, 0.1), fill=_INK)
        for height in (0.25, 0.4, 0.55) if is_cat else ():
            draw.line(at((side * 0.3, 0.3), (side * 1.15, height - 0.05)), fill=_INK, width=_ZOOM)
    wide, low = (0.12, 0.32) if is_cat else (0.22, 0.42)
    draw.polygon(at((-wide, 0.15), (wide, 0.15), (0, low)), fill=_INK)
    for side in (-1, 1):
        draw.line(oval(0.15 * side, 0.37, 0.15, 0.18, end=180), fill=_INK, width=_ZOOM)
