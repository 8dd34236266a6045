"""Data sets: one `load_*` function each, with the same shapes and meaning in both profiles."""

import gzip
import html
import io
import os
import re
import tarfile
import wave
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np

from dsl_utils import downloads

__all__ = [
    "Pets",
    "PetsSet",
    "Splits",
    "Translations",
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

_COMMANDS = (
    "backward bed bird cat dog down eight five follow forward four go happy house learn left "
    "marvin nine no off on one right seven sheila six stop three tree two up visual wow yes zero"
).split()


class Splits(NamedTuple):
    """Training, dev and test set of one data set: examples `x_*` and labels `y_*`."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_dev: np.ndarray
    y_dev: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


class PetsSet(NamedTuple):
    """Photographs, each with one cat or dog: where it is, what it is, and which pixels are it."""

    images: np.ndarray
    boxes: np.ndarray
    labels: np.ndarray
    masks: np.ndarray


class Pets(NamedTuple):
    """Training, dev and test set of the pets."""

    train: PetsSet
    dev: PetsSet
    test: PetsSet


class Translations(NamedTuple):
    """Training, dev and test set of one pair of languages: lists of (sentence, translation)."""

    train: list[tuple[str, str]]
    dev: list[tuple[str, str]]
    test: list[tuple[str, str]]


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


def load_cifar10():
    """Load CIFAR-10, photographs of ten kinds of objects; for the full profile.

    The labels 0 to 9 mean airplane, automobile, bird, cat, deer, dog, frog, horse, ship, truck.

    Returns:
        `Splits` with images float32 in [0, 1], shape (m, 32, 32, 3), and labels int32, shape (m,);
        m is 45,000 / 5,000 / 10,000.

    Raises:
        RuntimeError: If the file cannot be downloaded or has another checksum.

    Source: A. Krizhevsky, Learning multiple layers of features from tiny images, 2009.
    """
    batches = {path.name: content for path, content in _members("cifar-10-binary.tar.gz", ".bin")}
    arrays = []
    for part in ("data_batch", "test_batch"):
        names = sorted(name for name in batches if part in name)
        # A record is a label and 32 × 32 values of red, of green and of blue.
        records = np.frombuffer(b"".join(batches[name] for name in names), np.uint8)
        records = records.reshape(-1, 1 + 3 * 32 * 32)
        images = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        arrays += [images / np.float32(255), records[:, 0].astype(np.int32)]
    return _set_dev_apart(*arrays, share=10)


def load_pets(size=64):
    """Load the Oxford-IIIT pets for detection and segmentation; for the full profile.

    Args:
        size: Height and width that every photograph and mask is scaled to, in pixels.

    Returns:
        `Pets`: about 5,900 / 700 / 700 photographs as `train`, `dev` and `test`, each with `images`
        float32 in [0, 1], shape (m, size, size, 3); `boxes` float32, shape (m, 4): top, left,
        bottom and right edge of the animal in [0, 1]; `labels` int32, shape (m,): 0 cat, 1 dog;
        `masks` uint8, shape (m, size, size): 0 background, 1 animal, 2 its border.

    Raises:
        RuntimeError: If a file cannot be downloaded or has another checksum.

    Source: O. Parkhi, A. Vedaldi, A. Zisserman and C. V. Jawahar, Cats and dogs, CVPR 2012
    (CC BY-SA 4.0).
    """
    from PIL import Image

    masks = {}
    for path, content in _members("pets-annotations.tar.gz", ".png"):
        if not path.name.startswith("._"):  # left there by another system's archiver
            mask = Image.open(io.BytesIO(content)).resize((size, size), Image.Resampling.NEAREST)
            masks[path.stem] = np.array([0, 1, 0, 2], np.uint8)[np.asarray(mask)]
    rows = []
    for path, content in _members("pets-images.tar.gz", ".jpg"):
        mask = masks.get(path.stem)
        if mask is None or not mask.any():
            continue
        image = Image.open(io.BytesIO(content)).convert("RGB").resize((size, size))
        down, across = mask.any(axis=1).nonzero()[0], mask.any(axis=0).nonzero()[0]
        box = np.array([down[0], across[0], down[-1] + 1, across[-1] + 1], np.float32) / size
        # Breeds of cats are written with a capital letter.
        rows.append((np.asarray(image), box, np.int32(path.name[0].islower()), mask))
    rows = [rows[k] for k in np.random.default_rng(0).permutation(len(rows))]
    m_dev = len(rows) // 10
    parts = rows[: -2 * m_dev], rows[-2 * m_dev : -m_dev], rows[-m_dev:]
    return Pets(*(_pets_set(part) for part in parts))


def load_faces():
    """Load Labeled Faces in the Wild for verification; for the full profile.

    Nobody is in two of the three sets, and everybody has four photographs or more.

    Returns:
        `Splits` with photographs float32 in [0, 1], shape (m, 64, 48, 3), and persons int32,
        shape (m,), numbered from 0 over all sets; of 610 persons every eighth is in the dev set,
        every eighth in the test set.

    Raises:
        RuntimeError: If the file cannot be downloaded or has another checksum.

    Source: G. B. Huang, M. Ramesh, T. Berg and E. Learned-Miller, Labeled faces in the wild, 2007;
    aligned by funneling. No consent of the persons is on record; for teaching and research only.
    """
    from PIL import Image

    photos = {}
    for path, content in _members("lfw-funneled.tgz", ".jpg"):
        image = Image.open(io.BytesIO(content)).crop((77, 61, 173, 189)).resize((48, 64))
        photos.setdefault(path.parent.name, []).append(np.asarray(image.convert("RGB")))
    persons = [photos[name] for name in sorted(photos) if len(photos[name]) >= 4]
    part = np.arange(len(persons)) % 8  # 6 dev, 7 test, others train
    arrays = []
    for chosen in (part < 6, part == 6, part == 7):
        who = np.flatnonzero(chosen).astype(np.int32)
        arrays.append(np.concatenate([persons[k] for k in who]) / np.float32(255))
        arrays.append(np.repeat(who, [len(persons[k]) for k in who]))
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


def load_reviews():
    """Load film reviews that are favorable or not; for the full profile.

    Returns:
        `Splits` with reviews as text, arrays of str of dtype object, shape (m,), and labels int32,
        shape (m,): 1 favorable, 0 not. m is 22,500 / 2,500 / 25,000. No film of the test set
        is in the other two.

    Raises:
        RuntimeError: If the file cannot be downloaded or has another checksum.

    Source: A. L. Maas et al., Learning word vectors for sentiment analysis, ACL 2011 (IMDB).
    """
    reviews = {"train": [], "test": []}
    for path, content in _members("aclImdb_v1.tar.gz", ".txt"):
        part, kind = path.parts[-3:-1]
        if part in reviews and kind in ("pos", "neg"):  # not those without a label
            text = content.decode("utf-8").replace("<br />", " ")
            reviews[part].append((text, kind == "pos"))
    arrays = []
    for part in ("train", "test"):
        order = np.random.default_rng(0).permutation(len(reviews[part]))
        texts, labels = zip(*(reviews[part][k] for k in order), strict=True)
        arrays += [np.array(texts, object), np.array(labels, np.int32)]
    return _set_dev_apart(*arrays, share=10)


def load_translations():
    """Load sentences of talks in English and in Korean; for the full profile.

    Returns:
        `Translations`: about 230,000 / 900 / 8,500 pairs `(english, korean)` of str as `train`,
        `dev` and `test`. Neighbors in a list follow each other in a talk.

    Raises:
        RuntimeError: If the file cannot be downloaded or has another checksum.

    Source: M. Cettolo, C. Girardi and M. Federico, WIT3, EAMT 2012: subtitles of TED talks, chosen
    for IWSLT 2017 (CC BY-NC-ND 4.0).
    """
    archive = "iwslt2017-en-ko.tgz"
    texts = {
        path.name: content.decode("utf-8").split("\n")
        for path, content in _members(archive, (".en", ".ko", ".xml"))
    }
    sets = Translations([], [], [])
    for name in sorted(name for name in texts if ".en-ko.en" in name):
        pairs = sets.dev if ".dev" in name else sets.test if ".tst" in name else sets.train
        with downloads.reading(archive):
            lines = zip(texts[name], texts[name.replace(".en-ko.en", ".en-ko.ko")], strict=True)
            for english, korean in lines:
                if english.startswith("<seg"):  # dev and test set are in XML
                    english, korean = (
                        html.unescape(re.sub("<.*?>", "", line)) for line in (english, korean)
                    )
                elif english.startswith("<"):  # <url> and other headings
                    continue
                if english.strip() and korean.strip():
                    pairs.append((english.strip(), korean.strip()))
    return sets


def load_speech_commands(words, per_word=1500):
    """Load spoken words, one second each; for the full profile.

    The archive of 2.4 GB is read twice: for the names, then for the sound of those that are asked.

    Args:
        words: Some of the 35 words, in the order of their labels: `["yes", "no"]`.
        per_word: How many clips of a word to take for training, at most.

    Returns:
        `Splits` with clips int16, shape (m, 16000): sound pressure, one second at 16 kHz, shorter
        clips padded with zeros; and labels int32, shape (m,): the index into `words`. Dev and test
        set are the archive's own, of other speakers.

    Raises:
        ValueError: If there is no such word, or `per_word` is below 1.
        RuntimeError: If the file cannot be downloaded or has another checksum.

    Source: P. Warden, Speech commands: a dataset for limited-vocabulary speech recognition, 2018
    (CC BY 4.0).
    """
    words = list(words)
    if unknown := [word for word in words if word not in _COMMANDS]:
        raise ValueError(f"There is no word {unknown[0]!r}; choose from {', '.join(_COMMANDS)}.")
    if per_word < 1:
        raise ValueError(f"per_word is {per_word}; choose 1 clip or more.")
    name = "speech_commands_v0.02.tar.gz"
    clips, lists = [], {}
    for path, content in _members(name, (".wav", "_list.txt")):
        if path.suffix == ".txt":
            lists[path.name] = set(content.decode("ascii").split())
        elif path.parent.name in words:
            clips.append(path)
    sets = {"train": [], "dev": [], "test": []}
    taken = dict.fromkeys(words, 0)
    clips.sort()
    for k in np.random.default_rng(0).permutation(len(clips)):
        if str(clips[k]) in lists["validation_list.txt"]:
            sets["dev"].append(clips[k])
        elif str(clips[k]) in lists["testing_list.txt"]:
            sets["test"].append(clips[k])
        elif taken[clips[k].parent.name] < per_word:
            taken[clips[k].parent.name] += 1
            sets["train"].append(clips[k])
    arrays, rows = [], {}
    for paths in sets.values():
        x = np.zeros((len(paths), 16000), np.int16)
        arrays += [x, np.array([words.index(path.parent.name) for path in paths], np.int32)]
        rows.update(zip(paths, x, strict=True))
    for path, content in _members(name, ".wav"):
        if path in rows:
            with wave.open(io.BytesIO(content)) as clip:
                samples = np.frombuffer(clip.readframes(16000), "<i2")
            rows[path][: len(samples)] = samples
    return Splits(*arrays)


def _members(name, ending):
    """Yield (path, content) of a downloaded archive's members; nothing is extracted.

    Args:
        name: One of `downloads.FILES`.
        ending: How the names of the members end, or a tuple of such endings.
    """
    path = downloads.fetch(name)
    with downloads.reading(name), tarfile.open(path, "r:gz") as archive:
        for member in archive:
            if member.isfile() and member.name.endswith(ending):
                yield PurePosixPath(member.name), archive.extractfile(member).read()


def _pets_set(rows):
    images, boxes, labels, masks = (np.stack(column) for column in zip(*rows, strict=True))
    return PetsSet(images / np.float32(255), boxes, labels, masks)


def _mnist():
    path = downloads.fetch("mnist.npz")
    with downloads.reading(path.name), np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in ("x_train", "y_train", "x_test", "y_test")}
    x = (arrays["x_train"][..., None] / np.float32(255)).astype(np.float32)  # (60000, 28, 28, 1)
    x_test = (arrays["x_test"][..., None] / np.float32(255)).astype(np.float32)
    y, y_test = arrays["y_train"].astype(np.int32), arrays["y_test"].astype(np.int32)
    return _set_dev_apart(x, y, x_test, y_test, share=12)  # 5,000 of 60,000


def _set_dev_apart(x, y, x_test, y_test, share):
    """Return `Splits` whose dev set is the last part, one in `share`, of the training set."""
    m_dev = len(x) // share
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
