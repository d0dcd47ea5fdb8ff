"""Data sets by name: scikit-learn and scikit-image themselves are the oracles."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from skimage.data import lfw_subset
from sklearn.datasets import load_digits as sklearn_digits

from engine.data import installed
from engine.data.datasets import (
    DATA_SET_NAMES,
    load_data_set,
    load_digits,
    load_faces,
    load_shapes,
)
from engine.data.scenes import SCENES96, SHAPES32, draw_many
from engine.errors import InputError


def test_digits_are_scikit_learns() -> None:
    digits, theirs = load_digits(), sklearn_digits(return_X_y=True)
    assert digits.images.shape == (1797, 8, 8, 1)
    greys = digits.images[..., 0].double().numpy() * 16 / 255
    np.testing.assert_allclose(greys, theirs[0].reshape(-1, 8, 8), atol=16 / 255 / 2 + 1e-9)
    np.testing.assert_array_equal(digits.targets, theirs[1])
    assert digits.images.max() == 255


def test_faces_are_scikit_images() -> None:
    faces = load_faces()
    assert faces.images.shape == (200, 25, 25, 1)
    np.testing.assert_allclose(faces.images[..., 0] / 255, lfw_subset(), atol=0.5 / 255 + 1e-6)
    assert faces.count_classes().tolist() == [100, 100]
    assert faces.classes[faces.targets[0]] == "face"
    assert faces.classes[faces.targets[-1]] == "no face"


def test_shapes_are_the_drawn_scenes() -> None:
    shapes, scenes = load_shapes(50), draw_many(50, 0, SHAPES32)
    np.testing.assert_array_equal(shapes.images, scenes.pixels)
    for target, scene in zip(shapes.targets.tolist(), scenes, strict=True):
        names = ["circle", "square", "triangle"]
        expected = names[scene.labels[0]] if len(scene.labels) else "nothing"
        assert shapes.classes[target] == expected
    assert not torch.equal(load_shapes(50, seed=1).images, shapes.images)
    harder = load_shapes(50, settings=replace(SHAPES32, difficulty=0.9))
    assert torch.equal(harder.targets, shapes.targets)


def test_pictures_of_several_objects_have_no_one_class() -> None:
    with pytest.raises(InputError, match="objects must lie between 1 and 1"):
        load_shapes(2, settings=SCENES96)


@pytest.mark.parametrize("name", ["digits", "faces"])
def test_by_name(name: str) -> None:
    assert load_data_set(name).name == name


def test_an_unknown_name_is_a_sentence() -> None:
    with pytest.raises(InputError, match="shapes32, digits, faces, mnist") as caught:
        load_data_set("x" * 500)
    assert caught.value.status == 404
    assert len(str(caught.value)) < 300
    assert "x" not in DATA_SET_NAMES


def test_a_package_that_is_missing_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="Install the Python package scikit-learn"):
        load_digits()


def test_reading_digits_imports_neither_scikit_learn_nor_scikit_image() -> None:
    code = (
        "import sys; from engine.data.datasets import *; load_digits(); load_faces();"
        "assert not {'sklearn', 'skimage'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
