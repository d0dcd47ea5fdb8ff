"""The window that a convolution or a pool slides over its input, read from the traced network."""

from typing import Any, NamedTuple

from torch import fx, nn

from engine.nets.kinds import arguments, call_name

_POOL_ARGUMENTS = {
    "max_pool2d": ("input", "kernel_size", "stride", "padding", "dilation"),
    "avg_pool2d": ("input", "kernel_size", "stride", "padding"),
}


class Window(NamedTuple):
    """A window along one side, in input cells; ``before`` is the padding before the first cell."""

    length: int
    stride: int
    before: int
    dilation: int


def window_of(node: fx.Node, module: nn.Module | None) -> tuple[Window, Window] | None:
    """The window (down, across) of a 2-D convolution or pool.

    Returns:
        None where there is no window of fixed size, where it is only known at run time, or where
        the padding is not made of constants and shows parts of the map a second time.
    """
    if isinstance(module, nn.Conv2d) and module.padding_mode != "zeros":
        return None
    if module is not None:
        found: dict[str, Any] = {
            name: getattr(module, name, None)
            for name in ("kernel_size", "stride", "padding", "dilation")
        }
    else:
        names = _POOL_ARGUMENTS.get(call_name(node), ())
        found = arguments(node, names)
    length = _pair(found.get("kernel_size"))
    stride = _pair(found.get("stride")) or length
    dilation = _pair(found.get("dilation") or 1)
    if length is None or stride is None or dilation is None:
        return None
    padding = _before(found.get("padding") or 0, length, dilation)
    if padding is None:
        return None
    down, across = zip(length, stride, padding, dilation, strict=True)
    return Window(*down), Window(*across)


def _pair(value: object) -> tuple[int, int] | None:
    if isinstance(value, int):
        return value, value
    if not isinstance(value, list | tuple) or not all(isinstance(part, int) for part in value):
        return None
    return (value[0], value[-1]) if value else None


def _before(
    padding: object, length: tuple[int, int], dilation: tuple[int, int]
) -> tuple[int, int] | None:
    if padding == "valid":
        return 0, 0
    if padding == "same":
        return (length[0] - 1) * dilation[0] // 2, (length[1] - 1) * dilation[1] // 2
    return _pair(padding)
