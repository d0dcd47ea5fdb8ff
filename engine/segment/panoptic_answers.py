"""The shipped panoptic net as one of the house's segmenters: all three kinds of segments.

The fusion leaves a pixel void where the net sees a thing and no centre anywhere. Panoptic segments
must leave out none, so here such a pixel goes to the stuff that the net finds most probable there.

Sources: Kirillov et al., "Panoptic segmentation", CVPR 2019; Cheng et al., "Panoptic-DeepLab",
CVPR 2020.
"""

from collections.abc import Iterator

import numpy as np
from torch import Tensor

from engine.device import choose_device
from engine.progress import Progress
from engine.segment.fusion import FusionSettings, fuse
from engine.segment.panoptic_net import PanopticMaps
from engine.segment.reading import ask, instance_reading, semantic_reading
from engine.segment.segmented_picture import Kind, SegmentedPicture
from engine.segment.segments import VOID, Segmentation
from engine.segment.weights import TrainedPanopticNet, load_panoptic_net

KINDS: tuple[Kind, ...] = ("panoptic", "semantic", "instance")
#: No stuff is too small to be a segment.
_SETTINGS = FusionSettings(stuff_area_px=0)


def shipped_net() -> TrainedPanopticNet:
    """The net that ships, on the chosen device.

    Raises:
        InputError: its file is missing or damaged.
    """
    return load_panoptic_net(choose_device())


def map_steps(pixels: np.ndarray) -> Iterator[Progress[PanopticMaps]]:
    """The net's maps of a picture, uint8 (H, W, 3): a step when it is loaded, one with them.

    Raises:
        InputError: the net's file is missing or damaged.
    """
    made = shipped_net()
    yield Progress(1, 2)
    yield Progress(2, 2, ask(made, pixels))


def answer_as(
    maps: PanopticMaps, kind: Kind, is_thing: Tensor, class_names: tuple[str, ...]
) -> SegmentedPicture:
    """The segments of one kind.

    Args:
        maps: of one picture.
        kind: one of ``KINDS``.
        is_thing: bool (classes,).
        class_names: of the classes.
    """
    if kind == "semantic":
        return SegmentedPicture(kind, semantic_reading(maps, is_thing), class_names)
    fusion = fuse(maps, is_thing, _SETTINGS)
    if kind == "instance":
        return SegmentedPicture(kind, instance_reading(fusion), class_names)
    return complete(fusion.result, maps, is_thing, class_names)


def complete(
    fused: Segmentation, maps: PanopticMaps, is_thing: Tensor, class_names: tuple[str, ...]
) -> SegmentedPicture:
    """Panoptic segments of every pixel: void goes to the stuff most probable there.

    A stuff segment's score is the mean probability of its class over its pixels.

    Args:
        fused: numbered 1, 2, … without gaps.
        maps, is_thing, class_names: as in :func:`answer_as`.
    """
    probs = maps.logits.softmax(dim=0)
    likeliest = probs.masked_fill(is_thing[:, None, None], -1).argmax(dim=0).numpy()
    ids, void = fused.ids.copy(), fused.ids == VOID
    described = [(each.category, each.thing, each.score) for each in fused.segments]
    numbers = {each.category: each.id for each in fused.segments if not each.thing}
    for category in np.unique(likeliest[void]).tolist():
        if category not in numbers:
            described.append((category, False, 0.0))
            numbers[category] = len(described)
        ids[void & (likeliest == category)] = numbers[category]
        score = float(probs[category].numpy()[ids == numbers[category]].mean())
        described[numbers[category] - 1] = category, False, min(score, 1.0)
    return SegmentedPicture.of_map("panoptic", ids, described, class_names)
