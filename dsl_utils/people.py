"""People who do not exist: drawn faces with attributes that are known, without a download."""

import numpy as np

__all__ = ["draw_people", "photograph_people"]

# What stays the same on all photographs of a person; lengths are in units of half a face.
_PERSON = dict(
    tone=(0, 1), age=(0, 1), hair=(0, 1), iris=(0, 1), width=(0.62, 0.84), jaw=(1.6, 3.2),
    ear=(0.06, 0.16), hairline=(-0.72, -0.42), length=(0.1, 1.1), eye_x=(0.26, 0.40),
    eye_y=(-0.18, 0.02), eye=(0.08, 0.14), brow=(0.02, 0.06), brow_y=(0.15, 0.24),
    slope=(-0.28, 0.14), nose=(0.18, 0.36), nostril=(0.08, 0.17), mouth=(0.17, 0.34),
    mouth_y=(0.44, 0.60), lip=(0.03, 0.085),
)  # fmt: skip
_STYLES = 5  # bald, short, long, curly, under a scarf
# What another photograph changes.
_CHANCE = dict(
    x=(-0.1, 0.1), y=(-0.06, 0.14), scale=(0.86, 1.06), roll=(-0.24, 0.24), yaw=(-0.17, 0.17),
    pitch=(-0.07, 0.07), open=(0.45, 1.1), raised=(-0.03, 0.04), smile=(-0.12, 0.18),
    drop=(-0.1, 0.11), cloth=(0, 1), wall=(0.15, 0.75), down=(-0.5, 0.5), right=(-0.5, 0.5),
    light=(0.65, 1.15),
)  # fmt: skip
_SKIN = np.array([(247, 222, 200), (222, 172, 130), (150, 95, 62), (64, 40, 30)]) / 255
_HAIR = np.array([(22, 17, 15), (60, 36, 24), (110, 62, 34), (222, 188, 120)]) / 255
_IRIS = np.array([(52, 32, 20), (96, 66, 34), (84, 116, 70), (92, 132, 176)]) / 255
_CLOTH = np.array([(190, 70, 70), (190, 170, 80), (70, 150, 90), (70, 90, 170)]) / 255


def draw_people(n, rng):
    """Draw the attributes of people, evenly and independently of each other.

    One person in five wears glasses, one in four a beard.

    Args:
        n: How many people.
        rng: A NumPy generator.

    Returns:
        A dictionary of arrays, each of shape (n,): `tone` (0 light, 1 dark), `age`, `hair`,
        `style` (of the hair: 0 bald, 1 short, 2 long, 3 curly, 4 under a scarf), `glasses` (0 or
        1), `beard` and the proportions of the face.
    """
    people = {name: rng.uniform(*ends, n) for name, ends in _PERSON.items()}
    people["style"] = rng.integers(0, _STYLES, n)
    people["beard"] = (rng.random(n) < 0.25) * rng.uniform(0.4, 0.9, n)
    people["glasses"] = (rng.random(n) < 0.2) * 1.0
    return people


def photograph_people(people, who, rng, size=(48, 36)):
    """Take one photograph each of some people, with pose, light and expression by chance.

    The light multiplies the colors, while the noise is equally strong for everybody: a dark face
    leaves less signal above it. The same people with some attribute changed and a generator in the
    same state give the same photographs but for that attribute.

    Args:
        people: What `draw_people` returned.
        who: Numbers of the people to photograph, shape (m,).
        rng: A NumPy generator.
        size: Height and width in pixels.

    Returns:
        float32 in [0, 1], shape (m, *size, 3).
    """
    m, (height, width) = len(who), size
    p = {name: values[who] for name, values in people.items()}
    p |= {name: rng.uniform(*ends, m) for name, ends in _CHANCE.items()}
    p = {name: np.float32(values)[:, None, None] for name, values in p.items()}
    skin, cloth = _blend(_SKIN, p["tone"]), _blend(_CLOTH, p["cloth"])
    gray = 0.9 * np.clip(2 * p["age"] - 1, 0, 1)[..., None]
    hair = _blend(_HAIR, p["hair"]) * (1 - gray) + 0.82 * gray
    canvas = _Canvas(p, size, rng)
    _paint_head(canvas, p, skin, hair, cloth)
    _paint_eyes(canvas, p, skin, hair)
    _paint_mouth(canvas, p, skin)
    down, right = np.linspace(-1, 1, height)[:, None], np.linspace(-1, 1, width)
    light = p["light"] * (1 + p["down"] * down + p["right"] * right)
    tint = rng.uniform(0.88, 1.12, (m, 1, 1, 3))
    noise = 0.03 * rng.standard_normal(canvas.pixels.shape, dtype="float32")
    return np.float32(np.clip(canvas.pixels * light[..., None] * tint + noise, 0, 1))


def _blend(colors, where):
    """Return the colors at these places of a scale from 0 to 1."""
    stops = np.linspace(0, 1, len(colors))
    return np.stack([np.interp(where, stops, c) for c in colors.T], -1).astype("float32")


class _Canvas:
    """Many photographs at once; what is nearer to the camera moves further when the head turns."""

    def __init__(self, p, size, rng):
        (height, width), m = size, len(p["x"])
        self.p, self.unit = p, 0.39 * height * p["scale"]  # pixels of half a face
        down = (np.arange(height, dtype="float32")[:, None] - height / 2) / self.unit - p["y"]
        right = (np.arange(width, dtype="float32") - width / 2) / self.unit - p["x"]
        cos, sin = np.cos(p["roll"]), np.sin(p["roll"])
        self.u, self.v = cos * right + sin * down, cos * down - sin * right
        tint, slant = rng.uniform(-0.14, 0.14, (2, m, 1, 1, 3)).astype("float32")
        self.pixels = p["wall"][..., None] + tint + slant * (self.u + self.v)[..., None]

    def at(self, depth):
        """Return the coordinates of the face at some depth."""
        return self.u - self.p["yaw"] * depth, self.v - self.p["pitch"] * depth

    def ellipse(self, u, v, x, y, rx, ry, power=2):
        """Return how much of each pixel an ellipse covers; its edge is one pixel wide."""
        q = (np.abs((u - x) / rx) ** power + np.abs((v - y) / ry) ** power) ** (1 / power)
        return np.clip(0.5 + (1 - q) * np.minimum(rx, ry) * self.unit, 0, 1)

    def paint(self, alpha, color):
        """Cover a share of each pixel with a color."""
        self.pixels += np.float32(alpha)[..., None] * (np.float32(color) - self.pixels)


def _paint_head(canvas, p, skin, hair, cloth):
    """Paint what is behind the head, the face, and hair or a scarf around it."""
    paint, ellipse, wide, style = canvas.paint, canvas.ellipse, p["width"], p["style"]
    u, v = canvas.at(-0.3)
    reach = 0.25 + 0.75 * p["length"]
    long_hair = ellipse(u, v, 0, reach / 2 - 0.5, wide * 1.22, 0.72 + reach / 2, 3)
    paint((style == 2) * long_hair, hair)
    round_hair = ellipse(u, v, 0, -0.32, wide * (0.9 + reach / 3), 0.8 + reach / 5)
    paint((style == 3) * round_hair, hair)
    paint((style == 4) * ellipse(u, v, 0, 0.12, wide * 1.25, 1.3), cloth)
    paint(ellipse(u, v, 0, 1.1, wide * 0.55, 0.6, 3), skin * 0.85)
    paint(ellipse(u, v, 0, 1.9, wide * 1.7, 0.75, 3), cloth[..., ::-1])
    ears = ellipse(np.abs(u), v, wide, 0, p["ear"], p["ear"] * 1.5)
    paint((style != 4) * ears, skin * 0.88)
    u, v = canvas.at(0.0)
    face = ellipse(u, v, 0, 0, wide, 1.0, np.where(v > 0, p["jaw"], 2).astype("float32"))
    paint(face, skin)
    paint(face * 0.35 * np.clip(np.abs(u) / wide, 0, 1) ** 3, skin * 0.5)
    chin = ellipse(u, v, 0, 0.68, wide * 0.8, 0.42) * face * (v > 0.22)
    paint(chin * p["beard"], hair * 0.8)
    top = np.clip((p["hairline"] + 0.35 * np.abs(u) - v) * canvas.unit, 0, 1)
    paint(np.isin(style, (1, 2, 3)) * top * ellipse(u, v, 0, 0, wide * 1.08, 1.1), hair)
    rim = ellipse(u, v, 0, 0.05, wide * 1.1, 1.12) - ellipse(u, v, 0, 0.08, wide * 0.86, 0.98)
    paint((style == 4) * np.clip(rim, 0, 1), cloth * 0.9)


def _paint_eyes(canvas, p, skin, hair):
    """Paint the lines of age, eyes, brows and glasses; np.abs(u) paints both sides at once."""
    paint, ellipse, unit = canvas.paint, canvas.ellipse, canvas.unit
    u, v = canvas.at(0.5)
    u = np.abs(u)
    old = 0.55 * np.clip(2 * p["age"] - 0.8, 0, 1)
    x, y, r = p["eye_x"] * p["width"] / 0.73, p["eye_y"], p["eye"]
    lines = np.clip(1 - np.abs(np.abs(v + 0.5) - 0.07) * unit, 0, 1) * (u < p["width"] / 2)
    fold = np.clip(1 - np.abs(u - 0.08 - 0.3 * v) * unit, 0, 1) * (np.abs(v - 0.42) < 0.16)
    bags = ellipse(u, v, x, y + 0.14, r * 1.2, 0.05)
    paint(np.maximum(np.maximum(lines, fold), bags) * old, skin * 0.6)
    white = ellipse(u, v, x, y, r * 1.4, r * 0.85 * p["open"])
    paint(white, 0.94)
    paint(white * ellipse(u, v, x, y, r * 0.75, r * 0.75), _blend(_IRIS, p["iris"]))
    paint(white * ellipse(u, v, x, y, r * 0.36, r * 0.36), 0.03)
    tilted = v + p["slope"] * (u - x)
    brow_y = y - p["brow_y"] - p["raised"]
    paint(ellipse(u, tilted, x, brow_y, r * 1.7, p["brow"], 3), hair * 0.7)
    ring = ellipse(u, v, x, y, 0.23, 0.19) - ellipse(u, v, x, y, 0.18, 0.14)
    bridge = (np.abs(v - y) < 0.03) * (u < x - 0.2)
    paint(p["glasses"] * np.clip(ring + bridge, 0, 1), 0.09)


def _paint_mouth(canvas, p, skin):
    """Paint nose and mouth: the smile bends the lips, a dropped jaw opens them."""
    paint, unit = canvas.paint, canvas.unit
    u, v = canvas.at(1.0)
    tip = p["eye_y"] + 0.1 + p["nose"]
    slope = np.clip((v - p["eye_y"] - 0.08) / p["nose"], 0, 1)
    side = p["nostril"] * (0.25 + 0.75 * slope) - np.abs(u)
    inside = np.minimum(np.minimum(side, v - p["eye_y"]), tip - v)
    paint(np.clip(0.5 + inside * unit, 0, 1), skin * 0.84)
    holes = canvas.ellipse(np.abs(u), v, p["nostril"] * 0.6, tip - 0.02, 0.035, 0.025)
    paint(holes, skin * 0.35)
    u, v = canvas.at(0.6)
    half = p["mouth"] * (1 + 0.8 * np.maximum(0, p["smile"]))
    bend = v - p["mouth_y"] + p["smile"] * ((u / half) ** 2 - 0.5)
    taper = np.sqrt(np.clip(1 - (u / half) ** 2, 0, 1))
    gap = np.maximum(0, p["drop"]) + 0.012
    for above, below, color in (
        (p["lip"], p["lip"] + gap, skin * 0.55 + np.float32([0.28, 0.09, 0.11])),
        (0.012, gap, (0.22, 0.06, 0.07)),
    ):
        inside = np.minimum(bend + above * taper, below * taper - bend)
        paint((taper > 0) * np.clip(0.5 + inside * unit, 0, 1), color)
