"""MNIST, Fashion-MNIST and CIFAR-10: read where they are on disk, fetched where that is asked for.

They lie as torchvision lays them out, in ``FOVEA_DATA``, else in ``~/.cache/fovea/data``. The
addresses and MD5 sums are torchvision's own; a file appears under its name only when it is whole
and its sum is right, since CIFAR-10 is pickled and a pickle runs code.

Sources: LeCun et al. (1998); Xiao et al. (2017); Krizhevsky (2009); ``torchvision.datasets``.
"""

import gzip
import hashlib
import http.client
import os
import shutil
import tarfile
import urllib.request
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from torchvision.datasets import CIFAR10, MNIST, FashionMNIST

from engine.data.data_set import DataSet
from engine.data.progress import Progress
from engine.errors import InputError

_CHUNK_BYTES = 2**18
_TIMEOUT_S = 15


@dataclass(frozen=True)
class _Published:
    title: str
    reader: type[MNIST] | type[CIFAR10]
    origin: str


_SETS = {
    "mnist": _Published("MNIST", MNIST, "LeCun, Cortes and Burges, 1998"),
    "fashion_mnist": _Published("Fashion-MNIST", FashionMNIST, "Zalando Research, 2017"),
    "cifar10": _Published("CIFAR-10", CIFAR10, "Krizhevsky, 2009"),
}
PUBLISHED_NAMES = tuple(_SETS)


@dataclass(frozen=True)
class _Parcel:
    url: str
    md5: str
    path: Path


def data_folder() -> Path:
    """``FOVEA_DATA``, else ``~/.cache/fovea/data``; it need not exist."""
    wanted = os.environ.get("FOVEA_DATA", "").strip()
    return Path(wanted).expanduser() if wanted else Path.home() / ".cache" / "fovea" / "data"


def load_published(name: str) -> DataSet:
    """The whole set, training pictures first, ``test_start`` telling where the others begin.

    Args:
        name: one of ``PUBLISHED_NAMES``.

    Raises:
        InputError: not on this computer (status 424), or its files are damaged.
    """
    published = _SETS[name]
    if not all(path.is_file() for path in _find_files(name)):
        raise _error("data_missing", name)
    try:
        parts = [published.reader(data_folder(), train=train) for train in (True, False)]
    except (RuntimeError, ValueError, OSError, AssertionError, EOFError) as error:
        raise _error("data_damaged", name) from error
    images = torch.cat([torch.as_tensor(part.data) for part in parts])
    targets = torch.cat([torch.as_tensor(part.targets) for part in parts])
    return DataSet(
        name=name,
        images=images.reshape(*images.shape[:3], -1),
        targets=targets.to(torch.int64),
        classes=tuple(each.rpartition(" - ")[2] for each in parts[0].classes),
        origin=f"{published.title}: {published.origin}",
        test_start=len(parts[0].data),
    )


def download(name: str) -> Generator[Progress]:
    """Fetches a set into :func:`data_folder`, telling after each part how far its file is.

    Whoever stops asking (``close()``) stops the download; no partial file is left behind.

    Raises:
        InputError: no connection, the transfer breaks off, a file is not the published one, or it
            cannot be written (status 424).
    """
    for parcel in _list_parcels(name):
        partial = parcel.path.with_name(f"{parcel.path.name}.{uuid.uuid4().hex}.partial")
        try:
            yield from _fetch(parcel, partial, name)
            with _disk_errors(name):
                _unpack(partial, parcel)
        finally:
            if partial.exists():
                partial.unlink()


def _find_files(name: str) -> list[Path]:
    """The files that torchvision reads."""
    reader, folder = _SETS[name].reader, data_folder()
    if issubclass(reader, CIFAR10):
        parts = [*reader.train_list, *reader.test_list, [reader.meta["filename"], ""]]
        return [folder / reader.base_folder / file for file, _ in parts]
    return [parcel.path.with_suffix("") for parcel in _list_parcels(name)]


def _list_parcels(name: str) -> list[_Parcel]:
    reader, folder = _SETS[name].reader, data_folder()
    if issubclass(reader, CIFAR10):
        return [_Parcel(reader.url, reader.tgz_md5, folder / reader.filename)]
    raw = folder / reader.__name__ / "raw"
    return [_Parcel(reader.mirrors[0] + file, md5, raw / file) for file, md5 in reader.resources]


def _fetch(parcel: _Parcel, partial: Path, name: str) -> Iterator[Progress]:
    digest, done = hashlib.md5(usedforsecurity=False), 0
    with _disk_errors(name):
        partial.parent.mkdir(parents=True, exist_ok=True)
    with _network_errors(name):
        response = urllib.request.urlopen(parcel.url, timeout=_TIMEOUT_S)
    with response:
        length = response.headers.get("Content-Length")
        total = int(length) if length else None
        with _disk_errors(name):
            file = partial.open("xb")
        with file:
            while True:
                with _network_errors(name):
                    chunk = response.read(_CHUNK_BYTES)
                if not chunk:
                    break
                with _disk_errors(name):
                    file.write(chunk)
                digest.update(chunk)
                done += len(chunk)
                yield Progress(done, total)
    if digest.hexdigest() != parcel.md5:
        raise _error("data_not_genuine", name, url=parcel.url)


def _unpack(archive: Path, parcel: _Parcel) -> None:
    """A tar archive beside itself; a gzipped file under its name without the ending, at once."""
    if parcel.path.name.endswith(".tar.gz"):
        with tarfile.open(archive) as tar:
            tar.extractall(parcel.path.parent, filter="data")
        return
    whole = archive.with_suffix(".whole")
    try:
        with gzip.open(archive) as packed, whole.open("xb") as file:
            shutil.copyfileobj(packed, file)
        whole.replace(parcel.path.with_suffix(""))
    finally:
        whole.unlink(missing_ok=True)


def _error(key: str, name: str, **params: str) -> InputError:
    return InputError(key, status=424, name=_SETS[name].title, folder=data_folder(), **params)


@contextmanager
def _network_errors(name: str) -> Iterator[None]:
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        reason = str(getattr(error, "reason", None) or error)
        raise _error("data_unreachable", name, reason=reason) from None


@contextmanager
def _disk_errors(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _error("data_unwritable", name, reason=error.strerror or str(error)) from None
