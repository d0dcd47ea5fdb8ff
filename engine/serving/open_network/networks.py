"""A run's network at one of its epochs, walked through with a picture, kept while it is looked at.

Moving the epoch opens another checkpoint, moving the picture runs the network again; pointing at
its maps and numbers needs neither.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from engine.cache import Cache, measure_bytes
from engine.errors import InputError
from engine.pictures import resolve
from engine.progress import Progress
from engine.runs.folder import RUN_FILE, Run
from engine.runs.state import read_state
from engine.serving.jobs import jobs
from engine.trainable.net_settings import SEGMENTERS

if TYPE_CHECKING:
    from torch import Tensor

    from engine.runs.opening import OpenedNet
    from engine.walk.layers import Layer, Part
    from engine.walk.operations import Walk, WalkPlan

Source = Literal["validation", "own"]
GOING = ("queued", "starting", "running", "stopping")


@dataclass(frozen=True)
class Question:
    """What is looked at.

    Attributes:
        run: whose network.
        epoch: epochs done; the last checkpoint that is not later is shown. None: the last.
        source: "validation" for one of the run's validation pictures, "own" for the learner's.
        index: which validation picture; the last where there are fewer.
        picture: the learner's picture, as in a link.
        part: which part of a net that is too long for a screen, from 1; the last of fewer.
        created: when the run was made, ms since 1970; 0 means whichever has the name.
    """

    run: Run
    epoch: int | None
    source: Source
    index: int
    picture: str
    part: int
    created: int = 0


@dataclass(frozen=True, eq=False)
class Shown:
    """One picture given to a network.

    Attributes:
        image: uint8 (C, H, W), as the run's data has them.
        target: index of its class; None where nobody has said.
    """

    image: "Tensor"
    target: int | None


@dataclass(frozen=True, eq=False)
class Held:
    """A run's validation pictures: images uint8 (N, C, H, W), targets int64 (N,)."""

    images: "Tensor"
    targets: "Tensor"


@dataclass(frozen=True, eq=False)
class Structure:
    """What a network's operations are, and how they stand on a screen."""

    plan: "WalkPlan"
    layers: "tuple[Layer, ...]"
    parts: "tuple[Part, ...]"


@dataclass(frozen=True, eq=False)
class OpenNetwork:
    """A network with what a picture makes of one part of it.

    Attributes:
        run, opened: the run and its network.
        structure: its layers and parts.
        part: which part, from 0.
        walked: outputs of that part's operations, and of the last one of each part.
        shown: the picture.
        pictures: how many validation pictures there are; 0 where the picture is the learner's.
        index: which of them it is.
    """

    run: Run
    opened: "OpenedNet"
    structure: Structure
    part: int
    walked: "Walk"
    shown: Shown
    pictures: int
    index: int


def open_network(asked: Question) -> OpenNetwork | Progress[Held]:
    """The network with the picture walked through it; how far it is while the data is loaded.

    Raises:
        InputError: no such epoch or picture, or a segmenter's.
    """
    run = asked.run
    if run.settings.net.name in SEGMENTERS:
        raise InputError("run_is_segmenter", 409, name=run.name)
    if asked.created and round(run.created * 1000) != asked.created:
        raise InputError("run_unknown", 404, name=run.name)
    opened = _open(run.folder, asked.epoch)
    structure = _structure(run, opened)
    if asked.source == "own":
        shown, pictures, index = _own(run, opened, asked.picture), 0, 0
    else:
        held = _validation(run)
        if isinstance(held, Progress):
            return held
        pictures = len(held.images)
        index = min(asked.index, pictures - 1)
        shown = Shown(held.images[index], int(held.targets[index]))
    part = min(asked.part, len(structure.parts)) - 1
    key = (str(opened.checkpoint.path), _modified(opened.checkpoint.path), part)
    of = asked.picture if asked.source == "own" else index
    walked = _walks.get((*key, of), lambda: _walk(opened, structure, part, shown))
    return OpenNetwork(run, opened, structure, part, walked, shown, pictures, index)


def last_epoch(folder: Path) -> int:
    """The last epoch of the run in a folder that can be opened.

    Raises:
        InputError: it has no checkpoint.
    """
    from engine.runs.checkpoints import find_checkpoint

    return find_checkpoint(folder).epoch


def is_going(folder: Path) -> bool:
    """Whether the run in a folder waits or is under way."""
    return read_state(folder).status in GOING


def _open(folder: Path, epoch: int | None) -> "OpenedNet":
    from engine.runs.checkpoints import find_checkpoint, list_checkpoints
    from engine.runs.opening import open_net

    every = [each.epoch for each in list_checkpoints(folder)]
    if not every and is_going(folder):
        raise InputError("run_not_begun", 404, name=folder.name)
    before = [each for each in every if epoch is None or each <= epoch]
    checkpoint = find_checkpoint(folder, max(before) if before else epoch)
    key = (str(checkpoint.path), _modified(checkpoint.path))
    return _nets.get(key, lambda: open_net(folder, checkpoint.epoch))


def _modified(path: Path) -> int:
    return path.stat().st_mtime_ns


def _structure(run: Run, opened: "OpenedNet") -> Structure:
    from engine.walk.layers import parts, shown_layers
    from engine.walk.operations import plan_walk

    def make() -> Structure:
        plan = plan_walk(opened.net, opened.input_shape)
        layers = shown_layers(plan)
        return Structure(plan, layers, parts(layers))

    return _structures.get((run.settings.net, opened.input_shape, len(opened.classes)), make)


def _validation(run: Run) -> Held | Progress[Held]:
    """Data that must be drawn or read first takes seconds; it is kept with the last jobs."""

    def work() -> Iterator[Progress[Held]]:
        from engine.runs.own_data import load_for_run

        data = load_for_run(run.folder, run.settings)
        held = Held(data.validation_images, data.validation_targets)
        yield Progress(1, 1, held)

    key = ("validation pictures", str(run.folder), _modified(run.folder / RUN_FILE))
    return jobs().ask(key, work)


def _own(run: Run, opened: "OpenedNet", ref: str) -> Shown:
    """The learner's picture, cropped to the middle and scaled to the net's input."""
    import torch

    from engine.data.taken_pictures import fit_picture
    from engine.pictures import grey
    from engine.train.pixel_order import draw_pixel_order, reorder_pixels

    channels, height, width = opened.input_shape
    pixels = fit_picture(resolve(ref).pixels, (height, width), "crop")
    fitted = grey(pixels)[..., None] if channels == 1 else pixels
    image = torch.from_numpy(np.array(fitted)).permute(2, 0, 1).contiguous()
    if run.settings.data.pixel_shuffle:
        order = draw_pixel_order((height, width), run.settings.seed)
        image = reorder_pixels(image, order)
    return Shown(image, None)


def _walk(opened: "OpenedNet", structure: Structure, part: int, shown: Shown) -> "Walk":
    from engine.serving.one_core import on_fitting_cores
    from engine.walk.operations import walk

    plan = structure.plan
    macs = sum(fact.macs for fact in plan.graph.facts.values())
    kept = _needed(structure, part)
    x = opened.prepare(shown.image[None])
    return on_fitting_cores(macs, walk, opened.net, plan, x, kept)


def _needed(structure: Structure, part: int) -> set[str]:
    """The operations of a part, what feeds them, and the last one of every part."""
    layers, operations = structure.layers, structure.plan.operations
    stretch = structure.parts[part]
    needed = {layers[each.layers[-1]].output for each in structure.parts}
    needed |= {step for at in (*stretch.layers, *stretch.feeding) for step in layers[at].steps}
    waiting = [name for at in stretch.layers for name in layers[at].steps]
    while waiting:
        for name in operations[waiting.pop()].inputs:
            if name not in needed:
                needed.add(name)
                if operations[name].kind in ("reshape", "identity"):
                    waiting.append(name)
    return needed


def _outputs_of(walked: "Walk") -> int:
    return measure_bytes(walked.outputs)


_nets: "Cache[OpenedNet]" = Cache(12)
_walks: "Cache[Walk]" = Cache(24, size_of=_outputs_of)
_structures: Cache[Structure] = Cache(8, size_of=lambda _: 2**16)
