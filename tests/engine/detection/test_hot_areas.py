"""Hot areas of a heatmap, against SciPy's labels and against windows laid by hand."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from engine.detection.hot_areas import boxes_of, find_hot_areas
from engine.detection.windows import Grid, Level

maps = arrays(
    np.float32, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.floats(0, 1, width=16)
)


@given(maps, st.floats(0.01, 1))
def test_the_areas_are_scipys(heat: np.ndarray, threshold: float) -> None:
    labels = np.zeros(heat.shape, np.int32)
    count = ndimage.label(heat >= threshold, structure=np.ones((3, 3)), output=labels)
    expected = {
        (x.start, y.start, x.stop, y.stop, heat[labels == k].max(), int((labels == k).sum()))
        for k, (y, x) in enumerate(ndimage.find_objects(labels), start=1)
    }
    found = find_hot_areas(torch.from_numpy(heat), threshold)
    rows = zip(found.cells.tolist(), found.scores.tolist(), found.counts.tolist(), strict=True)
    assert len(found.scores) == count
    assert {(*cells, score, n) for cells, score, n in rows} == expected
    assert (found.scores.diff() <= 0).all()


def test_nothing_is_hot() -> None:
    found = find_hot_areas(torch.zeros(3, 4), 0.5)
    assert found.cells.shape == (0, 4)
    assert boxes_of(found, Grid((10, 12), (4, 4), 2), Level((10, 12), (10, 12))).shape == (0, 4)


@pytest.mark.parametrize("stride", [1, 2, 4])
def test_a_box_reaches_half_a_stride_beyond_the_centres(stride: int) -> None:
    grid = Grid((20, 24), (8, 8), stride)
    heat = torch.zeros(grid.shape)
    heat[1:3, 2] = torch.tensor([0.6, 0.9])
    found = find_hot_areas(heat, 0.5)
    box = boxes_of(found, grid, Level((20, 24), (40, 72)))[0]  # the picture is 2 × and 3 × as large
    first, last = (grid.box(row, 2) for row in (1, 2))
    x = (first[0] + first[2]) / 2
    top, bottom = (first[1] + first[3]) / 2, (last[1] + last[3]) / 2
    half = stride / 2
    assert box.tolist() == [3 * (x - half), 2 * (top - half), 3 * (x + half), 2 * (bottom + half)]
    assert found.scores.tolist() == pytest.approx([0.9])
