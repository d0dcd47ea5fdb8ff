"""Distance from the boundary, against SciPy and a slow reference; figures by band."""

import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt

from engine.segment.boundary import boundary_distance, confusion_by_distance
from engine.segment.confusion import confuse


@pytest.mark.parametrize("seed", range(5))
def test_distances_as_scipy_and_by_search(seed: int):
    rng = np.random.default_rng(seed)
    labels = np.kron(rng.integers(0, 3, (3, 4)), np.ones((6, 5), int))
    found = boundary_distance(labels)
    for label in np.unique(labels):
        mask = labels == label
        expected = np.asarray(distance_transform_edt(mask))
        np.testing.assert_allclose(found[mask], expected[mask], atol=1e-4)
    rows, columns = np.indices(labels.shape)
    for y, x in rng.integers(0, labels.shape, (20, 2)):
        other = labels != labels[y, x]
        nearest = np.hypot(rows - y, columns - x)[other].min(initial=np.inf)
        assert found[y, x] == pytest.approx(nearest, abs=1e-4)


def test_one_label_has_no_boundary():
    assert np.isinf(boundary_distance(np.zeros((3, 4), int))).all()
    assert boundary_distance(np.zeros((0, 4), int)).shape == (0, 4)


@pytest.mark.parametrize("kind", [np.uint8, np.int64])
def test_bands_add_up_to_the_whole_and_mistakes_stand_where_they_were_made(kind: type):
    truth = np.zeros((10, 20), kind)
    truth[:, 10:] = 1
    said = truth.copy()
    said[:, 10] = 0
    bands = confusion_by_distance(said, truth, 2, [0, 1.5, 4, np.inf])
    assert [each.pixel_accuracy for each in bands] == [
        0.5,
        1.0,
        1.0,
    ]
    total = sum(each.table for each in bands)
    np.testing.assert_array_equal(total, confuse(said, truth, 2).table)


@pytest.mark.parametrize("edges", [[0, 0], [0, 3, 2]])
def test_edges_must_rise(edges: list[float]):
    with pytest.raises(ValueError, match="rise"):
        confusion_by_distance(np.zeros((2, 2), int), np.zeros((2, 2), int), 2, edges)
