"""What the Training studio's stage asks while settings are chosen."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from engine.errors import InputError
from engine.serving.binary import pack
from engine.serving.training_studio.contract import Question

if TYPE_CHECKING:
    from engine.train.settings import RunSettings
    from engine.trainable.net_settings import NetSettings

router = APIRouter(prefix="/training-studio", tags=["pages"])

_AUGMENT = {"none": "", "flip_crop": "flip,crop"}
_NET_OPTIONS = (
    "depth",
    "width",
    "activation",
    "norm",
    "skip",
    "dropout",
    "backbone",
    "frozen_blocks",
    "input_px",
)


@router.get("", response_class=Response)
def prepare_run(asked: Annotated[Question, Query()]) -> Response:
    """Pictures to learn from, the network's shape table, and the settings as POST runs takes them.

    Every other value is a setting by its name (``data``, ``net``, ``epochs``, …). Arrays:
    ``pictures`` uint8 (classes, n, H, W, C), ``wrong`` uint8 (classes, n), ``shown`` uint8; of a
    segmenter (``about.masks``) ``pictures`` uint8 (n, H, W, 3) and ``truth`` uint8 (n, H, W).
    A published data set that is not here yet is fetched: 202 with the progress meanwhile.

    Bound: 5 s of a core, 300 MiB.
    """
    from engine.serving.training import check_fits
    from engine.serving.training_studio.compute import look_at, open_set
    from engine.train.feeding import check_masks_fit
    from engine.train.flat import settings_from_flat
    from engine.trainable.net_settings import SEGMENTERS

    said = asked.model_dump(exclude_unset=True)  # what is left out suits the network
    own_data, augment = said.pop("own_data", ""), said.pop("augment", "none")
    said.pop("started", None)
    said["augment"] = _AUGMENT.get(augment, augment)
    settings = settings_from_flat({name: str(value) for name, value in said.items()})
    check_masks_fit(settings)
    if settings.net.name in SEGMENTERS:
        check_fits(settings)
        return _prepare_segmenter(settings)
    try:
        data = open_set(settings, own_data)
    except InputError as error:
        if error.key != "data_missing":
            raise
        return _fetch(settings.data.name)
    check_fits(settings, data)
    look = look_at(settings, data)
    _, height, width, channels = data.images.shape
    about = {
        "settings": settings.to_dict(),
        "classes": look.classes,
        "counts": look.counts,
        "validation": look.validation,
        "test": look.test,
        "origin": look.origin,
        "input_shape": (channels, height, width),
        **_network(settings.net, (channels, height, width), len(data.classes)),
    }
    return pack({"pictures": look.pictures, "wrong": look.wrong, "shown": look.shown}, about)


def _prepare_segmenter(settings: "RunSettings") -> Response:
    from engine.data.panoptic_scenes import CATEGORIES
    from engine.segment.masked_scenes import HELD_OUT
    from engine.serving.masks import learnt_masks

    count, classes = settings.segmenter.mask_scenes, CATEGORIES
    arrays = learnt_masks(settings.seed, count)
    _, height, width, channels = arrays["pictures"].shape
    about = {
        "settings": settings.to_dict(),
        "masks": True,
        "classes": classes,
        "counts": [count],
        "validation": HELD_OUT,
        "test": 0,
        "origin": "",
        "input_shape": (channels, height, width),
        **_network(settings.net, (channels, height, width), len(classes)),
    }
    return pack(arrays, about)


def _network(net: "NetSettings", input_shape: tuple[int, int, int], classes: int) -> dict[str, Any]:
    """The network's shape table, and which of the options it has."""
    from engine.serving.training_studio.compute import (
        FOR_CLASSES,
        FOR_MASKS,
        defaults_by_net,
        learning_by_kind,
        tabulate,
        unused_options,
        unused_settings,
    )

    unused = [*unused_options(net.name), *unused_settings(net.name)]
    every = (*_NET_OPTIONS, *FOR_CLASSES, *FOR_MASKS)
    return {
        "layers": [
            {
                "name": row.name,
                "kind": row.kind,
                "shape": row.output_shape[1:],
                "params": row.params,
                "macs": row.macs,
            }
            for row in tabulate(net, input_shape, classes)
        ],
        "net_defaults": defaults_by_net(),
        "learning": learning_by_kind(),
        "limits": {option: {"disabled": option in unused} for option in every},
    }


def _fetch(name: str) -> Response:
    """Downloads a published set beside the request that asks for it."""
    from engine.serving.training_studio.fetching import fetch_set

    progress = fetch_set(name)
    return JSONResponse({"done": progress.done, "total": progress.total}, status_code=202)
