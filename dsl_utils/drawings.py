"""Drawings of architectures: SVG that a cell composes from the shapes of the page's models.

Edges grow with the square roots of height, width and channels; channels run from left to right.
What draws a thing returns its `Box`; arrows run between boxes. The colors are fixed, on white: the
book shows the SVG inline, and its style sheet replaces them by class.
"""

import math
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

__all__ = ["ROLES", "Box", "Drawing", "label"]

INK = "#222222"
# The colors of `plots.ROLES`, and the slope of the hatching that tells them apart without color.
ROLES = {"train": ("#0072B2", 0), "dev": ("#D55E00", 1), "third": ("#CC79A7", -1)}
ROLES |= {"reference": (INK, 0)}


class Box(NamedTuple):
    """Where a thing stands: its middle and its size in pixels; `left` to `bottom` are points."""

    x: float
    y: float
    width: float
    height: float

    left = property(lambda box: (box.x - box.width / 2, box.y))
    right = property(lambda box: (box.x + box.width / 2, box.y))
    top = property(lambda box: (box.x, box.y - box.height / 2))
    bottom = property(lambda box: (box.x, box.y + box.height / 2))


def label(shape):
    """Write a shape as `28 × 28 × 6`; the batch axis, None, is left out."""
    return " × ".join(f"{n:,}" for n in shape if n is not None)


@dataclass(repr=False)
class Drawing:
    """An SVG that grows with what is drawn on it, and that a notebook shows.

    Args:
        title: Its name, in a few words.
        alt: A sentence that says what it shows, for those who cannot see it.
        side: Pixels for the square root of a height or a width.
        channel: Pixels for the square root of a number of channels.

    Attributes:
        shapes: What is written on it as a shape, in the order of drawing.
    """

    title: str
    alt: str
    side: float = 7
    channel: float = 3
    shapes: list = field(default_factory=list)
    _parts: list = field(default_factory=list)
    _boxes: list = field(default_factory=list)

    def text(self, x, y, words, size=14, anchor="middle", bold=False):
        """Write lines around the height y; their start, middle or end is at x."""
        lines, high = words.split("\n"), 1.25 * size
        look = {"font-weight": "600"} if bold else {}
        look |= {"text-anchor": anchor} if anchor != "middle" else {}
        look |= {"font-size": f"{size}"} if size != 14 else {}
        for n, line in enumerate(filter(None, lines)):
            base = y + (n - (len(lines) - 1) / 2) * high + 0.35 * size
            self._add("text", {"x": _at(x), "y": _at(base)} | look, line)
        wide = 0.58 * size * max(map(len, lines))
        middle = x + wide * {"start": 0.5, "middle": 0, "end": -0.5}[anchor]
        return self._keep(Box(middle, y, wide, high * len(lines)))

    def shape(self, x, y, shape, wrap=False, **look):
        """Write a shape and remember it; `wrap` puts the channels on a line of their own."""
        self.shapes.append(label(shape))
        parts = self.shapes[-1].rsplit(" × ", 1)
        return self.text(x, y, ("\n× " if wrap else " × ").join(parts), **look)

    def volume(self, x, y, shape, role="train", mark=None):
        """Draw (height, width, channels) as a box, or (units,) as a bar, around a point.

        `mark`, from 0 (top) to 1, fills the channels of one place at the front.
        """
        long, high, deep = self.size(shape)
        left, top, (_, slope) = x - (long + deep) / 2, y - (high - deep) / 2, ROLES[role]
        slab = self._slab(left, top, long, high, deep, role)
        lines = ""
        for n in range(7, int(long + high), 7) if slope else ():  # of the hatching
            ends = [(max(0, n - high), min(n, high)), (min(n, long), max(0, n - long))]
            ends = [(left + (u if slope > 0 else long - u), top + v) for u, v in ends]
            lines += "M" + "L".join(_at(*end) for end in ends)
        if lines:
            ET.SubElement(slab, "path", {"stroke-width": "0.7", "d": lines})
        if mark is not None:
            self._slab(left, top + mark * high, long, 5, min(6, deep), "dev", (0.9, 0, 0.9))
        return self._keep(Box(x, y, long + deep, high + deep))

    def size(self, shape):
        """Return a volume's length in channels, its height and its depth, in pixels."""
        *sides, channels = [n for n in shape if n is not None]
        long = self.channel * math.sqrt(channels)
        high, deep = (self.side * math.sqrt(n) for n in sides or (1, 1))
        return (max(5, long), high, 0.35 * deep) if sides else (9, long, 3)

    def block(self, x, y, words="", width=130, height=36, role="reference", opacity=0.1):
        """Draw a rounded rectangle with words in it, such as an operation, around a point."""
        place = {"x": _at(x - width / 2), "y": _at(y - height / 2), "rx": "6"}
        place |= {"width": _at(width), "height": _at(height), "fill-opacity": f"{opacity}"}
        self._add("rect", place, role=role)
        self.text(x, y, words)
        return self._keep(Box(x, y, width, height))

    def sign(self, x, y, sign="+"):
        """Draw a sign in a circle."""
        self._add("circle", {"cx": _at(x), "cy": _at(y), "r": "12"}, role="line")
        self.text(x, y, sign, size=18)
        return self._keep(Box(x, y, 24, 24))

    def arrow(self, *stops, dashed=False):
        """Draw an arrow through boxes and points, its corners rounded."""
        ways = [*zip(stops, stops[1:], strict=False), stops[:-3:-1]]
        points = [_edge(stop, toward) for stop, toward in ways]
        points[0], points[-1] = _step(points[0], points[1], 4), _step(points[-1], points[-2], 4)
        path = f"M{_at(*points[0])}"
        for before, here, after in zip(points, points[1:], points[2:], strict=False):
            curve = (_step(here, before, 8), here, _step(here, after, 8))
            path += "L{}Q{} {}".format(*(_at(*point) for point in curve))
        (x, y), (u, v) = points[-1], _step(points[-1], points[-2], 6)
        wings = [_at(u + side * 0.6 * (y - v), v - side * 0.6 * (x - u)) for side in (1, -1)]
        path += f"L{_at(x, y)}M{wings[0]}L{_at(x, y)}L{wings[1]}"
        dashes = {"stroke-dasharray": "3 5"} if dashed else {}
        self._add("path", {"d": path} | dashes, role="line")
        for x, y in points:
            self._keep(Box(x, y, 10, 10))

    def row(self, x, y, steps, gap=22):
        """Draw (words, shape, role) of each step as a volume, from left to right, with arrows.

        The first one begins at x, and y is the middle of all. Words stand above, shapes below.
        """
        boxes = []
        for words, shape, role in steps:
            lines = [*words.split("\n"), *label(shape).rsplit(" × ", 1)]
            long, _, deep = self.size(shape)
            half = (max(7.4 * max(map(len, lines)), long + deep) + gap) / 2
            boxes.append(self.volume(x + half, y, shape, role))
            x += 2 * half
        far = max(box.height for box in boxes) / 2 + 24
        for box, (words, shape, _) in zip(boxes, steps, strict=True):
            self.text(box.x, y - far, words, size=13)
            self.shape(box.x, y + far, shape, wrap=True, size=13)
        for before, after in pairwise(boxes):
            self.arrow(before, after)
        return boxes

    def _repr_mimebundle_(self, **_):
        return {"image/svg+xml": self.svg(), "text/plain": f"<Drawing: {self.title}>"}

    def svg(self):
        """Return the SVG, as large as what was drawn."""
        edges = [(*box.left, *box.top, *box.right, *box.bottom) for box in self._boxes]
        lefts, _, _, tops, rights, _, _, bottoms = zip(*edges, strict=True)
        left, top = math.floor(min(lefts)) - 14, math.floor(min(tops)) - 12
        width, height = math.ceil(max(rights)) + 14 - left, math.ceil(max(bottoms)) + 12 - top
        size = {"width": f"{width}", "height": f"{height}"}
        look = {"viewBox": f"{left} {top} {width} {height}", "fill": INK}
        look |= {"font-family": "system-ui, sans-serif", "font-size": "14", "stroke-width": "1.4"}
        look |= {"text-anchor": "middle", "stroke-linejoin": "round", "class": "drawing"}
        look |= {"xmlns": "http://www.w3.org/2000/svg", "role": "img"}
        svg = ET.Element("svg", size | look)
        ET.SubElement(svg, "title").text, ET.SubElement(svg, "desc").text = self.title, self.alt
        place = {"class": "ground", "x": f"{left}", "y": f"{top}", "rx": "8"} | size
        ET.SubElement(svg, "rect", place | {"fill": "#ffffff"})
        svg.extend(self._parts)
        # A line for each part, so that a change shows where it is.
        return re.sub("><(?=g|text|rect|circle|path cl)", ">\n<", ET.tostring(svg, "unicode"))

    def _keep(self, box):
        self._boxes.append(box)
        return box

    def _add(self, tag, look, text=None, role=None):
        color = ROLES.get(role, (INK,))[0]
        paint = {"class": role, "fill": "none" if role == "line" else color, "stroke": color}
        part = ET.Element(tag, (paint if role else {}) | look)
        part.text = text
        self._parts.append(part)
        return part

    def _slab(self, left, top, long, high, deep, role, opacities=(0.2, 0.1, 0.32)):
        slope, back = f"l{_at(deep, -deep)}", f"l{_at(-deep, deep)}z"
        front, *others = (
            f"M{_at(left, top)}h{_at(long)}v{_at(high)}h{_at(-long)}z",
            f"M{_at(left, top)}{slope}h{_at(long)}{back}",
            f"M{_at(left + long, top)}{slope}v{_at(high)}{back}",
        )
        group = self._add("g", {"fill-opacity": f"{opacities[0]}"}, role=role)
        ET.SubElement(group, "path", {"d": front})
        for path, opacity in zip(others, opacities[1:], strict=True):
            if opacity:
                ET.SubElement(group, "path", {"fill-opacity": f"{opacity}", "d": path})
        return group


def _at(*numbers):
    return " ".join(f"{round(number, 1) + 0:g}" for number in numbers)


def _edge(stop, toward):
    """Return the point where an arrow meets a box on its way toward another stop."""
    if not isinstance(stop, Box):
        return stop
    x, y = toward[:2]
    if abs(x - stop.x) > stop.width / 2:
        return stop.right if x > stop.x else stop.left
    return stop.bottom if y > stop.y else stop.top


def _step(point, toward, length):
    """Return the point that lies `length` from one point toward another."""
    distance = math.dist(point, toward) or 1
    return tuple(p + (t - p) * length / distance for p, t in zip(point, toward, strict=True))
