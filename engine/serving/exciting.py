"""What excites the filters of a layer most: the samples' patches, found once a layer and kept.

All eight samples go through the network as far as the layer, which takes a second or so: a job.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from engine.explain.progress import Progress
from engine.nets.catalog import find_classifier
from engine.nets.classify import preprocess, seen_picture
from engine.nets.features import FeatureReader
from engine.nets.patches import Patch, top_patches
from engine.nets.residence import residence
from engine.pictures import SAMPLE_NAMES, crop, resize_longest, sample
from engine.serving.jobs import jobs
from engine.serving.reading import net_facts

PATCHES = 9
LONGEST_PX = 96
_TOLD_EVERY = 64  # channels


@dataclass(frozen=True, eq=False)
class Excitation:
    """For each channel of a layer its most exciting patches, over ``SAMPLE_NAMES``."""

    patches: tuple[tuple[Patch, ...], ...]


def exciting_patches(model: str, layer: str) -> Excitation | Progress[Excitation]:
    """The patches of every channel of a stage, or how far the search is.

    Raises:
        InputError: the network or the layer is unknown, or the weights are not at hand.
    """
    return jobs().ask(("exciting", model, layer), lambda: _search(model, layer))


def _search(model: str, layer: str) -> Iterator[Progress[Excitation]]:
    facts = net_facts(model)
    reader = FeatureReader(residence().resident(model), facts.net, [layer])
    device = next(reader.model.parameters()).device
    weights = find_classifier(model).weights
    total = len(SAMPLE_NAMES) + 1
    maps: list[Tensor] = []
    for name in SAMPLE_NAMES:
        yield Progress(len(maps), total)
        x = preprocess(sample(name).pixels, weights).to(device)
        maps.append(reader.read(x).maps[layer][0].float().cpu())
    field = facts.fields[facts.net.map_name(layer)]
    found = []
    for channel in range(len(maps[0])):
        if channel % _TOLD_EVERY == 0:
            yield Progress(len(maps), total)
        found.append(tuple(top_patches(maps, channel, field, PATCHES)))
    yield Progress(total, total, Excitation(tuple(found)))


def patch_pixels(model: str, patch: Patch) -> np.ndarray:
    """The patch out of the picture as the network sees it: uint8 ``(h, w, 3)``, at most 96 px."""
    weights = find_classifier(model).weights
    view = seen_picture(sample(SAMPLE_NAMES[patch.picture]).pixels, weights)
    return resize_longest(crop(view, patch.box).pixels, LONGEST_PX)
