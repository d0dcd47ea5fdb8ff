"""The filters of the layer: presets, a kernel typed in, or a real network's first layer.

The first filter is the one chosen; those after it follow in the order of their list.
"""

import torch
from torch import Tensor, nn

from engine.convolution.kernels import (
    PRESETS,
    PRESETS_1D,
    kernel,
    parse_kernel,
    preset_sizes,
    spread,
)
from engine.convolution.slide import RANGES
from engine.errors import InputError
from engine.serving.filter_sliding.setting import NETWORK_PREFIX, Setting

NETWORK = "mobilenet_v2"
_RANDOM_SEED = 7
# What comes nearest where a preset exists only for pictures, or only for signals.
_TWINS = {
    "sobel_x": "derivative", "sobel_y": "derivative", "emboss": "derivative", "edge": "laplacian",
    "derivative": "sobel_x",
}  # fmt: skip


def network_filters() -> Tensor | None:
    """The filters of the network's first layer, ``(O, 3, k, k)`` float32 on the CPU.

    None where the network's weights are not at hand, or its kernels are too large to be shown.
    """
    from engine.nets.residence import residence

    try:
        net = residence().resident(NETWORK)
    except InputError:
        return None
    first = next(module for module in net.modules() if isinstance(module, nn.Conv2d))
    return first.weight.float().cpu() if first.kernel_size[0] in RANGES["kernel_size"] else None


def offered_presets(setting: Setting) -> list[str]:
    """The filters that exist for this scene at this size, the network's last.

    The network's need three channels.
    """
    names = PRESETS if setting.dims == 2 else PRESETS_1D
    size = setting.slide.kernel_size
    offered = [name for name in names if size in preset_sizes(name, setting.dims)]
    if setting.dims == 2 and setting.colour:
        bank = network_filters()
        if bank is not None and bank.shape[-1] == size:
            offered += [f"{NETWORK_PREFIX}{index}" for index in range(len(bank))]
    return offered


def offered_sizes(setting: Setting) -> tuple[int, ...]:
    """The kernel sizes at which the setting's preset exists, ascending."""
    if not setting.uses_network:
        return preset_sizes(setting.preset, setting.dims)
    bank = network_filters()
    return () if bank is None else (bank.shape[-1],)


def twin_preset(setting: Setting) -> str:
    """The preset to go on with where the scene changes from a picture to a signal or back."""
    return _TWINS.get(setting.preset, setting.preset)


def filter_names(setting: Setting) -> list[str]:
    """What each filter of the bank is: a preset's name, or "own" where weights were typed in.

    Raises:
        InputError: the preset does not exist for this scene and size.
    """
    names = offered_presets(setting)
    if setting.preset not in names:
        choices = ", ".join(names)
        raise InputError("value_not_a_choice", name="preset", choices=choices, value=setting.preset)
    kin = [name for name in names if name.startswith(NETWORK_PREFIX) == setting.uses_network]
    begin = kin.index(setting.preset)
    bank = kin[begin:] + kin[:begin]
    bank += ["random"] * (setting.filters - len(bank))
    return (["own"] if setting.weights else bank[:1]) + bank[1 : setting.filters]


def filter_bank(setting: Setting) -> Tensor:
    """The layer's weight, ``(O, C, k, k)`` float32; for a signal ``(O, C, k)``.

    Raises:
        InputError: no such preset at this size, or weights that are too many, few or large.
    """
    generator = torch.Generator().manual_seed(_RANDOM_SEED)
    return torch.stack([_one_filter(setting, name, generator) for name in filter_names(setting)])


def _one_filter(setting: Setting, name: str, generator: torch.Generator) -> Tensor:
    """``(C, k, k)``, for a signal ``(C, k)``."""
    size = setting.slide.kernel_size
    if name == "own":
        count = size**setting.dims
        if len(setting.weights) != count * setting.channels:
            return spread(parse_kernel(setting.weights, size, setting.dims), setting.channels)
        each = [setting.weights[at : at + count] for at in range(0, len(setting.weights), count)]
        return torch.stack([parse_kernel(weights, size, setting.dims) for weights in each])
    if name.startswith(NETWORK_PREFIX):
        bank = network_filters()
        assert bank is not None, f"{name} was offered without the network"
        return bank[int(name.removeprefix(NETWORK_PREFIX))]
    return spread(kernel(name, size, generator, setting.dims), setting.channels)
