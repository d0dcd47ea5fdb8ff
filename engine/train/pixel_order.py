"""One fixed disorder of a picture's pixels, the same for every picture.

Source: Zhang et al., "Understanding deep learning requires rethinking generalization" (2017), where
one random permutation of the pixels is applied to all pictures of a data set.
"""

import torch
from torch import Tensor

from engine.errors import InputError
from engine.train.seeding import generator


def draw_pixel_order(size: tuple[int, int], seed: int, share: float = 1.0) -> Tensor:
    """Which pixel each place of a picture is given.

    Places are drawn in a random order, and the first ``share`` of them pass their pixels on in a
    ring: none of these keeps its own. A little more shuffling moves only a few pixels more.

    Args:
        size: (H, W).
        seed: of the run; the same seed and size give the same order.
        share: of the places that change, in [0, 1].

    Returns:
        int64 (H·W,), a permutation: place i (row by row) shows pixel ``order[i]``.

    Raises:
        InputError: ``share`` out of range.
    """
    if not 0 <= share <= 1:
        raise InputError("value_out_of_range", name="share", low=0, high=1, value=share)
    count = size[0] * size[1]
    drawn = torch.randperm(count, generator=generator(seed, "pixel order"))
    moved = drawn[: round(share * count)]
    order = torch.arange(count)
    order[moved] = moved.roll(-1)
    return order


def reorder_pixels(images: Tensor, order: Tensor) -> Tensor:
    """Pictures whose pixels have changed places, all channels of a pixel together.

    Args:
        images: (..., H, W), any dtype.
        order: int64 (H·W,), of :func:`draw_pixel_order`.
    """
    return images.flatten(-2)[..., order].view(images.shape)


def reorder_columns(weight: Tensor, channels: int, order: Tensor) -> Tensor:
    """The weights with which a first linear layer says of shuffled pictures what it said before.

    A sum does not depend on the order of its terms: if pixels and weights change places alike,
    every product is the same, and so is their sum.

    Args:
        weight: (outputs, C·H·W), for pictures flattened as (C, H, W).
        channels: C.
        order: int64 (H·W,), of :func:`draw_pixel_order`.
    """
    outputs = len(weight)
    return weight.view(outputs, channels, -1)[..., order].reshape(outputs, -1)
