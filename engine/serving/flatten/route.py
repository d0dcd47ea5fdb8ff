"""What the Flatten page asks: a picture and its disorder, and four trainings to compare."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from engine.serving.binary import pack
from engine.serving.comparisons.compute import plan
from engine.serving.flatten.compute import disorder, four_trainings, layers_with_weights
from engine.serving.flatten.contract import CompareQuestion, Question

router = APIRouter(prefix="/flatten", tags=["pages"])


@router.get("", response_class=Response)
def get_disorder(asked: Annotated[Question, Query()]) -> Response:
    """``pictures`` uint8 (2, H, W, 3), ``maps`` float32 (2, H, W), ``order`` int32 (H·W,)."""
    from engine.serving.one_core import on_one_core

    found = on_one_core(disorder, asked.picture, asked.side, asked.seed, asked.share)
    shown_px = found.pictures.shape[2]
    about = {
        "correlations": found.correlations,
        "units": found.units,
        "farthest": found.farthest,
        "side": shown_px,
        "nets": {name: _told(name, shown_px) for name in ("mlp", "cnn")},
    }
    arrays = {
        "pictures": found.pictures.permute(0, 2, 3, 1).numpy(),
        "maps": found.maps.numpy(),
        "order": found.order.int().numpy(),
    }
    return pack(arrays, about)


def _told(name: str, side_px: int) -> list[dict[str, object]]:
    return [
        {"kind": row.kind, "output": row.output_shape[1:], "params": row.params}
        for row in layers_with_weights(name, side_px)
    ]


@router.get("/compare", response_class=Response)
def get_comparison(asked: Annotated[CompareQuestion, Query()]) -> Response:
    """The four trainings, as :func:`engine.serving.comparisons.compute.plan` names them."""
    return pack({}, {"runs": plan(four_trainings(asked.data, asked.seed))})
