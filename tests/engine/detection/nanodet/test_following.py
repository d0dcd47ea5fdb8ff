"""A thing followed over the grids, and what becomes of all cells; torchvision is the oracle."""

import numpy as np
import pytest
import torch
from torchvision.ops import batched_nms, box_iou

from engine.detection.coco import COCO_CLASSES
from engine.detection.nanodet.cells import Cells
from engine.detection.nanodet.finding import (
    FLOOR,
    NMS_IOU,
    Seen,
    find_things,
    see,
    see_placed,
)
from engine.detection.nanodet.following import (
    SAME_IOU,
    Followed,
    follow,
    pick_thing,
    size_px,
    winnow,
)
from engine.detection.nanodet.letterbox import INPUT_PX, fit
from engine.detection.nanodet.weights import load_nanodet
from engine.pictures import sample

CPU = torch.device("cpu")
CAT = COCO_CLASSES.index("cat")


def seen_at(name: str, *zooms: float) -> list[Seen]:
    pixels = sample(name).pixels
    size = (pixels.shape[0], pixels.shape[1])
    places = [fit(size, zoom=zoom) for zoom in zooms]
    return see_placed(load_nanodet(CPU), [pixels] * len(zooms), places)


def test_a_smaller_picture_lies_in_the_middle() -> None:
    place = fit((200, 400), zoom=0.25)
    assert place.scaled == (52, 104)
    assert place.corner == ((INPUT_PX - 52) // 2, (INPUT_PX - 104) // 2)
    whole = torch.tensor([0.0, 0, 400, 200])
    assert place.to_square(whole).tolist() == [156, 182, 260, 234]
    assert fit((200, 400), zoom=1) == fit((200, 400))


def test_at_full_size_it_is_seen_as_ever() -> None:
    pixels = sample("chelsea").pixels
    (placed,), (usual,) = seen_at("chelsea", 1.0), see(load_nanodet(CPU), [pixels])
    assert torch.equal(placed.cells.scores, usual.cells.scores)
    assert torch.equal(placed.boxes(), usual.boxes())


def test_the_surest_cell_gives_the_thing() -> None:
    (seen,) = seen_at("chelsea", 1.0)
    best = find_things(load_nanodet(CPU), [sample("chelsea").pixels])[0]
    thing = pick_thing(seen)
    assert thing.label == CAT == best.labels[0]
    assert thing.score == pytest.approx(best.scores[0].item())
    assert torch.equal(thing.box, best.boxes[0])
    dog = pick_thing(seen, COCO_CLASSES.index("dog"))
    assert dog.score == seen.cells.scores[:, dog.label].max()
    assert dog.score < thing.score


def test_on_each_grid_the_best_of_those_that_overlap_has_it() -> None:
    whole, small = seen_at("chelsea", 1.0, 0.4)
    thing = pick_thing(whole)
    found = follow(small, thing)
    overlap = box_iou(small.boxes(), thing.box[None])[:, 0]
    first = 0
    for grid, (rows, columns) in enumerate(small.cells.grids):
        own = range(first, first + rows * columns)
        first += rows * columns
        near = [cell for cell in own if overlap[cell] >= SAME_IOU]
        cell = found.cells[grid]
        if not near:
            assert cell is None
            assert found.scores[grid] == 0
            continue
        scores = small.cells.scores[near, thing.label]
        assert cell in near
        assert found.scores[grid] == pytest.approx(scores.max().item())


def test_a_thing_that_shrinks_passes_to_finer_grids() -> None:
    zooms = (0.12, 0.32, 1.0)
    seen = seen_at("chelsea", *zooms)
    thing = pick_thing(seen[-1])
    winners = [follow(each, thing).winner for each in seen]
    assert winners == [0, 1, 2]
    sizes = [size_px(each, thing) for each in seen]
    np.testing.assert_allclose(sizes, np.array(zooms) * sizes[-1], rtol=0.03)


def test_nothing_wins_below_the_floor_and_the_finer_of_two_equal_ones_does() -> None:
    assert Followed((3, None, None), (FLOOR - 1e-4, 0.0, 0.0)).winner is None
    assert Followed((3, 5, 9), (0.2, 0.2, 0.1)).winner == 0
    assert Followed((None, None, 9), (0.0, 0.0, FLOOR)).winner == 2


@pytest.mark.parametrize("name", ["chelsea", "coffee", "motorcycle"])
@pytest.mark.parametrize("score", [FLOOR, 0.4])
def test_what_is_left_is_what_torchvision_leaves(name: str, score: float) -> None:
    (seen,) = seen_at(name, 1.0)
    counted = winnow(seen, score)
    scores, labels = seen.cells.scores.max(dim=1)
    boxes = seen.boxes()
    there = ((boxes[:, 2:] > boxes[:, :2]).all(dim=1) & (scores >= score)).nonzero()[:, 0]
    kept = there[batched_nms(boxes[there], scores[there], labels[there], NMS_IOU)]
    assert counted.left.tolist() == kept.tolist()
    assert counted.counts[0].tolist() == [52**2, 26**2, 13**2]
    assert counted.counts[2].sum() == len(there)
    assert counted.counts[3].sum() == len(kept)
    assert (counted.counts.diff(dim=0) <= 0).all()
    found = find_things(load_nanodet(CPU), [sample(name).pixels], score)[0]
    assert torch.equal(found.boxes, boxes[counted.left])


def test_a_spread_is_the_standard_deviation_of_the_bins() -> None:
    sides = torch.zeros(2, 4, 11)
    sides[0, :, 3], sides[0, :, 4] = 0.25, 0.75
    sides[1, :, 10] = 1
    strides = torch.tensor([8.0, 32.0])
    cells = Cells(torch.zeros(2, 1), sides, torch.zeros(2, 2), strides, ((1, 1), (1, 1)))
    draws = np.random.default_rng(0).choice(11, 200_000, p=sides[0, 0].numpy())
    torch.testing.assert_close(
        cells.spreads_px()[0], torch.full((4,), float(8 * draws.std())), atol=0.02, rtol=0
    )
    assert cells.spreads_px()[1].tolist() == [0, 0, 0, 0]
