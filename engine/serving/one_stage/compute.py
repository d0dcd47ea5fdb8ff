"""NanoDet opened: a picture at one size, and one thing followed over all sizes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from time import perf_counter
from typing import Any

import numpy as np

from engine.cache import Cache
from engine.detection.coco import COCO_CLASSES
from engine.detection.nanodet.finding import FLOOR, USUAL_SCORE, Seen, see_placed
from engine.detection.nanodet.following import (
    Followed,
    Thing,
    follow,
    pick_thing,
    size_px,
    winnow,
)
from engine.detection.nanodet.letterbox import INPUT_PX, fit
from engine.detection.nanodet.net import STRIDES_PX
from engine.detection.nanodet.weights import load_nanodet
from engine.device import choose_device
from engine.pictures import Picture, resolve
from engine.progress import Progress
from engine.serving.batching import Batcher, max_batch
from engine.serving.class_words import class_word
from engine.serving.jobs import jobs
from engine.serving.one_stage.contract import Question, ZoomsQuestion

WHOLE = 100  # percent: the picture fills the network's input
#: The sizes of the chart, in percent, about equal factors apart.
ZOOMS = (10, 12, 15, 18, 22, 26, 32, 38, 46, 55, 66, 81, WHOLE)
MOST_THINGS = 20  # offered to be followed
Answer = tuple[dict[str, np.ndarray], dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Looked:
    """A picture at one size as NanoDet sees it, and how long it looked in ms."""

    seen: Seen
    ms: float


_kept: Cache[Looked] = Cache(48)


def look(asked: Question, lang: str) -> Answer:
    """What every cell says at a size, where the thing is, and what is left of all cells.

    Raises:
        InputError: no such picture, or NanoDet's weights are damaged.
    """
    picture = resolve(asked.picture)
    looked, thing = look_at(picture, asked.zoom), thing_of(picture, asked.thing)
    seen, cells = looked.seen, looked.seen.cells
    found, left = follow(seen, thing), winnow(seen, asked.score)
    shown = _shown_cell(asked.cell, seen, thing, found)
    maps = cells.on_grids(cells.scores[:, thing.label])
    boxes = cells.boxes()
    scores, labels = cells.scores[left.left].max(dim=1)
    arrays = {f"scores_{grid}": each.numpy() for grid, each in enumerate(maps)} | {
        "boxes": boxes.numpy(),
        "counts": left.counts.numpy().astype(np.int32),
        "left": left.left.numpy().astype(np.int32),
        "left_scores": scores.numpy(),
        "sides": cells.sides[shown].numpy(),
    }
    about = _place_facts(seen) | {
        "things": _things(picture, thing, lang),
        "thing": {"label": thing.label, "name": _name(thing.label, lang), "score": thing.score},
        "sure": USUAL_SCORE,
        "thing_box": seen.place.to_square(thing.box).tolist(),
        "thing_px": size_px(seen, thing),
        "best": [
            None if cell is None else {"cell": place_of(seen, cell), "score": score}
            for cell, score in zip(found.cells, found.scores, strict=True)
        ],
        "winner": found.winner,
        "cell": _cell_facts(seen, shown, thing),
        "left_names": [_name(label, lang) for label in labels.tolist()],
        "ms": looked.ms,
    }
    return arrays, about


def look_at(picture: Picture, zoom: int) -> Looked:
    """A picture as large as ``zoom`` percent of the network's input.

    Raises:
        InputError: NanoDet's weights are damaged, or the device has too little memory.
    """
    return _kept.get((picture.ref, zoom), lambda: _batcher()((picture.pixels, zoom)))


@cache
def _batcher() -> Batcher[tuple[np.ndarray, int], Looked]:
    def run(asked: Sequence[tuple[np.ndarray, int]]) -> list[Looked]:
        net = load_nanodet(choose_device())
        places = [fit((each.shape[0], each.shape[1]), zoom=zoom / WHOLE) for each, zoom in asked]
        begun = perf_counter()
        found = see_placed(net, [pixels for pixels, _ in asked], places)
        ms = (perf_counter() - begun) * 1000 / len(asked)
        return [Looked(seen, ms) for seen in found]

    return Batcher(run, max_batch())


def thing_of(picture: Picture, label: str) -> Thing:
    """What is followed: the surest thing of a class, or of all, where the picture is whole.

    Args:
        picture: any.
        label: a class's number; "" for all.
    """
    return pick_thing(look_at(picture, WHOLE).seen, int(label) if label else None)


def place_of(seen: Seen, cell: int) -> list[int]:
    """Grid, row and column of a cell."""
    for grid, (rows, columns) in enumerate(seen.cells.grids):
        if cell < rows * columns:
            return [grid, *divmod(cell, columns)]
        cell -= rows * columns
    raise IndexError(cell)


def _shown_cell(asked: str, seen: Seen, thing: Thing, found: Followed) -> int:
    """The cell asked for; else the winner; else the one that scores the class highest anywhere."""
    if asked:
        grid, row, column = map(int, asked.split(","))
        before = sum(rows * columns for rows, columns in seen.cells.grids[:grid])
        return before + row * seen.cells.grids[grid][1] + column
    winner = None if found.winner is None else found.cells[found.winner]
    return int(seen.cells.scores[:, thing.label].argmax()) if winner is None else winner


def _place_facts(seen: Seen) -> dict[str, Any]:
    (height, width), (top, left) = seen.place.scaled, seen.place.corner
    return {
        "size": list(seen.place.size),
        "input_px": INPUT_PX,
        "strides_px": list(STRIDES_PX),
        "grids": [list(grid) for grid in seen.cells.grids],
        "place": {"x": left, "y": top, "width": width, "height": height},
    }


def _things(picture: Picture, thing: Thing, lang: str) -> list[dict[str, Any]]:
    """What could be followed: the classes that a cell proposes where the picture is whole."""
    best = look_at(picture, WHOLE).seen.cells.scores.max(dim=0).values
    labels = [int(each) for each in best.argsort(descending=True, stable=True)[:MOST_THINGS]]
    offered = [each for each in labels if best[each] >= FLOOR or each == thing.label]
    if thing.label not in offered:
        offered.append(thing.label)
    return [
        {"label": each, "name": _name(each, lang), "score": float(best[each])} for each in offered
    ]


def _cell_facts(seen: Seen, cell: int, thing: Thing) -> dict[str, Any]:
    cells = seen.cells
    score, label = cells.scores[cell].max(dim=0)
    return {
        "place": place_of(seen, cell),
        "score": float(cells.scores[cell, thing.label]),
        "best_label": int(label),
        "best_score": float(score),
        "stride_px": int(cells.strides_px[cell]),
        "distances_px": cells.distances_px()[cell].tolist(),
        "spreads_px": cells.spreads_px()[cell].tolist(),
    }


def _name(label: int, lang: str) -> str:
    return class_word(COCO_CLASSES[label], lang)


@dataclass(frozen=True, eq=False)
class Passed:
    """A thing at all sizes.

    Attributes:
        sizes_px: float64 (n,), its size in the network's input.
        scores: float32 (n, grids), of the cell of each grid that has it; 0 where none has.
        winners: int32 (n,), the grid with the highest, -1 below ``FLOOR``.
    """

    sizes_px: np.ndarray
    scores: np.ndarray
    winners: np.ndarray


def pass_over(asked: ZoomsQuestion, lang: str) -> Answer | Progress[Passed]:
    """The thing at all sizes of the chart, or how far that is.

    Raises:
        InputError: as :func:`look`.
    """
    picture = resolve(asked.picture)
    key = ("one stage zooms", picture.ref, asked.thing)
    found = jobs().ask(key, lambda: _follow_all(picture, asked.thing))
    if isinstance(found, Progress):
        return found
    thing = thing_of(picture, asked.thing)
    arrays = {
        "zooms": np.array(ZOOMS, np.int32),
        "sizes_px": found.sizes_px,
        "scores": found.scores,
        "winners": found.winners,
    }
    grids = look_at(picture, WHOLE).seen.cells.grids
    about = {
        "name": _name(thing.label, lang),
        "grids": [list(grid) for grid in grids],
        "floor": FLOOR,
        "sure": USUAL_SCORE,
    }
    return arrays, about | judge(found)


def _follow_all(picture: Picture, label: str) -> Iterator[Progress[Passed]]:
    thing = thing_of(picture, label)
    yield Progress(0, len(ZOOMS))
    sizes, found = [], []
    for done, zoom in enumerate(ZOOMS, start=1):
        seen = look_at(picture, zoom).seen
        sizes.append(size_px(seen, thing))
        found.append(follow(seen, thing))
        if done < len(ZOOMS):
            yield Progress(done, len(ZOOMS))
    winners = [-1 if each.winner is None else each.winner for each in found]
    passed = Passed(
        np.array(sizes),
        np.array([each.scores for each in found], np.float32),
        np.array(winners, np.int32),
    )
    yield Progress(len(ZOOMS), len(ZOOMS), passed)


def judge(found: Passed) -> dict[str, Any]:
    """What the two sentences of the notes are worth, by these numbers.

    Returns:
        ``won_px``: of each grid the smallest and the largest size at which it wins, None where it
        never does. ``map_verdict``: "holds" where every coarser grid that wins does so at larger
        sizes in the mean, "fails" where one does not, "open" where fewer than two grids win.
        ``smallest_px``: of each grid the smallest size at which it is sure (``USUAL_SCORE``), None
        where it never is; ``grid_verdict``: "holds" where no grid is sure of a smaller one than the
        finest of those that are ever sure, "fails" where one is, "open" where fewer than two are.
    """
    grids = range(found.scores.shape[1])
    won = [found.sizes_px[found.winners == grid] for grid in grids]
    means = [sizes.mean() for sizes in won if len(sizes)]
    sure = [found.sizes_px[found.scores[:, grid] >= USUAL_SCORE] for grid in grids]
    smallest = [sizes.min() for sizes in sure if len(sizes)]
    return {
        "won_px": [[float(s.min()), float(s.max())] if len(s) else None for s in won],
        "map_verdict": _verdict(means, all(np.diff(means) > 0)),
        "smallest_px": [float(s.min()) if len(s) else None for s in sure],
        "grid_verdict": _verdict(smallest, smallest[:1] == [min(smallest, default=None)]),
    }


def _verdict(known: Sequence[float], holds: bool) -> str:
    if len(known) < 2:
        return "open"
    return "holds" if holds else "fails"
