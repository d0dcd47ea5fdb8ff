"""What becomes of a filter's answer: the network with channels scaled, and a map that is pooled."""

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Response

from engine.pictures import resolve
from engine.progress import Progress
from engine.serving.binary import pack, pending
from engine.serving.feature_maps.contract import (
    MOST_OPERATED,
    MOST_WINDOW,
    PoolingQuestion,
    SurgeryQuestion,
)
from engine.serving.readings import Reading, read_picture

if TYPE_CHECKING:
    from torch import Tensor

TOP = 5

router = APIRouter(prefix="/feature-maps", tags=["feature maps"])


@router.get("/surgery", response_class=Response)
def surgery(asked: Annotated[SurgeryQuestion, Query()]) -> Response:
    """Channels scaled: ``difference_1`` … uint8 (h, w), after − before of the channel that changed
    most at each later stage, 128 being no change; the classes before and after in ``about``.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving import layer_maps
    from engine.serving.feature_maps.surgery import operate_on

    reading = read_picture(resolve(asked.picture), asked.model)
    opened = layer_maps.open_layer(reading, asked.layer, "local")
    channel, _ = layer_maps.choose_channel(
        asked.model, opened.number, opened.name, opened.selectivity.order, asked.channel
    )
    others = [other for other in opened.strength.order.tolist() if other != channel]
    done = operate_on(
        reading, opened.number, [channel, *others[: asked.operated - 1]], asked.factor
    )
    arrays, felt = {}, []
    for number, each in enumerate(done.felt, 1):
        reach = each.difference.abs().max()
        ranges = reach * reach.new_tensor([[-1.0, 1.0]])
        shown = layer_maps.tiles(each.difference[None], ranges, layer_maps.FACE_SIDE)[0]
        arrays[f"difference_{number}"] = shown
        facts = {"name": each.name, "number": each.number, "channel": each.channel}
        felt.append(facts | {"change": each.change, "reach": reach.item()})
    about = {"layer": opened.name, "number": opened.number, "channels": done.channels}
    most = {"operated": {"high": min(MOST_OPERATED, opened.node.channels)}}
    classes = _classes(reading, done.probs)
    return pack(arrays, about | {"felt": felt, "limits": most} | classes)


@router.get("/pooling", response_class=Response)
def pooling(asked: Annotated[PoolingQuestion, Query()]) -> Response:
    """A map and its pooled form while the picture moves right: ``view`` uint8 (h, w, 3) moved;
    ``map_still``, ``map_moved``, ``pooled_still``, ``pooled_moved`` float32 (H, W); ``unpooled``
    and ``pooled`` float32 (17,), the relative change for every shift from 0 to 16 px.

    202 with ``done`` and ``total`` while the network looks at the moved pictures.

    Bound: a job of 3 s of a core, 150 MiB.
    """
    from engine.serving import layer_maps
    from engine.serving.feature_maps.shifts import shifted_maps

    picture = resolve(asked.picture)
    reading = read_picture(picture, asked.model)
    opened = layer_maps.open_layer(reading, asked.layer, "local")
    channel, _ = layer_maps.choose_channel(
        asked.model, opened.number, opened.name, opened.selectivity.order, asked.channel
    )
    maps = shifted_maps(picture, asked.model, opened.name, channel)
    if isinstance(maps, Progress):
        return pending(maps)
    arrays = _pooled(reading, maps, asked)
    rows, columns = opened.node.size
    low = min(0.0, maps.min().item())
    reach = max(maps.max().item(), -low)
    about = {
        "layer": opened.name,
        "channel": channel,
        "low": -reach if low < 0 else 0.0,
        "high": reach,
        "px_per_cell": reading.x.shape[3] / columns,
        "limits": {"window": {"high": min(MOST_WINDOW, rows, columns)}},
    }
    return pack(arrays, about)


def _pooled(reading: Reading, maps: "Tensor", asked: PoolingQuestion) -> dict[str, np.ndarray]:
    import torch

    from engine.convolution.pooling import Pool, pool2d, relative_change, shift

    window = min(asked.window, *maps.shape[1:])
    pooled = pool2d(maps, Pool(asked.kind, window, window))
    view = shift(torch.tensor(reading.view).permute(2, 0, 1), 0, asked.shift)
    changes = {
        name: np.array([relative_change(each, group[0]) for each in group], np.float32)
        for name, group in (("unpooled", maps), ("pooled", pooled))
    }
    return changes | {
        "view": view.permute(1, 2, 0).numpy(),
        "map_still": maps[0].numpy(),
        "map_moved": maps[asked.shift].numpy(),
        "pooled_still": pooled[0].numpy(),
        "pooled_moved": pooled[asked.shift].numpy(),
    }


def _classes(reading: Reading, after: "Tensor") -> dict[str, Any]:
    """The five best classes before, then those that are among the five best only after."""
    from engine.nets.catalog import find_classifier
    from engine.nets.classify import top_k

    categories = find_classifier(reading.facts.name).categories
    before, best = (top_k(probs, TOP, categories) for probs in (reading.probs, after))
    known = {label.index for label in before}
    labels = [*before, *(label for label in best if label.index not in known)]
    return {
        "labels": [
            {
                "name": label.name,
                "before": reading.probs[label.index].item(),
                "after": after[label.index].item(),
            }
            for label in labels
        ],
        "best": best[0].name,
    }
