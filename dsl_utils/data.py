"""Data sets: one `load_*` function each, with the same shapes and meaning in both profiles."""

import os
from typing import NamedTuple

import numpy as np

__all__ = ["Splits", "load_digits", "load_photo"]

_MNIST = {
    "url": "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
    "sha256": "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
}

# Fonts that Matplotlib ships. No font of the dev and test sets is seen in training, as no writer
# of MNIST's test set is.
_TRAIN_FONTS = (
    "DejaVuSans DejaVuSans-Bold DejaVuSans-Oblique DejaVuSansMono DejaVuSansMono-BoldOblique "
    "DejaVuSerif DejaVuSerif-BoldItalic STIXGeneral STIXGeneralBolIta cmr10 cmb10 cmss10"
).split()
_HELD_OUT_FONTS = "DejaVuSansMono-Bold DejaVuSerif-Italic STIXGeneralItalic cmtt10".split()


class Splits(NamedTuple):
    """Training, dev and test set of one data set: examples `x_*` and labels `y_*`."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_dev: np.ndarray
    y_dev: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def load_digits(profile):
    """Load 28 × 28 images of the ten digits.

    Offline, the digits are drawn: fonts are rotated, sheared, scaled, bent and covered with noise;
    dev and test set use four fonts that the training set does not. In the full profile they are
    the handwritten digits of MNIST.

    Args:
        profile: What `runtime.start` returned.

    Returns:
        `Splits` with images float32 in [0, 1], shape (m, 28, 28, 1), and labels int32, shape (m,).
        Offline m is 7,680 / 2,000 / 2,000, full 55,000 / 5,000 / 10,000.

    Raises:
        RuntimeError: If MNIST cannot be downloaded or has another checksum.

    Source: offline, original; full, Y. LeCun and C. Cortes, MNIST (CC BY-SA 3.0).
    """
    if profile.name == "full":
        return _mnist()
    sets = ((7680, _TRAIN_FONTS), (2000, _HELD_OUT_FONTS), (2000, _HELD_OUT_FONTS))
    arrays = []
    for number, (m, fonts) in enumerate(sets):
        # One stream of random numbers for each set: none changes when another grows.
        arrays += _draw_digits(m, fonts, np.random.default_rng([profile.seed, number]))
    return Splits(*arrays)


def load_photo(name="camera"):
    """Load a photograph that ships with scikit-image, in shades of gray.

    Args:
        name: A photograph in `skimage.data` that ships with the package: `"camera"` (CC0),
            `"coins"`, `"brick"`, `"grass"`, `"gravel"` (CC0), `"astronaut"` (public domain), …

    Returns:
        Brightness, float64 in [0, 1], shape (height, width).

    Raises:
        ValueError: If there is no such photograph.
    """
    from skimage import color, data, util

    shipped = ("astronaut", "brick", "camera", "cat", "clock", "coffee", "coins", "grass", "gravel")
    if name not in shipped:
        raise ValueError(f"There is no photograph {name!r}; choose one of {', '.join(shipped)}.")
    photo = util.img_as_float64(getattr(data, name)())
    return color.rgb2gray(photo) if photo.ndim == 3 else photo


def _download(url, sha256):
    """Return the path of a cached file, downloaded once and checked against its SHA-256."""
    import pooch

    folder = os.environ.get("DSL_DATA_DIR") or pooch.os_cache("dsl_utils")
    name = url.rsplit("/", 1)[-1]
    downloader = pooch.HTTPDownloader(progressbar=False, timeout=30)
    try:
        return pooch.retrieve(url, f"sha256:{sha256}", name, folder, downloader=downloader)
    except Exception as error:  # requests, urllib3, OSError and ValueError, by what went wrong
        raise RuntimeError(
            f"{name} could not be loaded from {url}: {error} Check the network and run the cell "
            "again, or use the offline profile: runtime.start(seed=1, profile='offline')."
        ) from error


def _mnist():
    with np.load(_download(**_MNIST), allow_pickle=False) as file:
        arrays = {name: file[name] for name in ("x_train", "y_train", "x_test", "y_test")}
    x = (arrays["x_train"][..., None] / np.float32(255)).astype(np.float32)  # (60000, 28, 28, 1)
    x_test = (arrays["x_test"][..., None] / np.float32(255)).astype(np.float32)
    y, y_test = arrays["y_train"].astype(np.int32), arrays["y_test"].astype(np.int32)
    m_dev = len(x) // 12  # 5,000 of 60,000
    return Splits(x[:-m_dev], y[:-m_dev], x[-m_dev:], y[-m_dev:], x_test, y_test)


def _glyphs(fonts, side=36):
    """Return ten digits a font in three stroke weights, (3 · n_fonts, 10, side, side)."""
    import matplotlib
    from PIL import Image, ImageDraw, ImageFont
    from scipy import ndimage

    folder = os.path.join(matplotlib.get_data_path(), "fonts", "ttf")
    weights = []
    for name in fonts:
        path = os.path.join(folder, f"{name}.ttf")
        font = ImageFont.truetype(path, 27, layout_engine=ImageFont.Layout.BASIC)
        plain = np.zeros((10, side, side))
        for digit in range(10):
            left, top, right, bottom = font.getbbox(str(digit))
            corner = ((side - left - right) / 2, (side - top - bottom) / 2)
            image = Image.new("L", (side, side))
            ImageDraw.Draw(image).text(corner, str(digit), fill=255, font=font)
            plain[digit] = np.asarray(image) / 255
        soft = ndimage.gaussian_filter(plain, (0, 0.9, 0.9))
        weights += [plain, np.clip(4 * (soft - 0.15), 0, 1), np.clip(3 * (soft - 0.3), 0, 1)]
    return np.stack(weights)


def _draw_digits(m, fonts, rng, size=28):
    """Return `m` distorted digits, float32 (m, size, size, 1), and their labels, int32 (m,)."""
    from scipy import ndimage

    glyphs = _glyphs(fonts)
    y = rng.integers(0, 10, m)
    images = glyphs[rng.integers(0, len(glyphs), m), y]  # (m, side, side)

    # Where each output pixel looks in its glyph: the grid about the center is rotated, sheared,
    # scaled and shifted, then bent by a smooth random field.
    angle, shear = np.deg2rad(rng.uniform(-15, 15, m)), rng.uniform(-0.25, 0.25, m)
    stretch_y, stretch_x = 1 / rng.uniform(0.75, 1.15, (2, m))
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    stretch = np.array([[stretch_y, np.zeros(m)], [shear, stretch_x]])  # (2, 2, m)
    grid = np.mgrid[:size, :size] - (size - 1) / 2  # (2, size, size)
    where = np.einsum("ijm,jkm,kyx->imyx", rotation, stretch, grid, optimize=True)
    where += (images.shape[1] - 1) / 2 + rng.uniform(-2.5, 2.5, (2, m, 1, 1))
    smooth = ndimage.zoom(np.eye(5), (size / 5, 1), order=3, mode="nearest")  # (size, 5)
    where += smooth @ rng.normal(0, 1.0, (2, m, 5, 5)) @ smooth.T

    x = _bilinear(images, where)
    x = x * rng.uniform(0.6, 1, (m, 1, 1)) + rng.normal(0, 0.12, x.shape)
    return np.clip(x, 0, 1).astype(np.float32)[..., None], y.astype(np.int32)


def _bilinear(images, where):
    """Return `images[k]` at the fractional places `where[:, k]`, shape (m, size, size)."""
    where = np.clip(where, 0, images.shape[1] - 1.001)
    (top, left), (down, across) = where.astype(int), where % 1
    k = np.arange(len(images))[:, None, None]
    upper = images[k, top, left] * (1 - across) + images[k, top, left + 1] * across
    lower = images[k, top + 1, left] * (1 - across) + images[k, top + 1, left + 1] * across
    return upper * (1 - down) + lower * down
