"""What excites a filter most: its patches in the samples, found beside the page and kept.

All samples go through the network as far as the layer, which takes half a second or so: a job.
The maps of the last few layers are kept, so that the next channel of a layer takes no pass at all.
"""

import threading
from collections.abc import Iterator

import numpy as np
from torch import Tensor

from engine.cache import Cache
from engine.nets.catalog import find_classifier
from engine.nets.classify import preprocess, seen_picture
from engine.nets.features import FeatureReader
from engine.nets.patches import Patch, top_patches
from engine.nets.residence import residence
from engine.pictures import SAMPLE_NAMES, crop, resize_longest, sample
from engine.progress import Progress
from engine.serving.jobs import jobs
from engine.serving.one_core import on_fitting_cores
from engine.serving.readings import net_facts

PATCHES = 9
LONGEST_PX = 96
KEPT_LAYERS = 4  # a layer of all samples takes at most 13 MB for MobileNetV2

Patches = tuple[Patch, ...]


def exciting_patches(model: str, layer: str, channel: int) -> Patches | Progress[Patches]:
    """The patches of ``SAMPLE_NAMES`` that excite a channel most, or how far the search is.

    Args:
        model: the network.
        layer: one of its stages.
        channel: which of the stage's channels.

    Raises:
        InputError: the network or the layer is unknown, or the weights are not at hand.
    """

    def work() -> Iterator[Progress[Patches]]:
        maps: list[Tensor] = []
        for step in _read_samples(model, layer):
            maps = step.result or maps
            yield Progress(step.done, step.total + 1)
        facts = net_facts(model)
        field = facts.fields[facts.net.map_name(layer)]
        found = tuple(top_patches(maps, channel, field, PATCHES))
        yield Progress(step.total + 1, step.total + 1, found)

    return jobs().ask(("exciting", model, layer, channel), work)


def patch_pixels(model: str, patch: Patch) -> np.ndarray:
    """The patch out of the picture as the network sees it: uint8 ``(h, w, 3)``, at most 96 px."""
    weights = find_classifier(model).weights
    view = seen_picture(sample(SAMPLE_NAMES[patch.picture]).pixels, weights)
    return resize_longest(crop(view, patch.box).pixels, LONGEST_PX)


_sample_maps: Cache[list[Tensor]] = Cache(KEPT_LAYERS)
_reading = threading.Lock()


def _read_samples(model: str, layer: str) -> Iterator[Progress[list[Tensor]]]:
    """One map ``(C, H, W)`` for each sample; who asks for the same layer meanwhile waits."""
    total = len(SAMPLE_NAMES)
    with _reading:
        maps = _sample_maps.peek((model, layer))
        if maps is None:
            maps = []
            for done, each in enumerate(_passes(model, layer)):
                yield Progress(done, total)
                maps.append(each)
            _sample_maps.put((model, layer), maps)
    yield Progress(total, total, maps)


def _passes(model: str, layer: str) -> Iterator[Tensor]:
    facts = net_facts(model)
    reader = FeatureReader(residence().resident(model), facts.net, [layer])
    device = next(reader.model.parameters()).device
    weights = find_classifier(model).weights
    for name in SAMPLE_NAMES:
        x = preprocess(sample(name).pixels, weights).to(device)
        yield on_fitting_cores(facts.macs, reader.read, x).maps[layer][0].float().cpu()
