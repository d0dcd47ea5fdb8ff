"""Uploaded pictures, kept in this process's memory for a stated time behind unguessable tokens.

Nothing is written to disk. A token is 128 random bits (``secrets``, RFC 4648 base64url), so a link
is shared by being sent, not by being guessed. Several processes need a shared store: it would
stand behind the same ``PictureHouse``.
"""

import math
import os
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np

from engine.errors import InputError
from engine.pictures.picture import Note, Picture

DEFAULT_KEEP_HOURS = 12.0
DEFAULT_CAPACITY_MB = 512.0
_HOURS_VARIABLE, _MB_VARIABLE = "FOVEA_PICTURE_HOURS", "FOVEA_PICTURE_MB"
_TOKEN_BYTES = 16
_MAX_NAME_LENGTH = 255  # what file systems allow
UNNAMED = "picture.png"


class PictureHouse(Protocol):
    """Where uploaded pictures live: this process's memory, or a cluster's shared store."""

    def put(
        self,
        pixels: np.ndarray,
        name: str = "",
        notes: tuple[Note, ...] = (),
        token: str = "",
        ttl_s: float = math.inf,
        original_size: tuple[int, int] | None = None,
    ) -> str:
        """Keep a picture and return its token."""
        ...

    def get(self, token: str) -> Picture:
        """The picture behind ``token``; InputError (404) when there is none (any more)."""
        ...

    def forget(self, token: str) -> None:
        """Drop the picture at once; an unknown token is not an error."""
        ...


@dataclass(frozen=True)
class _Entry:
    picture: Picture
    expires_s: float


class PictureStore:
    """A bounded ``PictureHouse`` in memory; safe to use from several threads.

    A picture lives for ``ttl_s`` after it was put, however often it is used, so that the time
    stated to its owner holds. When space runs out, the least recently used go first. Expired
    pictures can no longer be had; their memory is freed at the store's next call.

    Args:
        capacity_bytes: how many bytes of pixels are kept at most.
        ttl_s: seconds that a picture is kept at most.
        clock: seconds that never run backwards.
    """

    def __init__(
        self, capacity_bytes: int, ttl_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._capacity_bytes = capacity_bytes
        self._ttl_s = ttl_s
        self._clock = clock
        self._entries: OrderedDict[str, _Entry] = OrderedDict()  # least recently used first
        self._used_bytes = 0
        self._lock = threading.Lock()

    @property
    def used_bytes(self) -> int:
        """Bytes of pixels that are kept now."""
        with self._lock:
            self._drop_expired()
            return self._used_bytes

    def put(
        self,
        pixels: np.ndarray,
        name: str = "",
        notes: tuple[Note, ...] = (),
        token: str = "",
        ttl_s: float = math.inf,
        original_size: tuple[int, int] | None = None,
    ) -> str:
        """Keep a copy of ``pixels`` and return the token that stands for it.

        Args:
            pixels: uint8 (H, W, 3), RGB, H and W at least 1.
            name: what its owner calls it; control characters go, long names are cut.
            notes: what was done to it on its way in.
            token: the one to keep it under, by default a new one; what was kept there goes.
            ttl_s: seconds to keep it, where that is less than the store's own.
            original_size: (H, W) in its file, upright; by default the pixels'.

        Raises:
            InputError: the picture alone exceeds the capacity (status 413).
            ValueError: not an RGB picture.
        """
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
            raise ValueError(f"expected uint8 (H, W, 3), got {pixels.dtype} {pixels.shape}")
        if pixels.nbytes > self._capacity_bytes:
            raise InputError(
                "picture_store_too_small",
                status=413,
                size_mb=math.ceil(pixels.nbytes / 1e6),
                capacity_mb=self._capacity_bytes // 1_000_000,
            )
        token = token or secrets.token_urlsafe(_TOKEN_BYTES)
        kept, called = read_only_copy(pixels), _clean_name(name)
        size = original_size or (pixels.shape[0], pixels.shape[1])
        picture = Picture(token, called, kept, called or UNNAMED, size, tuple(notes))
        with self._lock:
            self._drop_expired()
            if token in self._entries:
                self._drop(token)
            while self._used_bytes + pixels.nbytes > self._capacity_bytes:
                self._drop(next(iter(self._entries)))
            self._entries[token] = _Entry(picture, self._clock() + min(ttl_s, self._ttl_s))
            self._used_bytes += pixels.nbytes
        return token

    def get(self, token: str) -> Picture:
        """The picture behind ``token``.

        Raises:
            InputError: never known, expired, forgotten or pushed out (status 404).
        """
        with self._lock:
            self._drop_expired()
            entry = self._entries.get(token)
            if entry is None:
                raise InputError("picture_gone", status=404, hours=_plain(self._ttl_s / 3600))
            self._entries.move_to_end(token)
            return entry.picture

    def forget(self, token: str) -> None:
        """Drop the picture at once; an unknown token is not an error."""
        with self._lock:
            self._drop_expired()
            if token in self._entries:
                self._drop(token)

    def _drop_expired(self) -> None:
        now_s = self._clock()
        for token in [t for t, entry in self._entries.items() if entry.expires_s <= now_s]:
            self._drop(token)

    def _drop(self, token: str) -> None:
        self._used_bytes -= self._entries.pop(token).picture.pixels.nbytes


def read_only_copy(pixels: np.ndarray) -> np.ndarray:
    """A copy over immutable bytes, which no caller can make writeable again."""
    return np.frombuffer(pixels.tobytes(), pixels.dtype).reshape(pixels.shape)


def keep_hours() -> float:
    """Hours that an upload is kept: ``FOVEA_PICTURE_HOURS``, else 12.

    Raises:
        ValueError: the variable is not a positive number.
    """
    return _plain(_positive_number(_HOURS_VARIABLE, DEFAULT_KEEP_HOURS))


def picture_store() -> PictureHouse:
    """This process's store, made at the first call.

    It holds ``FOVEA_PICTURE_MB`` million bytes of pixels (default 512: some 40 pictures of
    2048 x 2048) for ``keep_hours()`` each.

    Raises:
        ValueError: one of the variables is not a positive number.
    """
    with _making_store:  # two first calls at once must not make two stores
        return _make_store()


_making_store = threading.Lock()


@cache
def _make_store() -> PictureStore:
    capacity_mb = _positive_number(_MB_VARIABLE, DEFAULT_CAPACITY_MB)
    return PictureStore(int(capacity_mb * 1e6), keep_hours() * 3600)


def _positive_number(variable: str, default: float) -> float:
    text = os.environ.get(variable, "").strip()
    try:
        value = float(text) if text else default
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{variable} must be a positive number, but is {text!r}")
    return value


def _plain(number: float) -> float:
    """12 rather than 12.0, so that it reads well in a sentence."""
    return int(number) if float(number).is_integer() else round(number, 2)


def _clean_name(name: str) -> str:
    last = re.split(r"[/\\]", name)[-1]  # some browsers send the folder too
    printable = "".join(character for character in last if character.isprintable())
    return printable.strip()[:_MAX_NAME_LENGTH]
