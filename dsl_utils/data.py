"""Data sets: one `load_*` function each, with the same shapes and meaning in both profiles."""

import gzip
import os
from pathlib import Path

import numpy as np

from dsl_utils import archives, cats, downloads
from dsl_utils.archives import (
    Pets,
    PetsSet,
    Splits,
    Translations,
    load_cifar10,
    load_faces,
    load_pets,
    load_reviews,
    load_speech_commands,
    load_translations,
)
from dsl_utils.people import draw_people, photograph_people

__all__ = [
    "Pets",
    "PetsSet",
    "Splits",
    "Translations",
    "draw_people",
    "load_cats",
    "load_cifar10",
    "load_digits",
    "load_faces",
    "load_glove",
    "load_names",
    "load_pets",
    "load_photo",
    "load_reviews",
    "load_speech_commands",
    "load_text",
    "load_translations",
    "photograph_people",
]

# Fonts that Matplotlib ships. No font of the dev and test sets is seen in training, as no writer
# of MNIST's test set is.
_TRAIN_FONTS = (
    "DejaVuSans DejaVuSans-Bold DejaVuSans-Oblique DejaVuSansMono DejaVuSansMono-BoldOblique "
    "DejaVuSerif DejaVuSerif-BoldItalic STIXGeneral STIXGeneralBolIta cmr10 cmb10 cmss10"
).split()
_HELD_OUT_FONTS = "DejaVuSansMono-Bold DejaVuSerif-Italic STIXGeneralItalic cmtt10".split()

_PHOTOS = (
    "astronaut brick camera cat china clock coffee coins flower grass gravel hubble_deep_field "
    "immunohistochemistry retina rocket"
).split()


def load_digits(profile, m_train=7680):
    """Load 28 × 28 images of the ten digits.

    Offline, the digits are drawn: fonts are rotated, sheared, scaled, bent and covered with noise;
    dev and test set use four fonts that the training set does not. In the full profile they are
    the handwritten digits of MNIST.

    Args:
        profile: What `runtime.start` returned.
        m_train: How many training images to draw offline.

    Returns:
        `Splits` with images float32 in [0, 1], shape (m, 28, 28, 1), and labels int32, shape (m,).
        Offline m is m_train / 2,000 / 2,000, full 55,000 / 5,000 / 10,000.

    Raises:
        RuntimeError: If MNIST cannot be downloaded or has another checksum.

    Source: offline, original; full, Y. LeCun and C. Cortes, MNIST (CC BY-SA 3.0).
    """
    if profile.name == "full":
        return archives.load_mnist()
    sets = ((m_train, _TRAIN_FONTS), (2000, _HELD_OUT_FONTS), (2000, _HELD_OUT_FONTS))
    arrays = []
    for number, (m, fonts) in enumerate(sets):
        # One stream of random numbers for each set: none changes when another grows.
        rng = np.random.default_rng([profile.seed, number])
        # A part at a time, which takes little memory; the first part is the same for each m.
        parts = [_draw_digits(min(7680, m - k), fonts, rng) for k in range(0, m, 7680)]
        arrays += [np.concatenate(same) for same in zip(*parts, strict=True)]
    return Splits(*arrays)


def load_photo(name="camera", color=False):
    """Load a photograph that ships with scikit-image or scikit-learn.

    Args:
        name: `"astronaut"`, `"hubble_deep_field"`, `"rocket"` (public domain); `"brick"`,
            `"camera"`, `"cat"`, `"coffee"`, `"grass"`, `"gravel"`, `"retina"` (CC0); `"china"`,
            `"flower"` (CC BY 2.0: attribute); `"clock"`, `"coins"`, `"immunohistochemistry"`.
        color: Keep red, green and blue; a photograph in gray gets three equal channels.

    Returns:
        Brightness, float64 in [0, 1], shape (height, width), or (height, width, 3) in color.

    Raises:
        ValueError: If there is no such photograph.
    """
    from skimage import color as convert
    from skimage import data, util

    if name not in _PHOTOS:
        raise ValueError(f"There is no photograph {name!r}; choose one of {', '.join(_PHOTOS)}.")
    if name in ("china", "flower"):
        from sklearn.datasets import load_sample_image

        photo = load_sample_image(f"{name}.jpg")
    else:
        photo = getattr(data, name)()
    photo = util.img_as_float64(photo)
    if photo.ndim == 2:
        return convert.gray2rgb(photo) if color else photo
    return photo if color else convert.rgb2gray(photo)


def load_cats(profile, sizes=(1000, 0, 1000), still=False, plain=False):
    """Load color pictures of cats and dogs, 64 × 64 pixels, half of each.

    Offline they are drawn: heads with pointed or hanging ears, on photographs of something else. In
    the full profile they are photographs of pets.

    Args:
        profile: What `runtime.start` returned.
        sizes: How many pictures the training, dev and test set have; in the full profile, at most.
        still: The animal sits near the center. Offline the same animals move by 2 pixels at most
            instead of 6; in the full profile the photographs are cut to the animal.
        plain: Offline the same animals with plain gray behind them; in the full profile the
            photographs stay as they are.

    Returns:
        `Splits` with images float32 in [0, 1], shape (m, 64, 64, 3), and labels int32, shape (m,):
        1 cat, 0 dog.

    Raises:
        RuntimeError: If a file cannot be downloaded or has another checksum.

    Source: offline, original; full, O. Parkhi and others, Cats and dogs, 2012 (CC BY-SA 4.0).
    """
    if profile.name == "full":
        return archives.load_cat_photos(sizes, cut=still)
    arrays = []
    for number, m in enumerate(sizes):
        rng = np.random.default_rng([profile.seed, 10 + number])
        part, shift = "test" if number else "train", 2 if still else 6
        arrays += cats.draw_cats(m, rng, part, shift, plain=plain)
    return Splits(*arrays)


def load_names():
    """Load the names of towns and villages in England, for a model of characters.

    Returns:
        A list of 1,994 names, lower case from a to z, sorted, none twice.

    Source: written for this book.
    """
    return (Path(__file__).parent / "places.txt").read_text(encoding="ascii").split()


def load_text(name="shakespeare"):
    """Load a text for a model of characters; for the full profile.

    Args:
        name: `"shakespeare"`: parts of Shakespeare's plays, 1,115,394 characters. The speaker's
            name and a colon stand before each speech, an empty line after it.

    Returns:
        The text, with a line feed at the end of each line.

    Raises:
        ValueError: If there is no such text.
        RuntimeError: If the file cannot be downloaded or has another checksum.

    Source: W. Shakespeare (public domain), chosen by A. Karpathy for char-rnn, 2015.
    """
    if name != "shakespeare":
        raise ValueError(f"There is no text {name!r}; choose shakespeare.")
    return downloads.fetch("shakespeare.txt").read_text(encoding="ascii")


def load_glove(most_frequent=100_000):
    """Load pretrained word vectors, GloVe; for the full profile.

    Args:
        most_frequent: How many words to read; the file has 400,000, the most frequent first.

    Returns:
        words: A list of str, lower case.
        vectors: float32, shape (len(words), 50), a row for each word.

    Raises:
        ValueError: If `most_frequent` is not between 1 and 400,000.
        RuntimeError: If the file cannot be downloaded or has another checksum.

    Source: J. Pennington, R. Socher and C. D. Manning, GloVe, EMNLP 2014: trained on 6 billion
    words of Wikipedia and Gigaword (PDDL).
    """
    if not 1 <= most_frequent <= 400_000:
        raise ValueError(f"most_frequent is {most_frequent}; choose 1 to 400,000 words.")
    words, vectors = [], np.empty((most_frequent, 50), np.float32)
    path = downloads.fetch("glove-wiki-gigaword-50.gz")
    with (
        downloads.reading(path.name),
        gzip.open(path, "rt", encoding="utf-8", newline="\n") as file,
    ):
        next(file)  # how many words and how many numbers each
        for k, line in zip(range(most_frequent), file, strict=False):
            word, *numbers = line.rstrip("\n").split(" ")
            words.append(word)
            vectors[k] = numbers
    return words, vectors[: len(words)]


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
