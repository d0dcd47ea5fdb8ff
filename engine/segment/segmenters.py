"""Every segmenter by name: what it sees in a picture, and the segments made of that.

A segmenter looks once at a picture, which may take long; settings are then moved over what it saw.
It is an entry of the table that :func:`list_segmenters` makes; whoever adds one adds an entry.

Sources: as the modules say that do the work.
"""

import difflib
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any, Literal

import numpy as np

from engine.detection.nanodet.weights import load_nanodet
from engine.device import choose_device
from engine.errors import InputError
from engine.nets.catalog import find_classifier
from engine.nets.weights import require_weights
from engine.pictures import resize_longest
from engine.progress import Progress, finish
from engine.segment import boxed_things
from engine.segment import torchvision_segmenters as published
from engine.segment.class_seed import CLASSIFIER, ClassSeed, find_seed
from engine.segment.drawn_marks import read_marks
from engine.segment.grab_cut import grab_cut_steps, make_trimap
from engine.segment.panoptic_answers import KINDS, answer_as, map_steps, shipped_net
from engine.segment.segmented_picture import Kind, SegmentedPicture
from engine.segment.segmenter import Reading, Segmenter, Settings
from engine.segment.selfie.finding import (
    USUAL_LEAST,
    People,
    cut_out_people,
    load_nets,
    people_steps,
)
from engine.segment.superpixels import Superpixels, cluster_pixels, merge_regions

DEFAULT = "grabcut"
#: What cuts along a learner's own drawing.
DRAWN = "drawn"
#: What reads drawn scenes.
SCENES = "panoptic"
#: Longest side in pixels of the picture that is looked at.
SMALL_PX, LARGE_PX = 320, 640
_NEAREST = 4


@cache
def list_segmenters() -> tuple[Segmenter, ...]:
    """All segmenters, those that need no download first."""
    semantic = [_published(name, "semantic") for name in published.semantic_names()]
    instance = [_published(name, "instance") for name in published.instance_names()]
    return (
        _seeded(),
        _drawn(),
        _boxed(),
        _people(),
        *_superpixels(),
        _scenes(),
        *semantic,
        *instance,
    )


def find_segmenter(name: str) -> Segmenter:
    """The segmenter of that name, available or not.

    Raises:
        InputError: there is none (404); the sentence names the nearest and those at hand.
    """
    entries = {entry.name: entry for entry in list_segmenters()}
    if name not in entries:
        wanted = name[:60]
        near = difflib.get_close_matches(wanted.lower(), entries, n=_NEAREST, cutoff=0.5)
        there = [entry.name for entry in list_segmenters() if why_missing(entry.name) is None]
        choices = ", ".join(dict.fromkeys([*near, *there]))
        raise InputError("segmenter_unknown", 404, wanted=wanted, choices=choices)
    return entries[name]


def why_missing(name: str) -> InputError | None:
    """Why a segmenter is not available, and how to get it; None where it is.

    Raises:
        InputError: there is none of that name.
    """
    try:
        find_segmenter(name).check()
    except InputError as error:
        return error
    return None


def seen_by(entry: Segmenter, pixels: np.ndarray) -> np.ndarray:
    """The picture that a segmenter cuts: uint8 (H, W, 3), never larger than the one given."""
    return resize_longest(pixels, entry.side_px)


def look_at(entry: Segmenter, pixels: np.ndarray) -> Iterator[Progress[Any]]:
    """What a segmenter sees in a picture, uint8 (H, W, 3), step by step."""
    return entry.look(pixels if entry.looks_closely else seen_by(entry, pixels))


def own_settings(entry: Segmenter, settings: Settings) -> Settings:
    """The settings that move this segmenter, its kind named; all others as they usually are.

    Raises:
        InputError: it has no segments of that kind.
    """
    kind = settings.kind or entry.kinds[0]
    if kind not in entry.kinds:
        can = ", ".join(entry.kinds)
        raise InputError("segment_kind", model=entry.name, kind=can, wanted=kind)
    read = {name: getattr(settings, name) for name in entry.reads}
    return Settings(kind=kind, **read)


def segment(name: str, pixels: np.ndarray, settings: Settings | None = None) -> SegmentedPicture:
    """A picture in segments, on the picture's own size.

    Args:
        name: one of :func:`list_segmenters`.
        pixels: uint8 (H, W, 3), RGB.
        settings: by default what is usual.

    Raises:
        InputError: the segmenter is unknown or not at hand, the picture or the kind does not suit
            it, or a setting is out of range.
    """
    entry = find_segmenter(name)
    own = own_settings(entry, settings or Settings())
    entry.check()
    small = seen_by(entry, pixels)
    reading = finish(entry.settle(small, finish(look_at(entry, pixels)), own))
    return reading.answer.resized((pixels.shape[0], pixels.shape[1]))


def cut_around_seed(
    pixels: np.ndarray, seed: ClassSeed, settings: Settings
) -> Iterator[Progress[Reading]]:
    """GrabCut from Grad-CAM: the class's pixels are one segment, the others belong to none.

    Raises:
        InputError: the seed leaves no thing or no background.
    """
    trimap = make_trimap(seed.map, settings.seed)
    for step in grab_cut_steps(pixels, trimap):
        if step.result is None:
            yield Progress(step.done, step.total)
            continue
        ids = step.result.masks[-1].astype(np.int32)
        described = [(0, True, seed.prob)]
        answer = SegmentedPicture.of_map("semantic", ids, described, [seed.class_name])
        yield Progress(step.done, step.total, Reading(answer, step.result))


def _seeded() -> Segmenter:
    def look(pixels: np.ndarray) -> Iterator[Progress[ClassSeed]]:
        yield Progress(0, 1)
        height, width = resize_longest(pixels, SMALL_PX).shape[:2]
        yield Progress(1, 1, find_seed(pixels, (height, width)))

    return Segmenter(
        name=DEFAULT,
        title="Grad-CAM + GrabCut",
        family="seeded",
        kinds=("semantic",),
        side_px=SMALL_PX,
        reads=("seed",),
        look=look,
        settle=cut_around_seed,
        check=partial(require_weights, find_classifier(CLASSIFIER).weights),
        looks_closely=True,  # as everywhere, so that its answer has one number
    )


def _drawn() -> Segmenter:
    def settle(pixels: np.ndarray, _: bool, settings: Settings) -> Iterator[Progress[Reading]]:
        size = (pixels.shape[0], pixels.shape[1])
        for step in grab_cut_steps(pixels, read_marks(settings.drawn, size)):
            if step.result is None:
                yield Progress(step.done, step.total)
                continue
            ids = step.result.masks[-1].astype(np.int32)
            answer = SegmentedPicture.of_map("semantic", ids, [(0, True, 1.0)], [DRAWN])
            yield Progress(step.done, step.total, Reading(answer))

    kinds: tuple[Kind, ...] = ("semantic",)
    title = "Box or strokes + GrabCut"
    reads, look = ("drawn",), _nothing_to_see
    return Segmenter(DRAWN, title, "drawn", kinds, SMALL_PX, reads, look, settle)


def _boxed() -> Segmenter:
    def settle(pixels: np.ndarray, said: Any, settings: Settings) -> Iterator[Progress[Reading]]:
        least = boxed_things.USUAL_LEAST if settings.least is None else settings.least
        for step in boxed_things.cut_out_things(pixels, said, least):
            yield Progress(step.done, step.total, step.result and Reading(step.result))

    return Segmenter(
        name="boxes",
        title="NanoDet + GrabCut",
        family="boxed",
        kinds=("instance",),
        side_px=SMALL_PX,
        reads=("least",),
        look=boxed_things.thing_steps,
        settle=settle,
        check=lambda: load_nanodet(choose_device()),
        looks_closely=True,
    )


def _people() -> Segmenter:
    def settle(_: np.ndarray, said: People, settings: Settings) -> Iterator[Progress[Reading]]:
        least = USUAL_LEAST if settings.least is None else settings.least
        yield Progress(1, 1, Reading(cut_out_people(said, least)))

    kinds: tuple[Kind, ...] = ("semantic",)
    title, reads, look = "MediaPipe selfie segmentation", ("least",), people_steps
    return Segmenter("selfie", title, "people", kinds, LARGE_PX, reads, look, settle, load_nets)


def _superpixels() -> list[Segmenter]:
    def slic(pixels: np.ndarray, settings: Settings) -> Superpixels:
        return cluster_pixels(pixels, settings.pieces, settings.compactness)

    def felzenszwalb(pixels: np.ndarray, settings: Settings) -> Superpixels:
        return merge_regions(pixels, settings.scale)

    def entry(
        name: str, title: str, reads: tuple[str, ...], make: Callable[..., Superpixels]
    ) -> Segmenter:
        def settle(pixels: np.ndarray, _: bool, settings: Settings) -> Iterator[Progress[Reading]]:
            yield Progress(0, 1)
            ids = make(pixels, settings).labels + 1
            described = [(0, False, 1.0)] * int(ids.max())
            answer = SegmentedPicture.of_map("regions", ids, described, ["region"])
            yield Progress(1, 1, Reading(answer))

        kinds: tuple[Kind, ...] = ("regions",)
        look = _nothing_to_see
        return Segmenter(name, title, "superpixels", kinds, SMALL_PX, reads, look, settle)

    return [
        entry("slic", "SLIC", ("pieces", "compactness"), slic),
        entry("felzenszwalb", "Felzenszwalb–Huttenlocher", ("scale",), felzenszwalb),
    ]


def _scenes() -> Segmenter:
    def settle(_: np.ndarray, maps: Any, settings: Settings) -> Iterator[Progress[Reading]]:
        made = shipped_net()
        kind = settings.kind or KINDS[0]
        answer = answer_as(maps, kind, made.is_thing, made.class_names)
        yield Progress(1, 1, Reading(answer))

    title = "Panoptic net"
    return Segmenter(SCENES, title, "scenes", KINDS, SMALL_PX, (), map_steps, settle, shipped_net)


def _nothing_to_see(_: np.ndarray) -> Iterator[Progress[bool]]:
    """Superpixels are made anew for all settings."""
    yield Progress(1, 1, True)


def _published(name: str, kind: Literal["semantic", "instance"]) -> Segmenter:
    steps = published.pixel_class_steps if kind == "semantic" else published.thing_steps
    settled = published.semantic_answer if kind == "semantic" else published.instance_answer
    usual = 0.0 if kind == "semantic" else 0.5

    def settle(_: np.ndarray, said: Any, settings: Settings) -> Iterator[Progress[Reading]]:
        least = usual if settings.least is None else settings.least
        answer = settled(said, published.class_names(name), least)
        yield Progress(1, 1, Reading(answer))

    return Segmenter(
        name=name,
        title=published.title_of(name),
        family=kind,
        kinds=(kind,),
        side_px=LARGE_PX,
        reads=("least",),
        look=partial(steps, name),
        settle=settle,
        check=partial(require_weights, published.weights_of(name)),
        file_mib=published.weights_of(name).meta["_file_size"],
    )
