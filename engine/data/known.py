"""What is known of a data set before its download: shapes and counts. Imports no torch."""

from dataclasses import dataclass


@dataclass(frozen=True)
class KnownSet:
    """Of a data set.

    Attributes:
        input_shape: (C, H, W) of a picture.
        classes: number of classes; of scenes, of the things or pixels in them.
        count: pictures in it; 0 where the settings of a run say how many are drawn.
    """

    input_shape: tuple[int, int, int]
    classes: int
    count: int


KNOWN_SETS = {
    "shapes32": KnownSet((3, 32, 32), 4, 12_000),
    "digits": KnownSet((1, 8, 8), 10, 1797),
    "faces": KnownSet((1, 25, 25), 2, 200),
    "mnist": KnownSet((1, 28, 28), 10, 70_000),
    "fashion_mnist": KnownSet((1, 28, 28), 10, 70_000),
    "cifar10": KnownSet((3, 32, 32), 10, 60_000),
    "scenes96": KnownSet((3, 96, 96), 3, 0),
    "panoptic96": KnownSet((3, 96, 96), 6, 0),
}
