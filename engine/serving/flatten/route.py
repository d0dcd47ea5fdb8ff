"""What the Flatten page asks: a picture and its disorder, and four trainings to compare."""

from math import prod
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Response

from engine.serving.binary import pack
from engine.serving.comparisons.compute import plan
from engine.serving.flatten.compute import disorder, four_trainings, layers_with_weights
from engine.serving.flatten.contract import CompareQuestion, Question

if TYPE_CHECKING:
    from engine.trainable.shape_table import LayerShape

router = APIRouter(prefix="/flatten", tags=["pages"])


@router.get("", response_class=Response)
def get_disorder(asked: Annotated[Question, Query()]) -> Response:
    """``pictures`` uint8 (2, H, W, 3), ``maps`` float32 (2, H, W), ``order`` int32 (H·W,).

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.one_core import on_one_core

    found = on_one_core(disorder, asked.picture, asked.side, asked.seed, asked.share)
    shown_px = found.pictures.shape[2]
    about = {
        "correlations": found.correlations,
        "units": found.units,
        "farthest": found.farthest,
        "side": shown_px,
        "whole": found.whole,
        "windows": max(0, shown_px - 2) ** 2,
        "nets": {name: _told(name, shown_px) for name in ("mlp", "cnn")},
    }
    arrays = {
        "pictures": found.pictures.permute(0, 2, 3, 1).numpy(),
        "maps": found.maps.numpy(),
        "order": found.order.int().numpy(),
    }
    return pack(arrays, about)


def _told(name: str, side_px: int) -> list[dict[str, Any]]:
    return [
        {"kind": row.kind, "output": row.output_shape[1:], "params": row.params} | _weights(row)
        for row in layers_with_weights(name, side_px)
    ]


def _weights(row: "LayerShape") -> dict[str, int]:
    """``inputs`` × ``outputs`` + ``biases`` are the layer's parameters, where it multiplies.

    ``inputs`` are the numbers that one output is made of: all of them in a linear layer, those
    under the kernel in a convolution.
    """
    if not row.macs:
        return {}
    inputs = row.macs // prod(row.output_shape)
    outputs = row.output_shape[1]
    return {"inputs": inputs, "outputs": outputs, "biases": row.params - inputs * outputs}


@router.get("/compare", response_class=Response)
def get_comparison(asked: Annotated[CompareQuestion, Query()]) -> Response:
    """The four trainings, as :func:`engine.serving.comparisons.compute.plan` names them.

    Bound: 0.5 s of a core, 50 MiB.
    """
    return pack({}, {"runs": plan(four_trainings(asked.data, asked.seed))})
