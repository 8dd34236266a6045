"""Data sets of the full profile that come in archives; `data` offers them."""

import html
import io
import re
import tarfile
import wave
from pathlib import PurePosixPath
from typing import NamedTuple

import numpy as np

from dsl_utils import downloads

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

    names = "pets-annotations.tar.gz", "pets-images.tar.gz"

    def decode():
        masks, rows = {}, []
        nearest = Image.Resampling.NEAREST
        for path, content in _members(names[0], ".png"):
            if not path.name.startswith("._"):  # left there by another system's archiver
                mask = Image.open(io.BytesIO(content)).resize((size, size), nearest)
                masks[path.stem] = np.array([0, 1, 0, 2], np.uint8)[np.asarray(mask)]
        for path, content in _members(names[1], ".jpg"):
            mask = masks.get(path.stem)
            if mask is None or not mask.any():
                continue
            image = Image.open(io.BytesIO(content)).convert("RGB").resize((size, size))
            down, across = mask.any(axis=1).nonzero()[0], mask.any(axis=0).nonzero()[0]
            box = np.array([down[0], across[0], down[-1] + 1, across[-1] + 1], np.float32) / size
            # Breeds of cats are written with a capital letter.
            rows.append((np.asarray(image), box, np.int32(path.name[0].islower()), mask))
        order = np.random.default_rng(0).permutation(len(rows))
        return [np.stack(column)[order] for column in zip(*rows, strict=True)]

    images, *others = downloads.decoded(names, f"pets-{size}", decode)
    m_dev = len(images) // 10
    parts = slice(-2 * m_dev), slice(-2 * m_dev, -m_dev), slice(-m_dev, None)
    return Pets(
        *(PetsSet(images[p] / np.float32(255), *(other[p] for other in others)) for p in parts)
    )


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

    name = "lfw-funneled.tgz"

    def decode():
        photos = {}
        for path, content in _members(name, ".jpg"):
            image = Image.open(io.BytesIO(content)).crop((77, 61, 173, 189)).resize((48, 64))
            photos.setdefault(path.parent.name, []).append(np.asarray(image.convert("RGB")))
        persons = [photos[person] for person in sorted(photos) if len(photos[person]) >= 4]
        counts = [len(person) for person in persons]
        return np.concatenate(persons), np.repeat(np.arange(len(persons), dtype=np.int32), counts)

    x, y = downloads.decoded([name], "faces", decode)
    parts = y % 8 < 6, y % 8 == 6, y % 8 == 7
    return Splits(*(a for part in parts for a in (x[part] / np.float32(255), y[part])))


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
    name = "aclImdb_v1.tar.gz"

    def decode():
        reviews, arrays = {"train": [], "test": []}, []
        for path, content in _members(name, ".txt"):
            part, kind = path.parts[-3:-1]
            if part in reviews and kind in ("pos", "neg"):  # not those without a label
                text = content.decode("utf-8").replace("<br />", " ")
                reviews[part].append((text, kind == "pos"))
        for part in ("train", "test"):
            order = np.random.default_rng(0).permutation(len(reviews[part]))
            texts, labels = zip(*(reviews[part][k] for k in order), strict=True)
            joined = "\0".join(texts).encode("utf-8")  # an array of str would need pickle
            arrays += [np.frombuffer(joined, np.uint8), np.array(labels, np.int32)]
        return arrays

    texts, y, texts_test, y_test = downloads.decoded([name], "reviews", decode)
    x, x_test = (
        np.array(joined.tobytes().decode("utf-8").split("\0"), object)
        for joined in (texts, texts_test)
    )
    return _set_dev_apart(x, y, x_test, y_test, share=10)


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

    def decode():
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
        return arrays

    key = f"speech-{'-'.join(words)}-{per_word}"
    return Splits(*downloads.decoded([name], key, decode))


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


def load_cat_photos(sizes, cut):
    """Load photographs of pets for `data.load_cats`, in the form that stands there."""
    from PIL import Image

    arrays = []
    for part, m in zip(load_pets(64), sizes, strict=True):
        kinds = [np.flatnonzero(part.labels == kind)[: m // 2] for kind in (0, 1)]
        half = min(map(len, kinds))
        chosen = np.sort(np.concatenate([kind[:half] for kind in kinds]))
        images = part.images[chosen]
        for k, box in enumerate(part.boxes[chosen] if cut else ()):
            top, left, bottom, right = (64 * box).tolist()
            whole = Image.fromarray(np.uint8(255 * images[k]))
            images[k] = np.asarray(whole.resize((64, 64), box=(left, top, right, bottom))) / 255
        arrays += [images, (1 - part.labels[chosen]).astype(np.int32)]
    return Splits(*arrays)


def load_mnist():
    """Load MNIST for `data.load_digits`, in the form that stands there."""
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
