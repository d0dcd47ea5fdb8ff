"""Typed binary answers for the live stages; what the bytes are stands in ``engine.wire.arrays``."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from fastapi import Response
from fastapi.responses import JSONResponse

from engine.progress import Progress
from engine.wire.arrays import HEADER, MEDIA_TYPE, pack_bytes, unpack

__all__ = ["pack", "pending", "unpack"]


def pack(arrays: Mapping[str, np.ndarray], about: Mapping[str, object] | None = None) -> Response:
    """Several arrays and a JSON object in one answer.

    Args:
        arrays: by name; any of the dtypes uint8 … float64, any shape.
        about: JSON-serialisable facts that belong to the arrays (no NaN).

    Returns:
        Response of media type ``application/octet-stream``.
    """
    body, described = pack_bytes(arrays, about)
    # "identity" keeps Streamlit's gzip away: packing costs more than sending, on the same machine
    # by far, and a proxy in front of a slow network can do it better.
    headers = {HEADER: described, "Cache-Control": "no-store", "Content-Encoding": "identity"}
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


def pending(progress: Progress[Any]) -> JSONResponse:
    """202: the answer is not there yet; ``done`` of ``total`` pieces of work are."""
    return JSONResponse({"done": progress.done, "total": progress.total}, status_code=202)
