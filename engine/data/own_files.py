"""The files in a learner's zip or folder: listed and read without trusting a word they say.

Nothing is unpacked to disk. Sizes in a zip's headers are not believed: bytes are counted as they
come out, over all files, and the zip's directory is bounded before it is parsed. Links, devices,
names that lead outside, encrypted files and zips in zips are left out, each with its reason.

Sources: PKWARE APPNOTE 6.3.10 (4.4.4 flags, 4.4.5 methods); Fifield, "A better zip bomb" (2019).
"""

import io
import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from engine.data.zip_names import read_names
from engine.errors import InputError
from engine.pictures.decode import MAX_FILE_BYTES

_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)
_DIRECTORY_BYTES_A_FILE = 200  # 46 and the name; longer names are rare
_SLACK_BYTES = 20_000_000  # a small zip of flat pictures is no bomb
_SLACK_PIXELS, _PIXELS_A_BYTE = 1_000_000_000, 100  # line drawings have some 50 pixels a byte
_CHUNK_BYTES = 2**16
_MAX_DEPTH = 16
_ENCRYPTED = 0x1
_ZIP_ENDINGS = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz")


@dataclass(frozen=True)
class Limits:
    """What a learner's zip or folder may hold.

    Attributes:
        files: most files and folders.
        total_bytes: most bytes of all files, unpacked.
        ratio: most bytes unpacked for each byte of a zip.
        pixels: most pixels of all pictures, as their heads state them.
    """

    files: int = 20_000
    total_bytes: int = 2_000_000_000
    ratio: int = 100
    pixels: int = 6_000_000_000


@dataclass(frozen=True, eq=False)
class OwnFile:
    """A file that may be read.

    Attributes:
        parts: its path, ("cats", "1.jpg").
        read: its first so many bytes, all of them by default, or InputError; to be called while the
            listing is open.
        refusal: why it is not to be read; None where it may be.
    """

    parts: tuple[str, ...]
    read: Callable[..., bytes]
    refusal: InputError | None = None


class OwnFiles:
    """An open zip or folder; use it as a context manager.

    Attributes:
        files: all files, in the zip's order or by name.
        folders: paths of folders, those without files among them.
        most_pixels: what all pictures together may have, before any is decoded.

    Args:
        source: a folder, a zip's path, or a zip's bytes.
        limits: what is accepted.

    Raises:
        InputError: neither a folder nor a zip, or it holds too many files.
    """

    def __init__(self, source: Path | bytes, limits: Limits) -> None:
        self._limits, self._left_bytes, self._stack = limits, limits.total_bytes, ExitStack()
        if isinstance(source, Path) and not source.exists():
            raise InputError("own_missing", status=404, name=show_name(source.name))
        self._is_zip = isinstance(source, bytes) or not source.is_dir()
        self.folders: list[tuple[str, ...]] = []
        self.most_pixels = limits.pixels
        self._left_ahead_bytes = limits.total_bytes
        try:
            if isinstance(source, bytes) or self._is_zip:
                self.files = tuple(self._list_zip(source))
            else:
                self.files = tuple(self._list_folder(source))
        except BaseException:
            self._stack.close()
            raise

    def __enter__(self) -> "OwnFiles":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _list_zip(self, source: Path | bytes) -> Iterator[OwnFile]:
        most = self._limits.files
        data = io.BytesIO(source) if isinstance(source, bytes) else self._open_zip(source)
        size_bytes = data.seek(0, os.SEEK_END)
        self._left_bytes = min(self._left_bytes, self._limits.ratio * size_bytes + _SLACK_BYTES)
        self._left_ahead_bytes = self._left_bytes
        self.most_pixels = min(self.most_pixels, _PIXELS_A_BYTE * size_bytes + _SLACK_PIXELS)
        bounded = _BoundedReads(data, max(2**17, most * _DIRECTORY_BYTES_A_FILE), most)
        try:
            archive = self._stack.enter_context(zipfile.ZipFile(bounded))  # type: ignore[arg-type]
        except InputError:
            raise
        except _ZIP_ERRORS as error:
            raise InputError("own_not_a_zip", status=415) from error
        if len(archive.infolist()) > most:
            raise too_many_files(most)
        names = read_names(archive.infolist())
        for info, name in zip(archive.infolist(), names, strict=True):
            if name.endswith("/"):
                self.folders.append(_split(name))
            else:
                yield self._list_member(archive, info, name)

    def _open_zip(self, path: Path) -> BinaryIO:
        if not path.is_file():
            raise InputError("own_not_a_zip", status=415)
        try:
            return self._stack.enter_context(path.open("rb"))
        except OSError as error:
            raise InputError("own_unreadable", reason=error.strerror) from None

    def _list_member(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> OwnFile:
        parts, key = _split(name), None
        if not parts:
            key = "own_file_nameless"
        elif name.startswith("/") or ".." in parts or ":" in name.partition("/")[0]:
            key = "own_file_outside"
        elif stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            key = "own_file_link"
        elif info.flag_bits & _ENCRYPTED:
            key = "own_file_encrypted"
        elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # The others unpack a few bytes to any number at once, before they can be counted.
            key = "own_file_packed_oddly"
        return _listed(parts, lambda most=None: self._read_member(archive, info, most), key)

    def _read_member(
        self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int | None
    ) -> bytes:
        try:
            with archive.open(info) as file:
                return self._read_counted(file) if most is None else self._read_ahead(file, most)
        except InputError:
            raise
        except _ZIP_ERRORS as error:
            raise InputError("own_file_damaged") from error

    def _list_folder(self, root: Path) -> Iterator[OwnFile]:
        seen = 0
        waiting: list[tuple[Path, tuple[str, ...]]] = [(root, ())]
        while waiting:
            folder, above = waiting.pop()
            try:
                with os.scandir(folder) as found:
                    entries = []
                    for entry in found:
                        seen += 1
                        if seen > self._limits.files:
                            raise too_many_files(self._limits.files)
                        entries.append(entry)
            except OSError as error:
                if not above:
                    raise InputError("own_unreadable", reason=error.strerror) from None
                yield _listed(above, bytes, "own_file_unreadable")
                continue
            for entry in sorted(entries, key=lambda each: each.name):
                parts = (*above, entry.name)
                if entry.is_dir(follow_symlinks=False) and len(parts) < _MAX_DEPTH:
                    self.folders.append(parts)
                    waiting.append((Path(entry.path), parts))
                else:
                    key = None if entry.is_file(follow_symlinks=False) else "own_file_link"
                    path = entry.path
                    yield _listed(parts, lambda most=None, at=path: self._read_path(at, most), key)

    def _read_path(self, path: str, most: int | None) -> bytes:
        """Of a regular file, even if a link or a pipe has taken its place meanwhile."""
        try:
            descriptor = os.open(path, os.O_RDONLY | _flag("O_NOFOLLOW") | _flag("O_NONBLOCK"))
            with open(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise InputError("own_file_link")
                return self._read_counted(file) if most is None else self._read_ahead(file, most)
        except OSError as error:
            raise InputError("own_file_unreadable") from error

    def _read_counted(self, file: IO[bytes]) -> bytes:
        """All bytes; at most one chunk above a picture's limit is ever held."""
        chunks, size_bytes = [], 0
        while chunk := file.read(_CHUNK_BYTES):
            chunks.append(chunk)
            size_bytes += len(chunk)
            self._left_bytes -= len(chunk)
            if self._left_bytes < 0:
                raise self._too_many_bytes()
            if size_bytes > MAX_FILE_BYTES:
                raise InputError("picture_file_too_big", limit_mb=MAX_FILE_BYTES // 1_000_000)
        return b"".join(chunks)

    def _read_ahead(self, file: IO[bytes], most: int) -> bytes:
        """At most so many bytes, counted apart: the file will be read again."""
        data = file.read(most)
        self._left_ahead_bytes -= len(data)
        if self._left_ahead_bytes < 0:
            raise self._too_many_bytes()
        return data

    def _too_many_bytes(self) -> "TooMuchError":
        limit_mb = self._limits.total_bytes // 1_000_000
        key = "own_zip_too_many_bytes" if self._is_zip else "own_too_many_bytes"
        return TooMuchError(key, status=413, limit_mb=limit_mb, ratio=self._limits.ratio)


class TooMuchError(InputError):
    """The whole zip or folder is refused, not only the file that was being read."""


class _BoundedReads:
    """A file that refuses to hand out a zip's directory where it is too long to be honest."""

    def __init__(self, file: BinaryIO, most_bytes: int, files: int) -> None:
        self._file, self._most_bytes, self._files = file, most_bytes, files
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(
            self._most_bytes + 1 if size < 0 else min(size, self._most_bytes + 1)
        )
        if len(data) > self._most_bytes:
            raise too_many_files(self._files)
        return data


def too_many_files(most: int) -> TooMuchError:
    """The error for a zip or folder of more than ``most`` files."""
    return TooMuchError("own_too_many_files", status=413, limit=most)


def show_name(name: str, most: int = 60) -> str:
    """A stranger's name fit to be shown: one line, nothing invisible, not too long."""
    shown = "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode("ascii")
        for each in unicodedata.normalize("NFC", name[: 4 * most])
    )
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def _listed(parts: tuple[str, ...], read: Callable[[], bytes], key: str | None) -> OwnFile:
    if key is None and parts and parts[-1].lower().endswith(_ZIP_ENDINGS):
        key = "own_file_nested_zip"
    return OwnFile(parts, read, InputError(key) if key else None)


def _split(name: str) -> tuple[str, ...]:
    return tuple(part for part in name.split("/") if part not in ("", "."))


def _flag(name: str) -> int:
    return getattr(os, name, 0)  # Windows has neither
