"""What `dsl_utils.data` returns, and how it fails."""

import hashlib
import http.server
import io
import threading

import numpy as np
import pytest

from dsl_utils import data, runtime

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


def test_no_typeface_of_dev_and_test_set_is_in_the_training_set():
    assert not set(data._TRAIN_FONTS) & set(data._HELD_OUT_FONTS)


@pytest.mark.parametrize(("name", "shape"), [("camera", (512, 512)), ("coffee", (400, 600))])
def test_photos_are_gray_between_0_and_1(name, shape):
    photo = data.load_photo(name)
    assert (photo.shape, photo.dtype) == (shape, "float64")
    assert 0 <= photo.min() < photo.max() <= 1


def test_an_unknown_photo_gets_the_list_of_known_ones():
    with pytest.raises(ValueError, match="no photograph 'dog'; choose one of .*camera"):
        data.load_photo("dog")


def small_mnist():
    """Return a file in MNIST's format with 24 + 6 images."""
    rng = np.random.default_rng(0)
    file = io.BytesIO()
    arrays = {}
    for part, m in (("train", 24), ("test", 6)):
        arrays[f"x_{part}"] = rng.integers(0, 256, (m, 28, 28), dtype=np.uint8)
        arrays[f"y_{part}"] = np.arange(m, dtype=np.uint8) % 10
    np.savez(file, **arrays)
    return file.getvalue(), arrays


@pytest.fixture
def mnist(monkeypatch, tmp_path):
    """Serve a small MNIST on loopback; return its arrays and the server."""
    content, arrays = small_mnist()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", str(len(self.server.content)))
            self.end_headers()
            self.wfile.write(self.server.content)

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.content = content
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/mnist.npz"
    monkeypatch.setattr(data, "_MNIST", {"url": url, "sha256": hashlib.sha256(content).hexdigest()})
    monkeypatch.setenv("DSL_DATA_DIR", str(tmp_path / "cache"))
    yield arrays, server
    server.shutdown()
    server.server_close()


def test_full_digits_come_from_mnist_and_are_cached(mnist):
    arrays, server = mnist
    digits = data.load_digits(FULL)
    server.content = b"gone"
    again = data.load_digits(FULL)
    assert digits.x_train.shape == (22, 28, 28, 1) and digits.x_dev.shape == (2, 28, 28, 1)
    assert np.allclose(digits.x_test[..., 0] * 255, arrays["x_test"])
    assert np.array_equal(digits.y_dev, arrays["y_train"][-2:])
    assert digits.x_train.dtype == np.float32 and digits.y_test.dtype == np.int32
    assert np.array_equal(digits.x_train, again.x_train)


def test_a_wrong_checksum_is_refused_and_leaves_nothing(mnist, tmp_path):
    _, server = mnist
    server.content = b"<html>not here</html>"
    with pytest.raises(RuntimeError, match="mnist.npz could not be loaded .*offline profile"):
        data.load_digits(FULL)
    assert not list((tmp_path / "cache").glob("*"))


def test_a_server_out_of_reach_gives_one_clear_error(mnist):
    _, server = mnist
    server.shutdown()
    server.server_close()
    with pytest.raises(RuntimeError, match="Check the network and run the cell again"):
        data.load_digits(FULL)
