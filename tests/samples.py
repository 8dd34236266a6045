"""Small files in the formats of the real data sets, for the full profile without a network."""

import gzip
import io
import re
import tarfile
import wave

import numpy as np
from PIL import Image


def archive(members):
    """Return a gzipped tar archive with these members, a dict of name to content."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return file.getvalue()


def picture(pixels, kind):
    """Return an image file's bytes."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


def sound(samples):
    """Return a WAV file's bytes: one channel, 16 bits, 16 kHz."""
    file = io.BytesIO()
    with wave.open(file, "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(2)
        clip.setframerate(16000)
        clip.writeframes(np.asarray(samples, "<i2").tobytes())
    return file.getvalue()


def talks(lines, language, kind=None):
    """Return a file of IWSLT 2017: training lines between headings, or a dev or test set in XML."""
    if kind is None:
        head = ["<doc docid='1'>", "<url>http://here</url>", f"<title>{language}</title>"]
        return "\n".join([*head, *lines, "</doc>", ""]).encode()
    rows = "".join(f'<seg id="{k}"> {line} </seg>\n' for k, line in enumerate(lines, 1))
    part = {"en": "srcset", "ko": "refset"}[language]
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<mteval>\n<{part} setid="{kind}">\n'
    return f"{head}<talkid>{language}</talkid>\n{rows}</{part}>\n</mteval>\n".encode()


def make(name, words):
    """Return the content of a small file in place of one of `downloads.FILES`.

    Args:
        name: The file's name.
        words: Of these the texts and the word vectors are made.
    """
    makers = {
        "mnist.npz": digits,
        "cifar-10-binary.tar.gz": objects,
        "pets-images.tar.gz": lambda: pets()[0],
        "pets-annotations.tar.gz": lambda: pets()[1],
        "lfw-funneled.tgz": faces,
        "shakespeare.txt": lambda: plays(words),
        "glove-wiki-gigaword-50.gz": lambda: vectors(words),
        "aclImdb_v1.tar.gz": lambda: reviews(words),
        "iwslt2017-en-ko.tgz": lambda: translations(words),
        "speech_commands_v0.02.tar.gz": commands,
        "vgg19-imagenet-notop.h5": bytes,  # the network is built without weights
    }
    return makers[name]()


def digits(m=6600, m_test=300):
    """Return MNIST with other pictures: a noisy pattern for each digit."""
    rng = np.random.default_rng(0)
    patterns, arrays, file = rng.integers(0, 200, (10, 28, 28)), {}, io.BytesIO()
    for part, size in (("train", m), ("test", m_test)):
        y = arrays[f"y_{part}"] = rng.integers(0, 10, size).astype(np.uint8)
        noise = rng.integers(0, 56, (size, 28, 28))
        arrays[f"x_{part}"] = (patterns[y] + noise).astype(np.uint8)
    np.savez(file, **arrays)
    return file.getvalue()


def objects(m=100):
    """Return CIFAR-10 with other pictures, `m` in each of its six batches."""
    rng = np.random.default_rng(0)
    patterns = rng.integers(0, 200, (10, 3072))
    names = [f"data_batch_{k}" for k in range(1, 6)] + ["test_batch"]
    batches = {}
    for name in names:
        y = rng.permutation(np.arange(m) % 10)
        pixels = patterns[y] + rng.integers(0, 56, (m, 3072))
        records = np.column_stack([y, pixels]).astype(np.uint8)
        batches[f"cifar-10-batches-bin/{name}.bin"] = records.tobytes()
    return archive(batches)


def pets(m=200):
    """Return the images and the annotations of Oxford-IIIT: a spot on noise."""
    rng = np.random.default_rng(0)
    photos, masks = {}, {}
    for k in range(m):
        name = f"{'Birman' if k % 2 else 'beagle'}_{k + 1}"
        trimap, (top, left) = np.full((120, 100), 2, np.uint8), rng.integers(5, 50, 2)
        trimap[top : top + 50, left : left + 40] = 3  # a border around the animal
        trimap[top + 5 : top + 45, left + 5 : left + 35] = 1
        photo = rng.integers(0, 99, (120, 100, 3), dtype=np.uint8)
        photo[trimap == 1] += np.array([150, 40, 40 + 100 * (k % 2)], np.uint8)
        photos[f"images/{name}.jpg"] = picture(photo, "jpeg")
        masks[f"annotations/trimaps/{name}.png"] = picture(trimap, "png")
    return archive(photos), archive(masks)


def faces(people=176, each=6):
    """Return Labeled Faces in the Wild: for each person a color, with noise."""
    rng = np.random.default_rng(0)
    photos = {}
    for person, color in enumerate(rng.integers(40, 200, (people, 3))):
        for k in range(1, each + 1):
            coarse = color + rng.integers(-40, 40, (25, 25, 3))
            face = np.kron(coarse, np.ones((10, 10, 1), int)).astype(np.uint8)
            name = f"Some_One{person:03d}"
            photos[f"lfw_funneled/{name}/{name}_{k:04d}.jpg"] = picture(face, "jpeg")
    return archive(photos)


def plays(words, speeches=1200):
    """Return speeches of random words, each with its speaker and an empty line after it."""
    rng = np.random.default_rng(0)
    spoken = (" ".join(rng.choice(words, rng.integers(5, 30))) for _ in range(speeches))
    text = "\n\n".join(f"{rng.choice(words).title()}:\n{speech}." for speech in spoken)
    return f"{text}\n".encode("ascii")


def vectors(words):
    """Return GloVe's file with random vectors for these words."""
    rng = np.random.default_rng(0)
    rows = (f"{word} {' '.join(map('{:.5f}'.format, rng.normal(size=50)))}" for word in words)
    return gzip.compress("\n".join([f"{len(words)} 50", *rows, ""]).encode(), compresslevel=1)


def reviews(words, m=500):
    """Return film reviews of random words, `m` of each kind for training and 50 for the test."""
    rng = np.random.default_rng(0)
    files = {}
    for part, size in (("train", m), ("test", 50)):
        for kind in ("neg", "pos"):
            for k in range(size):
                review = " ".join(rng.choice(words, rng.integers(20, 60)))
                files[f"aclImdb/{part}/{kind}/{k}_9.txt"] = f"{review}.<br />{kind}".encode()
    return archive(files)


def translations(words, m=600):
    """Return IWSLT 2017 with random words; each English word has one Korean word."""
    rng = np.random.default_rng(0)
    korean = {word: chr(0xAC00 + 28 * (k % 399)) for k, word in enumerate(words)}
    members = {}
    for part, size in (("train", m), ("dev2010", 60), ("tst2010", 40), ("tst2015", 40)):
        sentences = [rng.choice(words, rng.integers(2, 12)) for _ in range(size)]
        for language in ("en", "ko"):
            lines = [
                " ".join(sentence if language == "en" else map(korean.get, sentence)) + " ."
                for sentence in sentences
            ]
            if part == "train":
                members[f"en-ko/train.tags.en-ko.{language}"] = talks(lines, language)
            else:
                name = f"en-ko/IWSLT17.TED.{part}.en-ko.{language}.xml"
                members[name] = talks(lines, language, part)
    return archive(members)


def commands(words=("yes", "no", "up", "down", "left", "right"), m=24):
    """Return Speech Commands with a tone for each word; 4 of `m` clips are dev, 4 are test."""
    rng = np.random.default_rng(0)
    members, lists = {}, {"validation": [], "testing": []}
    for number, word in enumerate(words):
        for k in range(m):
            clip = f"{word}/{k:08x}_nohash_0.wav"
            seconds = np.arange(16000 - 400 * (k % 4)) / 16000
            tone = 3000 * np.sin(2 * np.pi * 200 * (number + 1) * seconds)
            members[f"./{clip}"] = sound(tone + rng.normal(0, 300, seconds.size))
            if k < 8:
                lists["validation" if k < 4 else "testing"].append(clip)
    for part, clips in lists.items():
        members[f"./{part}_list.txt"] = "\n".join(clips).encode() + b"\n"
    return archive(members)


def words_of(text):
    """Return the words of a text lower case, sorted, none twice."""
    return sorted(set(re.findall("[a-z]+", text.lower())))
