"""Crops against one pass over the picture: what the Fully convolutional page asks."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from engine.explain.progress import Progress
from engine.pictures import resize_longest
from engine.serving import sweeps as sweeping
from engine.serving.binary import pack, pending
from engine.serving.fully_convolutional import compute as convolved
from engine.serving.fully_convolutional.compute import Both, Padding, Subject
from engine.serving.sweeps import Target

SHOWN_PX = 560  # longest side of the picture that is sent along

router = APIRouter(prefix="/fully-convolutional", tags=["pages"])


class Asked(BaseModel):
    """Which net looks for what, in which picture."""

    picture: str = Field("chelsea", max_length=80)
    target: Target = "square"
    padding: Padding = "none"

    def subject(self) -> Subject:
        """The net, the picture and the windows on it."""
        return convolved.find_subject(self.picture, self.target, self.padding)


Stride = Annotated[int, Query(ge=1, le=8)]
Who = Annotated[Asked, Query()]


class Moved(Asked):
    """The same, with what the page's other controls say."""

    stride: int = Field(convolved.FINER, ge=1, le=8)
    upsample: Literal["nearest", "bilinear", "transposed"] = "nearest"


@router.get("", response_class=Response)
def heatmaps(asked: Annotated[Moved, Query()]) -> Response:
    """Both heatmaps at a stride, and the one of the whole picture enlarged.

    ``crops`` and ``whole`` float32 (rows, columns) in [0, 1];
    ``enlarged`` float32 (rows * factor, columns * factor), the factor being the stride in the net's
    pixels. 202 with ``done`` and ``total`` while crops are being classified.
    """
    subject = asked.subject()
    both = convolved.both_ways(subject)
    if isinstance(both, Progress):
        return pending(both)
    shown = convolved.show(subject, both, asked.target, asked.stride, asked.upsample)
    arrays = {
        "crops": shown.crops.numpy(),
        "whole": shown.whole.numpy(),
        "enlarged": shown.enlarged.numpy(),
    }
    measured = {name: value for name, value in vars(shown).items() if name not in arrays}
    return pack(arrays, _facts(subject, both, asked) | measured)


@router.get("/picture", response_class=Response)
def picture(asked: Who) -> Response:
    """``picture`` uint8 (h, w, 3): what is looked at, the longest side at most 560 px."""
    pixels = convolved.find_subject(asked.picture, asked.target, asked.padding).scanned.pixels
    return pack({"picture": resize_longest(pixels, SHOWN_PX)}, {})


@router.get("/cost", response_class=Response)
def cost(asked: Who, stride: Stride = convolved.FINER) -> Response:
    """``about.single``, ``.batched`` and ``.whole``: windows, and the ms that they took."""
    found = convolved.pace(asked.subject(), stride)
    if isinstance(found, Progress):
        return pending(found)
    return pack({}, {way: vars(paced) for way, paced in found.items()})


@router.get("/window", response_class=Response)
def window(
    asked: Who, row: Annotated[int, Query(ge=0)], column: Annotated[int, Query(ge=0)]
) -> Response:
    """The maps of one window of the finest grid: how far apart the two ways are, cell by cell.

    ``apart`` float32 (h, w), the mean absolute difference over channels; ``about.size`` the mean
    absolute value of those of the crop.
    """
    subject = asked.subject()
    maps = convolved.window_maps(subject, row, column)
    about = {"size": maps.size, "channels": len(maps.alone)}
    return pack({"apart": maps.apart.numpy()}, about)


@router.get("/weights", response_class=Response)
def weights(asked: Who) -> Response:
    """One row of the dense matrix and the kernel that it became, each read from its own layer.

    ``dense`` float32 (n,); ``kernel`` float32 (channels, height, width).
    """
    subject = asked.subject()
    output = convolved.output_of(subject, asked.target)
    dense = convolved.dense_layer(subject.seen.net).weight.detach()
    conv = subject.fully.net.get_parameter(f"{subject.fully.dense}.weight").detach()
    arrays = {
        "dense": dense[output].float().cpu().numpy(),
        "kernel": conv[output].float().cpu().numpy(),
    }
    about = {
        "name": subject.seen.classes[output],
        "output": output,
        "dense_shape": list(dense.shape),
        "conv_shape": list(conv.shape),
        "apart": float((dense.flatten() - conv.flatten()).abs().max()),
    }
    return pack(arrays, about)


def _facts(subject: Subject, both: Both, asked: Moved) -> dict[str, Any]:
    """Sizes in pixels of the picture are (down, across), since whole pixels make them differ."""
    seen, grid = subject.seen, subject.grid
    down, across = subject.level.scale
    return {
        "size": list(subject.scanned.pixels.shape[:2]),
        "window_px": [seen.input_px / down, seen.input_px / across],
        "finest_px": [grid.stride_px / down, grid.stride_px / across],
        "level": list(subject.level.size),
        "input_px": seen.input_px,
        "net_finest_px": grid.stride_px,
        "net_stride_px": subject.fully.stride_px,
        "padded": subject.fully.padded,
        "net": subject.name,
        "accuracy": seen.accuracy,
        "name": both.names[asked.target],
        "batch": sweeping.BATCH,
        "limits": {"padding": {"disabled": subject.name == "imagenet"}},
    }
