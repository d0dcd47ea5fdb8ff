"""The bytes of an answer: arrays one after another, their shapes in a header.

The body is the arrays, little-endian, in C order. The header ``X-Arrays`` is a JSON list of
``{"name", "dtype", "shape"}`` in the same order; dtype is numpy's name. What else the picture needs
(labels, limits, units) comes as one more entry of dtype ``json`` (UTF-8), since proxies bound the
size of headers. Every entry begins at a multiple of 8 bytes, so that a browser can lay a typed
array over the buffer without copying.
"""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

HEADER = "X-Arrays"
MEDIA_TYPE = "application/octet-stream"
_DTYPES = ("uint8", "int8", "uint16", "int16", "int32", "uint32", "float32", "float64")


def pack_bytes(
    arrays: Mapping[str, np.ndarray], about: Mapping[str, object] | None = None
) -> tuple[bytes, str]:
    """Several arrays and a JSON object as one body, and the header that describes it.

    Args:
        arrays: by name; any of the dtypes uint8 … float64, any shape.
        about: JSON-serialisable facts that belong to the arrays (no NaN).

    Raises:
        TypeError: a dtype that browsers cannot read.
        ValueError: NaN or infinity among the facts.
    """
    entries, parts = [], []
    for name, array in arrays.items():
        if array.dtype.name not in _DTYPES:
            raise TypeError(f"{name} has dtype {array.dtype}, which browsers cannot read")
        entries.append({"name": name, "dtype": array.dtype.name, "shape": list(array.shape)})
        parts.append(_padded(np.ascontiguousarray(array).tobytes()))
    if about is not None:
        text = json.dumps(about, ensure_ascii=False, allow_nan=False).encode()
        entries.append({"name": "about", "dtype": "json", "shape": [len(text)]})
        parts.append(_padded(text))
    return b"".join(parts), json.dumps(entries)


def unpack(body: bytes, header: str) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """The inverse of :func:`pack_bytes`: arrays by name (views of ``body``), and the facts."""
    arrays: dict[str, np.ndarray] = {}
    about: dict[str, Any] = {}
    offset = 0
    for entry in json.loads(header):
        if entry["dtype"] == "json":
            size = entry["shape"][0]
            about = json.loads(body[offset : offset + size])
        else:
            dtype = np.dtype(entry["dtype"])
            count = int(np.prod(entry["shape"], dtype=np.int64))
            size = count * dtype.itemsize
            flat = np.frombuffer(body, dtype, count, offset)
            arrays[entry["name"]] = flat.reshape(entry["shape"])
        offset += size + (-size) % 8
    return arrays, about


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 8)
