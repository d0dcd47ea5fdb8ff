"""Three kinds of segments from one net's maps; a slow loop over pixels is the reference."""

import numpy as np
import pytest
import torch

from engine.segment.fusion import FusionSettings, fuse
from engine.segment.panoptic_answers import KINDS, answer_as, complete
from engine.segment.panoptic_net import PanopticMaps

NAMES = ("sky", "ground", "circle", "square")
IS_THING = torch.tensor([False, False, True, True])


def maps(seed: int, height: int = 9, width: int = 12, peak: float = 1.0) -> PanopticMaps:
    dice = torch.Generator().manual_seed(seed)
    draw = lambda *size: torch.randn(size, generator=dice)  # noqa: E731
    centres = torch.rand((height, width), generator=dice) * peak
    return PanopticMaps(3 * draw(4, height, width), centres, 2 * draw(2, height, width))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("peak", [1.0, 0.2])  # with centres above the threshold, and with none
def test_panoptic_segments_leave_out_no_pixel(seed: int, peak: float) -> None:
    given = maps(seed, peak=peak)
    fused = fuse(given, IS_THING, FusionSettings(stuff_area_px=0)).result
    assert (fused.void_px > 0) == (peak < 0.3)
    found = complete(fused, given, IS_THING, NAMES)
    probs = given.logits.softmax(dim=0).numpy()
    for row, column in np.ndindex(fused.ids.shape):
        category = found.found.categories[row, column]
        if fused.ids[row, column]:
            assert found.found.ids[row, column] == fused.ids[row, column]
            assert category == fused.categories[row, column]
        else:
            assert category == probs[:2, row, column].argmax()
    for each in found.found.segments:
        if not each.thing:
            inside = found.found.ids == each.id
            assert each.score == pytest.approx(probs[each.category][inside].mean(), abs=1e-5)


def test_kinds_agree_where_they_say_the_same() -> None:
    given = maps(7)
    by_kind = {kind: answer_as(given, kind, IS_THING, NAMES) for kind in KINDS}
    assert all(answer.kind == kind for kind, answer in by_kind.items())
    semantic, whole, things = (by_kind[k].found for k in ("semantic", "panoptic", "instance"))
    assert np.array_equal(semantic.categories, given.logits.argmax(dim=0).numpy())
    inside = things.ids > 0
    assert np.array_equal(things.ids[inside], whole.ids[inside])
    assert not any(NAMES[c] in ("circle", "square") for c in np.unique(whole.categories[~inside]))


def test_a_picture_of_one_pixel_has_one_segment() -> None:
    found = answer_as(maps(1, 1, 1, peak=0.1), "panoptic", IS_THING, NAMES)
    (row,) = found.to_dicts()
    assert (row["area_px"], row["thing"]) == (1, False)
