"""Pictures in and out: an upload becomes a token, a token or a sample's name a picture."""

import io
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response, UploadFile
from PIL import Image
from pydantic import BaseModel

from engine.pictures import decode, picture_store, resize_longest, resolve
from engine.serving.binary import pack

router = APIRouter(tags=["pictures"])


class Stored(BaseModel):
    """A stored picture: the token stands for it in every other request."""

    token: str
    height_px: int
    width_px: int


@router.post("/pictures")
def add_picture(file: UploadFile) -> Stored:
    """Keep a picture in memory for a while.

    PNG, JPEG, WebP, GIF, BMP, TIFF, HEIC, AVIF and PGM/PPM, up to 20 MB.
    """
    decoded = decode(file.file.read())
    token = picture_store().put(decoded.pixels, notes=decoded.notes)
    height_px, width_px = decoded.pixels.shape[:2]
    return Stored(token=token, height_px=height_px, width_px=width_px)


@router.get("/pictures/{token}", response_class=Response)
def get_picture(
    token: str,
    form: Literal["png", "raw"] = "png",
    max_side_px: Annotated[int, Query(ge=1, le=2048)] = 2048,
) -> Response:
    """The picture behind a token or a sample's name, as PNG or as typed binary (``rgb``)."""
    pixels = resize_longest(resolve(token).pixels, max_side_px)
    if form == "raw":
        return pack({"rgb": pixels})
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return Response(buffer.getvalue(), media_type="image/png", headers=_PRIVATE)


@router.delete("/pictures/{token}", status_code=204)
def forget_picture(token: str) -> None:
    """Forget an uploaded picture at once; its links open with a sample from then on."""
    resolve(token)
    picture_store().forget(token)


_PRIVATE = {"Cache-Control": "private, no-store"}
