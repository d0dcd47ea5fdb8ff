"""Making a map larger by layers that learn: transposed convolution and unpooling, written out.

A transposed convolution lays its kernel, weighted, around each cell, ``stride`` pixels apart, and
adds up where kernels meet. Where the stride does not divide the kernel's side they meet more often
in some rows and columns than in others: the checkerboard. Unpooling puts each number back where
max pooling took it from, and leaves the rest 0.

Sources: Dumoulin & Visin, "A guide to convolution arithmetic", 2016; Odena, Dumoulin, Olah,
"Deconvolution and checkerboard artifacts", Distill 2016; Badrinarayanan et al., "SegNet", 2015.
The oracles are ``torch.nn.functional.conv_transpose2d`` and ``max_unpool2d``.
"""

from torch import Tensor

from engine.errors import InputError

MAX_STRIDE = 32


def transposed_conv2d(x: Tensor, kernels: Tensor, stride: int, padding: int = 0) -> Tensor:
    """Lay a kernel around every cell and add up.

    Args:
        x: float (N, C, h, w).
        kernels: float (C, D, kh, kw), D the channels of the answer.
        stride: pixels between the kernels of neighbouring cells, 1 to 32.
        padding: pixels cut off at each side of the answer, >= 0.

    Returns:
        (N, D, (h - 1) * stride + kh - 2 * padding, and the width alike).

    Raises:
        InputError: the stride is out of range, or the padding leaves nothing.
        ValueError: shapes that do not belong together.
    """
    if x.ndim != 4 or kernels.ndim != 4 or x.shape[1] != kernels.shape[0]:
        shapes = tuple(x.shape), tuple(kernels.shape)
        raise ValueError(f"maps and kernels of {shapes} do not belong together")
    _check("stride", stride, 1, MAX_STRIDE)
    (height, width), (kh, kw) = x.shape[2:], kernels.shape[2:]
    size = (height - 1) * stride + kh, (width - 1) * stride + kw
    _check("padding", padding, 0, (min(size) - 1) // 2)
    out = x.new_zeros(len(x), kernels.shape[1], *size)
    for row in range(kh):
        for column in range(kw):
            rows = slice(row, row + (height - 1) * stride + 1, stride)
            columns = slice(column, column + (width - 1) * stride + 1, stride)
            laid = x.movedim(1, -1) @ kernels[:, :, row, column]  # (N, h, w, D)
            out[:, :, rows, columns] += laid.movedim(-1, 1)
    return out[:, :, padding : size[0] - padding, padding : size[1] - padding]


def meetings(size: tuple[int, int], kernel: int, stride: int) -> Tensor:
    """How many kernels reach each pixel of the answer: uneven numbers are the checkerboard.

    Args:
        size: (h, w) of the coarse map, each >= 1.
        kernel: side of the kernel, >= 1.
        stride: 1 to 32.

    Returns:
        float32 ((h - 1) * stride + kernel, and the width alike), whole numbers >= 0.

    Raises:
        InputError: a value out of range.
    """
    _check("kernel", kernel, 1, 2 * MAX_STRIDE)
    for name, side in zip(("H", "W"), size, strict=True):
        _check(name, side, 1, 1024)
    ones = Tensor([1.0]).reshape(1, 1, 1, 1)
    return transposed_conv2d(ones.expand(1, 1, *size), ones.expand(1, 1, kernel, kernel), stride)[
        0, 0
    ]


def unpool(pooled: Tensor, taken_from: Tensor, size: tuple[int, int]) -> Tensor:
    """Put each maximum back where it came from; all other pixels are 0.

    Args:
        pooled: float (N, C, h, w), what max pooling left.
        taken_from: int64, the same shape, place in the (H, W) map, row after row, as
            ``max_pool2d(return_indices=True)`` tells it.
        size: (H, W) of the answer.

    Raises:
        ValueError: shapes that do not belong together, or a place outside the map.
    """
    pixels = size[0] * size[1]
    if pooled.shape != taken_from.shape or pooled.ndim != 4:
        shapes = tuple(pooled.shape), tuple(taken_from.shape)
        raise ValueError(f"maxima and places of {shapes} do not belong together")
    if ((taken_from < 0) | (taken_from >= pixels)).any():
        raise ValueError(f"a place outside a map of {size[0]} x {size[1]}")
    out = pooled.new_zeros(*pooled.shape[:2], pixels)
    out.scatter_(2, taken_from.flatten(2), pooled.flatten(2))
    return out.reshape(*pooled.shape[:2], *size)


def _check(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise InputError("value_out_of_range", name=name, low=low, high=high, value=value)
