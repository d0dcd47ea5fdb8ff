"""Which axis of a network's tensors is the picture's batch, channel, row and column.

Networks permute (ConvNeXt, Swin: channels last), split (ShuffleNet) and cut up (MaxViT) their
maps. The axes are followed from the picture through every operation, so that the layout of a map
is known and never guessed from its shape. Each axis of a tensor is a tuple of runs, one run being
a stretch of an original axis with a stride, as in the layout algebra of strided arrays; that is
enough to follow any reshape that does not tear an axis apart.
"""

from collections.abc import Sequence
from typing import NamedTuple

from torch import fx, nn

from engine.nets.kinds import arguments, call_name


class Run(NamedTuple):
    """``size`` steps of length ``stride`` along the original axis ``letter`` (N, C, H or W)."""

    letter: str
    stride: int
    size: int


Axis = tuple[Run, ...]  # outer run first; empty for an axis of size 1 that stands for nothing
Axes = tuple[Axis, ...]

_PASSING = {"activation", "identity", "norm", "softmax", "attention"}
_SAME_RANK = {"concat", "patch merging"}


def nchw(shape: Sequence[int]) -> Axes:
    """The axes of a fresh map of shape (N, C, H, W)."""
    return tuple((Run(letter, 1, size),) for letter, size in zip("NCHW", shape, strict=True))


def layout_of(axes: Axes | None) -> str | None:
    """ "NCHW" or "NHWC" if the tensor is a spatial map whose rows and columns are in order."""
    if axes is None or len(axes) != 4 or not all(axes):
        return None
    letters = ["".join(sorted({run.letter for run in axis})) for axis in axes]
    for letter, axis in zip(letters, axes, strict=True):
        if letter in "HW" and (len(axis) != 1 or axis[0].stride != 1):
            return None
    layout = "".join(letters)
    return layout if layout in ("NCHW", "NHWC") else None


def holds_only_channels(axis: Axis) -> bool:
    """Whether moving along this axis never leaves the cell."""
    return bool(axis) and all(run.letter == "C" for run in axis)


def _join(runs: Sequence[Run]) -> Axis:
    """Neighbouring runs that continue each other become one: H/7·7 and 7 are H again."""
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last and last.letter == run.letter and last.stride == run.stride * run.size:
            joined[-1] = Run(run.letter, run.stride, last.size * run.size)
        else:
            joined.append(run)
    return tuple(joined)


def reshaped(axes: Axes, shape: Sequence[int]) -> Axes | None:
    """The axes after a row-major reshape to ``shape``; None if a run would be torn unevenly."""
    queue = [run for axis in axes for run in axis if run.size > 1]
    result: list[Axis] = []
    for size in shape:
        runs, left = [], size
        while left > 1:
            if not queue:
                return None
            run = queue.pop(0)
            if run.size > left:
                outer, inner = Run(run.letter, run.stride * (run.size // left), left), run
                if run.size % left:
                    return None
                queue.insert(0, Run(inner.letter, inner.stride, inner.size // left))
                run = outer
            if left % run.size:
                return None
            runs.append(run)
            left //= run.size
        result.append(_join(runs))
    return None if queue else tuple(result)


def resized(axes: Axes, shape: Sequence[int]) -> Axes | None:
    """The axes after an operation that keeps their order but changes some of the sizes."""
    if len(axes) != len(shape):
        return None
    present = {run.letter for axis in axes for run in axis}
    result: list[Axis] = []
    for axis, size in zip(axes, shape, strict=True):
        letters = {run.letter for run in axis}
        if _extent(axis) == size:
            result.append(axis)
        elif len(letters) == 1:
            result.append((Run(letters.pop(), 1, size),))
        elif not axis and "C" not in present:
            result.append((Run("C", 1, size),))
        else:
            return None
    return tuple(result)


def _extent(axis: Axis) -> int:
    extent = 1
    for run in axis:
        extent *= run.size
    return extent


def _permuted(axes: Axes, node: fx.Node, module: nn.Module | None) -> Axes | None:
    order: Sequence[object] = range(len(axes))
    if module is not None:
        order = list(getattr(module, "dims", ()))
    elif call_name(node) == "permute":
        given = list(node.args[1:]) or [arguments(node, ("input",))["dims"]]
        order = list(given[0]) if isinstance(given[0], list | tuple) else given
    else:
        named = [dim for dim in (*node.args[1:], *node.kwargs.values()) if isinstance(dim, int)]
        if len(named) != 2:
            return None
        first, second = named
        swapped = {first % len(axes): second, second % len(axes): first}
        order = [swapped.get(dim, dim) for dim in order]
    dims = [dim for dim in order if isinstance(dim, int)]
    return tuple(axes[dim] for dim in dims) if len(dims) == len(axes) else None


def _selected(axes: Axes, index: object, shape: Sequence[int]) -> Axes | None:
    """The axes after ``tensor[index]``: integers drop an axis, None adds one, slices keep it."""
    index = index if isinstance(index, tuple) else (index,)
    if not all(part is None or part is ... or isinstance(part, int | slice) for part in index):
        return None
    if ... in index:
        at = index.index(...)
        named = sum(part is not None and part is not ... for part in index)
        index = (*index[:at], *[slice(None)] * (len(axes) - named), *index[at + 1 :])
    source, result = iter(axes), []
    for part in index:
        if part is None:
            result.append(())
            continue
        axis = next(source)
        if isinstance(part, slice):
            result.append(axis)
    return resized((*result, *source), shape)


def _contracted(equation: object, operands: Sequence[Axes | None]) -> Axes | None:
    """The axes after ``einsum``: each index keeps the axis of the first operand that has it."""
    terms, arrow, result = str(equation).replace(" ", "").partition("->")
    if not arrow or "." in terms:
        return None
    named: dict[str, Axis] = {}
    for term, axes in zip(terms.split(","), operands, strict=False):
        if axes is None or len(axes) != len(term):
            return None
        for index, axis in zip(term, axes, strict=True):
            named.setdefault(index, axis)
    return tuple(named[index] for index in result)


def axes_after(
    node: fx.Node,
    kind: str,
    module: nn.Module | None,
    inputs: Sequence[tuple[tuple[int, ...], Axes | None]],
    shape: tuple[int, ...],
) -> Axes | None:
    """The axes of one node's output.

    Args:
        node, kind, module: the node, its kind (:func:`engine.nets.kinds.kind_of`), its module.
        inputs: (shape, axes) of the tensors that go in, in order.
        shape: the shape of the tensor that comes out.

    Returns:
        The axes, or None where they are not known.
    """
    if kind in ("conv", "pool") and len(shape) == 4 and call_name(node) not in ("mean", "amax"):
        return nchw(shape)
    if kind in ("add", "multiply"):
        fitting = [axes for size, axes in inputs if size == shape and axes is not None]
        return fitting[0] if fitting else None
    if call_name(node) == "einsum":
        return _contracted(node.args[0], [axes for _, axes in inputs])
    axes = inputs[0][1] if inputs else None
    if axes is None:
        return None
    if kind in _PASSING:
        return axes if inputs[0][0] == shape else None
    if kind == "reshape":
        return reshaped(axes, shape)
    if kind == "permute":
        return _permuted(axes, node, module)
    if kind == "select":
        return _selected(axes, node.args[1], shape)
    if kind in _SAME_RANK or call_name(node) in ("mean", "amax"):
        return resized(axes, shape)
    if kind == "linear" and holds_only_channels(axes[-1]):
        return (*axes[:-1], (Run("C", 1, shape[-1]),))
    return None
