"""The files that the full profile downloads: the table `files.toml`, and what fetches them."""

import contextlib
import hashlib
import os
import time
import tomllib
import zipfile
from pathlib import Path
from typing import NamedTuple

__all__ = ["FILES", "File", "decoded", "fetch", "reading"]

# Seconds to connect, and to wait for the next bytes; seconds before the second and third try.
_TIMEOUT = (5, 15)
_PAUSES = (1, 4)
_CHUNK = 2**18  # bytes
_AGENT = "dsl_utils (a course book; python-requests)"
_OFFLINE = "Or restart the session and choose the offline profile in the setup cell."


class File(NamedTuple):
    """What is known of a file before it is downloaded.

    Attributes:
        urls: Its addresses, which all send the same bytes, in the order in which they are asked.
        checksum: `"sha256:…"`, or `"md5:…"` where nothing else is stated; None if it could not be
            confirmed: such a file is never downloaded.
        size: In bytes.
        license: Of its content.
        source: Whom to cite.
    """

    urls: list[str]
    checksum: str | None
    size: int
    license: str
    source: str


_TABLE = Path(__file__).with_name("files.toml").read_text(encoding="utf-8")
FILES = {name: File(**entry) for name, entry in tomllib.loads(_TABLE).items()}


def fetch(name):
    """Return the path of a file in the cache; download it first if it is not there as it should be.

    The cache is the folder that `DSL_DATA_DIR` names, or the user's own. With `DSL_DATA_MIRROR`
    set, `<mirror>/<name>` is the only address asked: a filled cache folder, served, is a mirror.

    A file gets its name in the cache only after its checksum was compared. A download that breaks
    goes on where it ended, at this or the next address, also after a restart; one that does not
    move ahead is tried three times. Of several processes one downloads, and the others wait.

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
    if file.checksum is None:
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


def decoded(names, key, decode):
    """Return the arrays that `decode()` makes of downloaded files, and keep them beside these.

    What was decoded once is read in seconds, until the code of `decode` changes.

    Args:
        names: The files, some of `FILES`.
        key: What the arrays are called in the cache; it names all that `decode` depends on.
        decode: A function without arguments that returns a tuple of arrays, none of objects.

    Returns:
        A list of the arrays.
    """
    import numpy as np

    folder = [fetch(name) for name in names][0].parent
    known = repr([FILES[name].checksum for name in names]).encode()
    known += Path(decode.__code__.co_filename).read_bytes()
    path = folder / f"decoded-{key}-{hashlib.sha256(known).hexdigest()[:12]}.npz"
    with contextlib.suppress(OSError, ValueError, EOFError, zipfile.BadZipFile):
        with np.load(path, allow_pickle=False) as file:
            return [file[name] for name in file.files]
    arrays = [np.asarray(array) for array in decode()]
    temporary = path.with_name(f".{path.name}.{os.getpid()}.npz")
    try:
        for old in folder.glob(f"decoded-{key}-*.npz"):
            old.unlink()
        np.savez(temporary, *arrays)
        temporary.replace(path)
    except OSError:  # a cache that is only read, or full: decode again next time
        with contextlib.suppress(OSError):
            temporary.unlink()
    return arrays


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


def _size(path):
    return path.stat().st_size if path.exists() else 0


def _is_intact(path, file):
    """Tell whether a file is there and has the right checksum."""
    if _size(path) != file.size:
        return False
    algorithm, digest = file.checksum.split(":")
    with path.open("rb") as content:
        return hashlib.file_digest(content, algorithm).hexdigest() == digest


def _download(name, path):
    """Download a file to its place.

    Raises:
        OSError: If it cannot be written.
        RuntimeError: If no address sends it.
    """
    import requests

    file, part = FILES[name], path.with_name(f".{name}.part")
    addresses = file.urls
    if mirror := os.environ.get("DSL_DATA_MIRROR"):
        addresses = [f"{mirror.rstrip('/')}/{name}"]
    pauses, most = [0, *_PAUSES], _size(part)
    while pauses:
        time.sleep(pauses.pop(0))
        reasons = []
        for address in addresses:
            try:
                return _receive(address, part, file, path)
            except requests.RequestException as error:
                reasons.append(f"{address}: {_reason(error)}")
            except ValueError:
                reasons.append(f"{address}: another file was sent")
            except OSError:
                part.unlink(missing_ok=True)
                raise
        if _size(part) > most:  # it moved ahead, so it may break again
            pauses, most = list(_PAUSES), _size(part)
    kept = f", of which {_size(part) / file.size:.0%} is here and kept" if _size(part) else ""
    raise RuntimeError(
        f"{name} could not be downloaded ({'; '.join(reasons)}){kept}. Check the network and run "
        f"the cell again. {_OFFLINE}"
    )


def _receive(address, part, file, path):
    """Receive what the partial file lacks; once it is whole, give it its name.

    Raises:
        ValueError: If another file was sent.
        requests.RequestException: If it was not sent to its end.
    """
    import requests
    from tqdm import tqdm

    done = _size(part)
    if done < file.size:
        headers = {"User-Agent": _AGENT, "Accept-Encoding": "identity"}
        headers |= {"Range": f"bytes={done}-"} if done else {}
        with requests.get(address, headers=headers, stream=True, timeout=_TIMEOUT) as response:
            if response.status_code not in (200, 206):
                raise requests.HTTPError(response=response)
            done = done if response.status_code == 206 else 0
            length = response.headers.get("Content-Length")
            page = "html" in response.headers.get("Content-Type", "")
            if page or length is not None and done + int(length) != file.size:
                raise ValueError
            bar = tqdm(
                desc=path.name,
                total=file.size,
                initial=done,
                unit="B",
                unit_scale=True,
                leave=False,
                disable=os.environ.get("DSL_QUIET") == "1",
            )
            with part.open("ab" if done else "wb") as content, bar:
                for chunk in response.iter_content(_CHUNK):
                    content.write(chunk)
                    bar.update(len(chunk))
    if _size(part) < file.size:
        raise requests.exceptions.ChunkedEncodingError
    if not _is_intact(part, file):
        part.unlink()
        raise ValueError
    part.replace(path)


def _reason(error):
    """Return in a few words why a request failed."""
    import requests

    if isinstance(error, requests.HTTPError):
        return f"{error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.Timeout) or "timed out" in str(error):
        return "no answer in time"
    if isinstance(error, requests.ConnectionError):
        return "out of reach"
    return "the connection broke"
