"""The files that the full profile downloads: one table, and one function that fetches them."""

import contextlib
import hashlib
import os
import time
from pathlib import Path
from typing import NamedTuple

__all__ = ["FILES", "File", "fetch", "reading"]

# Seconds to connect, and to wait for the next bytes; seconds before the second and third try.
_TIMEOUT = (5, 15)
_PAUSES = (1, 4)


class File(NamedTuple):
    """What is known of a file before it is downloaded.

    Attributes:
        url: Its address.
        sha256: Its checksum, seen in at least two places; None if it could not be confirmed: such
            a file is never downloaded.
        size: In bytes.
        license: Of its content.
        source: Whom to cite.
        mirror: A second address with the same bytes, or None.
    """

    url: str
    sha256: str | None
    size: int
    license: str
    source: str
    mirror: str | None = None


FILES = {
    "mnist.npz": File(
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
        "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
        11_490_434,
        "CC BY-SA 3.0",
        "Y. LeCun and C. Cortes, MNIST",
    ),
    "cifar-10-binary.tar.gz": File(
        "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
        "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
        170_052_171,
        "none stated",
        "A. Krizhevsky, Learning multiple layers of features from tiny images, 2009",
    ),
    "pets-images.tar.gz": File(
        "https://thor.robots.ox.ac.uk/~vgg/data/pets/images.tar.gz",
        "67195c5e1c01f1ab5f9b6a5d22b8c27a580d896ece458917e61d459337fa318d",
        791_918_971,
        "CC BY-SA 4.0",
        "O. Parkhi, A. Vedaldi, A. Zisserman and C. V. Jawahar, Cats and dogs, CVPR 2012",
        mirror="https://www.robots.ox.ac.uk/~vgg/data/pets/data/images.tar.gz",
    ),
    "pets-annotations.tar.gz": File(
        "https://thor.robots.ox.ac.uk/~vgg/data/pets/annotations.tar.gz",
        "52425fb6de5c424942b7626b428656fcbd798db970a937df61750c0f1d358e91",
        19_173_078,
        "CC BY-SA 4.0",
        "O. Parkhi, A. Vedaldi, A. Zisserman and C. V. Jawahar, Cats and dogs, CVPR 2012",
        mirror="https://www.robots.ox.ac.uk/~vgg/data/pets/data/annotations.tar.gz",
    ),
    "lfw-funneled.tgz": File(
        "https://ndownloader.figshare.com/files/5976015",
        "b47c8422c8cded889dc5a13418c4bc2abbda121092b3533a83306f90d900100a",
        243_346_528,
        "none stated; for research",
        "G. B. Huang, M. Ramesh, T. Berg and E. Learned-Miller, Labeled faces in the wild, 2007",
    ),
    "shakespeare.txt": File(
        "https://storage.googleapis.com/download.tensorflow.org/data/shakespeare.txt",
        "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
        1_115_394,
        "public domain",
        "W. Shakespeare, chosen by A. Karpathy for char-rnn, 2015",
        mirror="https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/"
        "input.txt",
    ),
    "glove-wiki-gigaword-50.gz": File(
        "https://github.com/piskvorky/gensim-data/releases/download/glove-wiki-gigaword-50/"
        "glove-wiki-gigaword-50.gz",
        "5c55f98957aa9fed8d2ac5fb1dcff57af3b23c5a3ee7af3f7945f8d49198eb24",
        69_182_535,
        "PDDL 1.0",
        "J. Pennington, R. Socher and C. D. Manning, GloVe, EMNLP 2014",
    ),
    "aclImdb_v1.tar.gz": File(
        "https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz",
        "c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe",
        84_125_825,
        "none stated",
        "A. L. Maas et al., Learning word vectors for sentiment analysis, ACL 2011",
    ),
    "iwslt2017-en-ko.tgz": File(
        "https://huggingface.co/datasets/IWSLT/iwslt2017/resolve/"
        "ebd7c60d9800c2a1be010a227e5f0a2363730f7a/data/2017-01-trnted/texts/en/ko/en-ko.tgz",
        "0ac6caa1fbfbb0c79f1e9ef2f8e5493b83003d6ad85ef504a5584e3b8b006f00",
        19_363_699,
        "CC BY-NC-ND 4.0",
        "M. Cettolo, C. Girardi and M. Federico, WIT3, EAMT 2012: TED talks as of IWSLT 2017",
    ),
    "speech_commands_v0.02.tar.gz": File(
        "https://storage.googleapis.com/download.tensorflow.org/data/speech_commands_v0.02.tar.gz",
        "af14739ee7dc311471de98f5f9d2c9191b18aedfe957f4a6ff791c709868ff58",
        2_428_923_189,
        "CC BY 4.0",
        "P. Warden, Speech commands: a dataset for limited-vocabulary speech recognition, 2018",
        mirror="http://download.tensorflow.org/data/speech_commands_v0.02.tar.gz",
    ),
}


def fetch(name):
    """Return the path of a file in the cache; download it first if it is not there as it should be.

    The cache is the folder that `DSL_DATA_DIR` names, or the user's own. With `DSL_DATA_MIRROR`
    set, `<mirror>/<name>` is the only address asked: a filled cache folder, served, is a mirror.

    A file gets its name in the cache only after its SHA-256 was compared. A download that fails is
    tried three times at each address. Of several processes one downloads, and the others wait.

    Args:
        name: One of `FILES`.

    Returns:
        A `Path`.

    Raises:
        RuntimeError: If there is no such file to be had; one sentence says why, and what to do.
    """
    import pooch
    from filelock import FileLock

    file = FILES[name]
    if file.sha256 is None:
        raise RuntimeError(f"{name} is not loaded: nobody has confirmed its checksum. {_OFFLINE}")
    folder = Path(os.environ.get("DSL_DATA_DIR") or pooch.os_cache("dsl_utils"))
    path = folder / name
    try:
        if not _is_intact(path, file):
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / f".{name}.lock"):
                if not _is_intact(path, file):
                    _download(name, path)
    except OSError as error:
        raise RuntimeError(
            f"{name} cannot be kept in {folder}: {error.strerror or error}. Make room there, or "
            f"set DSL_DATA_DIR to another folder. {_OFFLINE}"
        ) from error
    return path


@contextlib.contextmanager
def reading(name):
    """Say which file it was, should what reads it find another format than it expects.

    Raises:
        RuntimeError: From whatever the reader raised.
    """
    try:
        yield
    except Exception as error:  # of tarfile, zipfile, gzip, NumPy or Pillow
        raise RuntimeError(f"{name} is not in the format that was expected: {error}") from error


_OFFLINE = "Or use the offline profile: runtime.start(seed=1, profile='offline')."


def _is_intact(path, file):
    """Tell whether a file is in the cache and has the right checksum."""
    if not path.exists() or path.stat().st_size != file.size:
        return False
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == file.sha256


def _download(name, path):
    """Download a file to its place.

    Raises:
        OSError: If it cannot be written.
        RuntimeError: If no address sends it.
    """
    import pooch
    import requests

    file = FILES[name]
    addresses = [file.url, file.mirror] if file.mirror else [file.url]
    if mirror := os.environ.get("DSL_DATA_MIRROR"):
        addresses = [f"{mirror.rstrip('/')}/{name}"]
    show = os.environ.get("DSL_QUIET") != "1"
    downloader = pooch.HTTPDownloader(progressbar=show, timeout=_TIMEOUT)
    for pause in (0, *_PAUSES):
        time.sleep(pause)
        reasons = []
        for address in addresses:
            try:
                # Into a temporary file beside it, compared, then renamed.
                pooch.retrieve(
                    address, f"sha256:{file.sha256}", path.name, path.parent, None, downloader
                )
                return
            except requests.RequestException as error:
                reasons.append(f"{address}: {_reason(error)}")
            except ValueError:  # pooch compared the checksums
                reasons.append(f"{address}: another file was sent")
    raise RuntimeError(
        f"{name} could not be downloaded ({'; '.join(reasons)}). Check the network and run the "
        f"cell again. {_OFFLINE}"
    )


def _reason(error):
    """Return in a few words why a request failed."""
    import requests

    if isinstance(error, requests.HTTPError):
        return f"{error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.ConnectionError):
        return "out of reach"
    return "the connection broke"
