"""What `dsl_utils.data` returns, and how it fails."""

import gzip
import hashlib
import io
import tarfile

import numpy as np
import pytest

from dsl_utils import archives, data, downloads, runtime
from tests.samples import archive, make, picture, sound, talks

OFFLINE = runtime.Profile("offline", 1)
FULL = runtime.Profile("full", 1)


@pytest.fixture(scope="module")
def digits():
    return data.load_digits(OFFLINE)


def test_offline_digits_have_the_form_that_is_promised(digits):
    sizes = {"train": 7680, "dev": 2000, "test": 2000}
    for name, m in sizes.items():
        x, y = getattr(digits, f"x_{name}"), getattr(digits, f"y_{name}")
        assert (x.shape, x.dtype, y.shape, y.dtype) == ((m, 28, 28, 1), "float32", (m,), "int32")
        assert x.min() == 0 and 0.9 < x.max() <= 1
        assert np.bincount(y, minlength=10).min() > 0.07 * m


def test_offline_digits_repeat_and_depend_on_the_seed(digits):
    again = data.load_digits(OFFLINE)
    other = data.load_digits(runtime.Profile("offline", 2))
    assert np.array_equal(digits.x_test, again.x_test)
    assert not np.array_equal(digits.x_test, other.x_test)
    assert not np.array_equal(digits.x_dev, digits.x_test)


def test_more_offline_digits_begin_with_the_same_ones(digits):
    more = data.load_digits(OFFLINE, m_train=7700)
    assert more.x_train.shape == (7700, 28, 28, 1) and more.y_train.dtype == np.int32
    assert np.array_equal(more.x_train[:7680], digits.x_train)
    assert np.array_equal(more.y_dev, digits.y_dev)


def test_no_typeface_of_dev_and_test_set_is_in_the_training_set():
    assert not set(data._TRAIN_FONTS) & set(data._HELD_OUT_FONTS)


def test_drawn_cats_repeat_and_only_move_when_they_do_not_sit_still():
    sizes = (20, 0, 10)
    moving, again = (data.load_cats(OFFLINE, sizes) for _ in range(2))
    still = data.load_cats(OFFLINE, sizes, still=True)
    assert (moving.x_train.shape, moving.x_train.dtype) == ((20, 64, 64, 3), "float32")
    assert (moving.x_dev.shape, moving.x_test.shape) == ((0, 64, 64, 3), (10, 64, 64, 3))
    assert (moving.y_train.sum(), moving.y_train.dtype) == (10, "int32")
    assert 0 <= moving.x_train.min() < moving.x_train.max() <= 1
    assert np.array_equal(moving.x_train, again.x_train)
    assert np.array_equal(moving.y_train, still.y_train)
    assert not np.array_equal(moving.x_train, still.x_train)


def test_a_plain_background_changes_nothing_but_the_background():
    photographs, plain = (
        data.load_cats(OFFLINE, (20, 0, 10), plain=gray) for gray in (False, True)
    )
    assert np.array_equal(photographs.y_train, plain.y_train)
    middle = (slice(None), slice(31, 33), slice(31, 33))  # the head covers it, wherever it sits
    assert np.array_equal(photographs.x_train[middle], plain.x_train[middle])
    corner = plain.x_train[:, 0, 0].std(axis=1)  # gray, but for the noise
    assert corner.max() < 0.1 < photographs.x_train[:, 0, 0].std(axis=1).max()


@pytest.mark.parametrize(
    ("name", "shape"), [("camera", (512, 512)), ("coffee", (400, 600)), ("china", (427, 640))]
)
def test_photos_are_between_0_and_1_in_gray_and_in_color(name, shape):
    gray, color = data.load_photo(name), data.load_photo(name, color=True)
    assert (gray.shape, color.shape) == (shape, (*shape, 3))
    for photo in (gray, color):
        assert photo.dtype == "float64" and 0 <= photo.min() < photo.max() <= 1


def test_an_unknown_photo_gets_the_list_of_known_ones():
    with pytest.raises(ValueError, match="no photograph 'dog'; choose one of .*camera"):
        data.load_photo("dog")


@pytest.fixture
def serve(monkeypatch, tmp_path):
    """Return a function that puts a file into the cache as one of those to download."""
    monkeypatch.setenv("DSL_DATA_DIR", str(tmp_path))

    def publish(name, content):
        (tmp_path / name).write_bytes(content)
        checksum = f"sha256:{hashlib.sha256(content).hexdigest()}"
        file = downloads.FILES[name]._replace(checksum=checksum, size=len(content))
        monkeypatch.setitem(downloads.FILES, name, file)

    return publish


@pytest.fixture
def mnist(serve):
    """Serve a file in MNIST's format with 24 + 6 images; return its arrays."""
    rng = np.random.default_rng(0)
    file = io.BytesIO()
    arrays = {}
    for part, m in (("train", 24), ("test", 6)):
        arrays[f"x_{part}"] = rng.integers(0, 256, (m, 28, 28), dtype=np.uint8)
        arrays[f"y_{part}"] = np.arange(m, dtype=np.uint8) % 10
    np.savez(file, **arrays)
    serve("mnist.npz", file.getvalue())
    return arrays


def test_full_digits_come_from_mnist(mnist):
    digits = data.load_digits(FULL)
    assert digits.x_train.shape == (22, 28, 28, 1) and digits.x_dev.shape == (2, 28, 28, 1)
    assert np.allclose(digits.x_test[..., 0] * 255, mnist["x_test"])
    assert np.array_equal(digits.y_dev, mnist["y_train"][-2:])
    assert digits.x_train.dtype == np.float32 and digits.y_test.dtype == np.int32


def test_pickled_and_broken_arrays_are_refused(serve):
    file = io.BytesIO()
    np.savez(file, x_train=np.array([{"a": print}], object))
    for content in (file.getvalue(), b"<html>not here</html>"):
        serve("mnist.npz", content)
        with pytest.raises(RuntimeError, match="^mnist.npz is not in the format that was expected"):
            data.load_digits(FULL)


def test_of_an_archive_only_files_are_read_and_nothing_is_written(serve, tmp_path):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        for name, kind, target in (
            ("../../out/side.txt", tarfile.REGTYPE, ""),
            ("/a/train/pos/1.txt", tarfile.SYMTYPE, "/etc/hostname"),
            ("a/train/pos/2.txt", tarfile.LNKTYPE, "../../out/side.txt"),
            ("a/train/pos/3.txt", tarfile.CHRTYPE, ""),
            *(
                (f"a/{part}/{kind}/4.txt", tarfile.REGTYPE, "")
                for part in ("train", "test")
                for kind in ("pos", "neg")
            ),
        ):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, target
            entry.size = 4 if kind == tarfile.REGTYPE else 0
            tar.addfile(entry, io.BytesIO(b"text"))
    serve("aclImdb_v1.tar.gz", file.getvalue())
    reviews = data.load_reviews()
    assert reviews.x_test.tolist() == ["text", "text"]
    assert not (tmp_path.parent / "out").exists()
    written = [path.name for path in tmp_path.iterdir() if not path.match("decoded-*.npz")]
    assert written == ["aclImdb_v1.tar.gz"]
    serve("aclImdb_v1.tar.gz", file.getvalue()[:-40])
    with pytest.raises(RuntimeError, match="^aclImdb_v1.tar.gz is not in the format"):
        data.load_reviews()


def test_cifar10_keeps_the_order_of_rows_columns_and_colors(serve):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (6, 20, 3, 32, 32), dtype=np.uint8)
    labels = rng.integers(0, 10, (6, 20), dtype=np.uint8)
    names = [f"cifar/data_batch_{k}.bin" for k in range(1, 6)] + ["cifar/test_batch.bin"]
    members = {"cifar/batches.meta.txt": b"airplane"}
    for name, batch, y in zip(names, images, labels, strict=True):
        records = np.column_stack([y, batch.reshape(20, -1)])
        members[name] = records.tobytes()
    serve("cifar-10-binary.tar.gz", archive(members))
    splits = data.load_cifar10()
    assert splits.x_train.shape == (90, 32, 32, 3) and splits.x_dev.shape == (10, 32, 32, 3)
    assert splits.x_test.dtype == np.float32 and splits.y_test.dtype == np.int32
    assert np.array_equal(splits.y_test, labels[5]) and np.array_equal(
        splits.y_train[:20], labels[0]
    )
    assert np.allclose(splits.x_test[3, 5, 7] * 255, images[5, 3, :, 5, 7])


def test_pets_have_the_box_and_the_mask_of_the_animal(serve):
    photos, masks = {}, {}
    trimap = np.full((100, 80), 2, np.uint8)
    trimap[20:70, 40:60] = 3  # a border around the animal
    trimap[30:60, 45:55] = 1
    for k in range(20):
        name = f"{'Birman' if k % 2 else 'beagle'}_{k}"
        photos[f"images/{name}.jpg"] = picture(np.full((100, 80, 3), 10 * k, np.uint8), "jpeg")
        masks[f"annotations/trimaps/{name}.png"] = picture(trimap, "png")
    masks["annotations/trimaps/._beagle_0.png"] = b"not an image"
    photos["images/without_mask.jpg"] = photos["images/beagle_0.jpg"]
    serve("pets-images.tar.gz", archive(photos))
    serve("pets-annotations.tar.gz", archive(masks))
    pets = data.load_pets(size=40)
    assert [len(part.labels) for part in pets] == [16, 2, 2]
    labels = np.concatenate([part.labels for part in pets])
    assert np.bincount(labels).tolist() == [10, 10]
    shades = np.concatenate([part.images[:, 0, 0, 0] for part in pets])
    assert np.array_equal(np.rint(shades * 25.5).astype(int) % 2, 1 - labels)
    assert pets.train.images.shape == (16, 40, 40, 3) and pets.train.images.dtype == np.float32
    assert np.allclose(pets.train.boxes, [0.2, 0.5, 0.7, 0.75])
    assert pets.dev.masks[0, [0, 10, 18], [0, 21, 25]].tolist() == [0, 2, 1]


def test_faces_of_one_person_are_in_one_set(serve):
    faces = {"faces/readme.txt": b"text"}
    for person in range(17):
        for k in range(3 if person == 4 else 4):  # one has too few photographs
            face = np.full((250, 250, 3), 12 * person, np.uint8)
            faces[f"faces/Name_{person:02d}/Name_{person:02d}_{k + 1:04d}.jpg"] = picture(
                face, "jpeg"
            )
    serve("lfw-funneled.tgz", archive(faces))
    splits = data.load_faces()
    assert splits.x_train.shape == (48, 64, 48, 3) and splits.x_train.dtype == np.float32
    assert [len(y) for y in splits[1::2]] == [48, 8, 8]
    assert not set(splits.y_train) & set(splits.y_dev) and not set(splits.y_dev) & set(
        splits.y_test
    )
    shades = np.rint(splits.x_test.mean(axis=(1, 2, 3)) * 255 / 12)
    assert shades.tolist() == [8] * 4 + [16] * 4


def test_names_are_of_26_letters_sorted_and_none_is_there_twice():
    names = data.load_names()
    assert len(names) == 1994 and names == sorted(set(names))
    assert set("".join(names)) == set("abcdefghijklmnopqrstuvwxyz")


def test_a_text_comes_as_it_is_and_an_unknown_one_is_refused(serve):
    serve("shakespeare.txt", b"First Citizen:\nSpeak, speak.\n\n")
    assert data.load_text("shakespeare") == "First Citizen:\nSpeak, speak.\n\n"
    with pytest.raises(ValueError, match="no text 'homer'; choose shakespeare"):
        data.load_text("homer")


def test_word_vectors_are_read_in_their_order_as_far_as_is_asked(serve):
    lines = [
        "3 50",
        "the " + " ".join(["0.5"] * 50),
        "d\u00e9j\u00e0\u0085 " + " ".join(["-1e-3"] * 50),
    ]
    lines.append("vu " + " ".join(["2"] * 50))
    serve("glove-wiki-gigaword-50.gz", gzip.compress("\n".join(lines).encode() + b"\n"))
    words, vectors = data.load_glove(most_frequent=2)
    assert words == ["the", "d\u00e9j\u00e0\u0085"] and vectors.shape == (2, 50)
    assert vectors.dtype == np.float32 and np.allclose(vectors[:, 0], [0.5, -0.001])
    assert data.load_glove(most_frequent=5)[1].shape == (3, 50)  # no more than there are
    with pytest.raises(ValueError, match="most_frequent is 0; choose 1 to 400,000 words"):
        data.load_glove(most_frequent=0)


def test_reviews_are_shuffled_and_those_without_a_label_left_out(serve):
    members = {"aclImdb/README": b"text", "aclImdb/train/urls_pos.txt": b"address"}
    for part, m in (("train", 10), ("test", 6)):
        for kind in ("neg", "pos", "unsup"):
            for k in range(m):
                review = f"{part} {kind}<br />{k}: caf\u00e9"
                members[f"aclImdb/{part}/{kind}/{k}_9.txt"] = review.encode()
    serve("aclImdb_v1.tar.gz", archive(members))
    splits = data.load_reviews()
    assert [len(y) for y in splits[1::2]] == [18, 2, 12]
    for part, x, y in zip(("train", "train", "test"), splits[::2], splits[1::2], strict=True):
        assert y.dtype == np.int32 and x.dtype == object
        for text, label in zip(x, y, strict=True):
            assert text.startswith(f"{part} {'pos' if label else 'neg'} ")
            assert text.endswith(": caf\u00e9")
    assert 0 < splits.y_test[:6].sum() < 6
    assert len({*splits.x_train, *splits.x_dev}) == 20


def test_translations_stay_beside_their_sentences(serve):
    members = {"en-ko/README": b"text"}
    for language, lines in (
        ("en", ["Good\u2028morning .", "", "Only here", "<b>Thanks</b> is no sentence", "Thanks."]),
        (
            "ko",
            ["\uc548\ub155 .", "\uc5ec\uae30\ub9cc", " ", "x", "<\uace0\ub9d9\uc2b5\ub2c8\ub2e4>"],
        ),
    ):
        members[f"en-ko/train.tags.en-ko.{language}"] = talks(lines, language)
        for kind in ("dev2010", "tst2010", "tst2015"):
            name = f"en-ko/IWSLT17.TED.{kind}.en-ko.{language}.xml"
            members[name] = talks([f"{kind} &amp; {language}"], language, kind)
    serve("iwslt2017-en-ko.tgz", archive(members))
    sets = data.load_translations()
    assert sets.train == [
        ("Good\u2028morning .", "\uc548\ub155 ."),
        ("Thanks.", "<\uace0\ub9d9\uc2b5\ub2c8\ub2e4>"),
    ]
    assert sets.dev == [("dev2010 & en", "dev2010 & ko")]
    assert sets.test == [("tst2010 & en", "tst2010 & ko"), ("tst2015 & en", "tst2015 & ko")]


def test_translations_that_lost_a_line_are_refused(serve):
    lines = {"en": ["One.", "Two."], "ko": ["\ud558\ub098."]}
    serve(
        "iwslt2017-en-ko.tgz",
        archive({f"en-ko/train.tags.en-ko.{key}": talks(lines[key], key) for key in lines}),
    )
    with pytest.raises(RuntimeError, match="^iwslt2017-en-ko.tgz is not in the format"):
        data.load_translations()


@pytest.fixture
def commands(serve):
    """Serve spoken words in the real format: 9 clips of each of three words, 2 dev and 3 test."""
    members, lists = {}, {"validation": [], "testing": []}
    for number, word in enumerate(("yes", "no", "bed")):
        for k in range(9):
            clip = f"{word}/{k:08x}_nohash_0.wav"
            members[f"./{clip}"] = sound(np.full(16000 - 100 * k, 100 * number + k))
            part = {0: "validation", 1: "validation", 2: "testing", 3: "testing", 4: "testing"}
            if k in part:
                lists[part[k]].append(clip)
    members["./_background_noise_/running_tap.wav"] = sound(np.zeros(70000))
    members["./LICENSE"] = b"text"
    for part, clips in lists.items():
        members[f"./{part}_list.txt"] = "\n".join(clips).encode() + b"\n"
    serve("speech_commands_v0.02.tar.gz", archive(members))


def test_spoken_words_are_padded_and_split_as_the_archive_says(commands):
    splits = data.load_speech_commands(["yes", "no"])
    assert [x.shape for x in splits[::2]] == [(8, 16000), (4, 16000), (6, 16000)]
    for x, y, of_split in zip(
        splits[::2], splits[1::2], ({5, 6, 7, 8}, {0, 1}, {2, 3, 4}), strict=True
    ):
        assert x.dtype == np.int16 and y.dtype == np.int32
        assert np.array_equal(x[:, 0] // 100, y)  # not in the order of the alphabet
        for label in (0, 1):
            assert set(x[y == label, 0] % 100) == of_split
        for clip in x:
            length = 16000 - 100 * (clip[0] % 100)
            assert np.all(clip[:length] == clip[0]) and not clip[length:].any()


def test_spoken_words_of_the_training_set_are_limited_and_always_the_same(commands):
    few, again = (data.load_speech_commands(["yes", "bed"], per_word=2) for _ in range(2))
    assert np.bincount(few.y_train).tolist() == [2, 2]
    assert len(few.y_dev) == 4 and len(few.y_test) == 6
    assert all(np.array_equal(one, two) for one, two in zip(few, again, strict=True))


def test_an_unknown_word_gets_the_list_of_known_ones():
    with pytest.raises(ValueError, match=r"no word 'hello'; choose from backward, .*, yes, zero\."):
        data.load_speech_commands(["yes", "hello"])
    with pytest.raises(ValueError, match="per_word is 0; choose 1 clip or more"):
        data.load_speech_commands(["yes"], per_word=0)


@pytest.mark.parametrize(
    ("files", "load"),
    [
        (["pets-annotations.tar.gz", "pets-images.tar.gz"], data.load_pets),
        (["lfw-funneled.tgz"], data.load_faces),
        (["aclImdb_v1.tar.gz"], data.load_reviews),
        (["speech_commands_v0.02.tar.gz"], lambda: data.load_speech_commands(["yes", "no"], 9)),
    ],
    ids=["pets", "faces", "reviews", "speech"],
)
def test_an_archive_is_decoded_once_and_read_the_next_time(files, load, serve, monkeypatch):
    for name in files:
        serve(name, make(name, ["some", "words"]))
    first = load()
    monkeypatch.setattr(archives, "_members", lambda *_: pytest.fail("decoded again"))
    arrays = []
    for sets in (first, load()):
        arrays.append(sum(map(list, sets), []) if isinstance(sets, data.Pets) else list(sets))
    for one, again in zip(*arrays, strict=True):
        assert one.dtype == again.dtype and np.array_equal(one, again)
