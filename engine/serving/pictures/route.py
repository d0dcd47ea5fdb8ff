"""Pictures in and out: an upload becomes a token, a token or a sample's name a picture."""

import io
import math
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response, UploadFile
from PIL import Image
from starlette.concurrency import run_in_threadpool

from engine.errors import InputError
from engine.pictures import (
    decode,
    keep_hours,
    note_sentence,
    picture_store,
    resize_longest,
    resolve,
)
from engine.serving.binary import pack
from engine.serving.pictures.contract import TOKEN, Described, Limits, Stored
from engine.wire.guard import TRUSTED
from engine.wire.hosts import language_of

LIGHT = True
router = APIRouter(tags=["pictures"])


@router.get("/pictures")
def tell_limits() -> Limits:
    """How long an upload is kept here.

    Bound: 0.5 s of a core, 50 MiB.
    """
    return Limits(keep_hours=keep_hours())


@router.post("/pictures")
def add_picture(request: Request, file: UploadFile) -> Stored:
    """Keep a picture in memory for a while.

    PNG, JPEG, WebP, GIF, BMP, TIFF, HEIC, AVIF and PGM/PPM, up to 20 MB.

    Bound: 3 s of a core, 500 MiB.
    """
    decoded = decode(file.file.read())
    token = picture_store().put(
        decoded.pixels,
        file.filename or "",
        decoded.notes,
        original_size=decoded.original_size,
    )
    return _stored(request, token, keep_hours() * 3600)


@router.put("/pictures/{token}", include_in_schema=False)
async def keep_picture(
    request: Request,
    token: Annotated[str, Path(pattern=TOKEN)],
    name: Annotated[str, Query(max_length=400)] = "",
    keep_s: Annotated[float, Query(gt=0)] = math.inf,
) -> Stored:
    """Keep the body, a file, under the token that a screen chose; the same again after a start."""
    if not request.scope.get(TRUSTED):
        raise InputError("secret_wrong", status=403)
    data = await request.body()
    keep_s = min(keep_s, keep_hours() * 3600)

    def keep() -> Stored:
        decoded = decode(data)
        picture_store().put(
            decoded.pixels,
            name,
            decoded.notes,
            token=token,
            ttl_s=keep_s,
            original_size=decoded.original_size,
        )
        return _stored(request, token, keep_s)

    return await run_in_threadpool(keep)


def _stored(request: Request, token: str, keep_s: float) -> Stored:
    return Stored(**_described(request, token), token=token, keep_s=keep_s)


def _described(request: Request, ref: str) -> dict[str, Any]:
    picture = resolve(ref)
    height_px, width_px = picture.pixels.shape[:2]
    lang = language_of(request.headers)
    notes = [note_sentence(note, lang) for note in picture.notes]
    original_height_px, original_width_px = picture.original_size
    return {
        "name": picture.name,
        "height_px": height_px,
        "width_px": width_px,
        "original_height_px": original_height_px,
        "original_width_px": original_width_px,
        "notes": notes,
    }


@router.get("/pictures/{token}/about")
def describe_picture(request: Request, token: str) -> Described:
    """Size, name and notes of the picture behind a token or a sample's name.

    Bound: 0.5 s of a core, 50 MiB.
    """
    return Described(**_described(request, token))


@router.get("/pictures/{token}", response_class=Response)
def get_picture(
    token: str,
    form: Literal["png", "raw"] = "png",
    max_side_px: Annotated[int, Query(ge=1, le=2048)] = 2048,
) -> Response:
    """The picture behind a token or a sample's name, as PNG or as typed binary (``rgb``).

    Bound: 0.5 s of a core, 50 MiB.
    """
    pixels = resize_longest(resolve(token).pixels, max_side_px)
    if form == "raw":
        return pack({"rgb": pixels})
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return Response(buffer.getvalue(), media_type="image/png", headers=_PRIVATE)


@router.delete("/pictures/{token}", status_code=204)
def forget_picture(token: str) -> None:
    """Forget an uploaded picture at once; its links open with a sample from then on.

    Bound: 0.5 s of a core, 50 MiB.
    """
    resolve(token)
    picture_store().forget(token)


_PRIVATE = {"Cache-Control": "private, no-store"}
