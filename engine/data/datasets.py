"""Every data set by its name: drawn, installed with a package, or published.

Sources: :mod:`engine.data.scenes`; scikit-learn's ``digits.csv.gz`` (Alpaydin and Kaynak, "Optical
recognition of handwritten digits", UCI, 1998: 1,797 pictures, 8 x 8, 17 greys); scikit-image's
``lfw_subset.npy`` (100 faces of "Labeled faces in the wild", 100 patches without one, 25 x 25).
A learner's own pictures come from :mod:`engine.data.own_pictures`.
"""

import gzip
from collections.abc import Callable
from functools import cache

import numpy as np
import torch

from engine.data.data_set import DataSet
from engine.data.installed import find_installed
from engine.data.published import PUBLISHED_NAMES, load_published
from engine.data.scenes import SHAPES32, SceneSettings, draw_many
from engine.data.shapes import SHAPES
from engine.errors import InputError

SHAPES_COUNT = 12_000  # some 3,000 of each class: 2,000 to train on, and others to judge by
_DIGIT_WHITE = 16
_FACES = 100


def load_shapes(
    count: int = SHAPES_COUNT, seed: int = 0, settings: SceneSettings = SHAPES32
) -> DataSet:
    """Drawn pictures with nothing, a circle, a square or a triangle on them.

    Args:
        count: number of pictures.
        seed: 0 to 2**63 - 1.
        settings: at most one object a picture.

    Raises:
        InputError: a value out of range.
    """
    if settings.objects[1] != 1:
        raise InputError(
            "value_out_of_range", name="objects", low=1, high=1, value=settings.objects[1]
        )
    scenes = draw_many(count, seed, settings)
    return DataSet(
        name="shapes32",
        images=torch.from_numpy(scenes.pixels),
        targets=torch.from_numpy(scenes.labels[:, 0] + 1),  # -1 where there is none
        classes=("nothing", *SHAPES),
        origin=f"drawn by Fovea, seed {seed}",
    )


def load_digits() -> DataSet:
    """scikit-learn's handwritten digits, uint8 (1797, 8, 8, 1), 16 greys stretched to 255.

    Raises:
        InputError: scikit-learn is not installed (status 404).
    """
    path = find_installed("sklearn", "scikit-learn", "datasets/data/digits.csv.gz")
    with gzip.open(path, "rt", encoding="ascii") as file:
        table = np.loadtxt(file, delimiter=",")
    greys = np.rint(table[:, :64] * 255 / _DIGIT_WHITE).astype(np.uint8)
    return DataSet(
        name="digits",
        images=torch.from_numpy(greys.reshape(-1, 8, 8, 1)),
        targets=torch.from_numpy(table[:, 64].astype(np.int64)),
        classes=tuple("0123456789"),
        origin="scikit-learn: Alpaydin and Kaynak, UCI, 1998",
    )


def load_faces() -> DataSet:
    """scikit-image's face and non-face patches, uint8 (200, 25, 25, 1).

    Raises:
        InputError: scikit-image is not installed (status 404).
    """
    patches = np.load(find_installed("skimage", "scikit-image", "data/lfw_subset.npy"))
    greys = np.rint(patches * 255).astype(np.uint8)
    return DataSet(
        name="faces",
        images=torch.from_numpy(greys[..., None]),
        targets=(torch.arange(len(greys)) < _FACES).to(torch.int64),
        classes=("no face", "face"),
        origin="scikit-image: Labeled faces in the wild, 2007",
    )


@cache
def _shapes32() -> DataSet:
    """Drawn once in a process: it takes seconds, and nobody writes into a data set."""
    return load_shapes()


_INSTALLED: dict[str, Callable[[], DataSet]] = {
    "shapes32": _shapes32,
    "digits": load_digits,
    "faces": load_faces,
}
DATA_SET_NAMES = (*_INSTALLED, *PUBLISHED_NAMES)


def load_data_set(name: str) -> DataSet:
    """The data set called ``name``, one of ``DATA_SET_NAMES``, as it is by default.

    Raises:
        InputError: no such set (status 404), or it is not on this computer (404 or 424).
    """
    if name in _INSTALLED:
        return _INSTALLED[name]()
    if name in PUBLISHED_NAMES:
        return load_published(name)
    raise InputError(
        "value_not_a_choice",
        status=404,
        name="data",
        choices=", ".join(DATA_SET_NAMES),
        value=name[:80],
    )
