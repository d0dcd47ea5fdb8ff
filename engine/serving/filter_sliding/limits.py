"""Which settings of filter sliding a learner may go to next, the others held where they are.

Legal is what PyTorch accepts, what leaves at least one output cell, and, for a preset, the sizes
at which it exists.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from engine.convolution.slide import Slide, legal_ranges, legal_switches
from engine.errors import InputError
from engine.serving.filter_sliding.bank import offered_presets, offered_sizes
from engine.serving.filter_sliding.setting import SCENES, Setting, input_size

#: ``{"low", "high", "step"}``, ``{"options"}`` or ``{"disabled"}``; ``shown`` is what stands on a
#: disabled slider instead of its value, ``{"at", "text"}``.
Limit = dict[str, Any]


def limits(setting: Setting, padding: int) -> dict[str, Limit]:
    """The limit of every control that has one, by its name.

    Args:
        setting: a legal setting.
        padding: where the padding slider stands, also while "same" overrules it.
    """
    slide, size = setting.slide, input_size(setting.scene)
    ranges = legal_ranges(slide, size)
    same = slide.padding == "same"
    switches = legal_switches(slide, size)
    may_flip_same = _fits(replace(slide, padding=padding), size) if same else switches["same"]
    return {
        "stride": _between(*ranges["stride"]),
        "kernel_size": _kernel_sizes(setting, *ranges["kernel_size"]),
        "padding": _overruled(slide) if same else _between(*ranges["padding"]),
        "same": {"disabled": not may_flip_same},
        "dilation": _between(*ranges["dilation"]),
        "transposed": {"disabled": not switches["transposed"]},
        "preset": {"options": offered_presets(setting)},
        "scene": {"options": _scenes(setting)},
        "colour": {"disabled": setting.uses_network},
    }


def _between(low: int, high: int) -> Limit:
    return {"low": low, "high": high, "step": 1}


def _overruled(slide: Slide) -> Limit:
    """The padding slider while "same" decides: the zeros that are really used on each side."""
    before, after = slide.pads
    text = str(before) if before == after else f"{before} + {after}"
    return {"disabled": True, "shown": {"at": before, "text": text}}


def _kernel_sizes(setting: Setting, low: int, high: int) -> Limit:
    sizes = [size for size in offered_sizes(setting) if low <= size <= high]
    step = sizes[1] - sizes[0] if len(sizes) > 1 else 1
    return {"low": sizes[0], "high": sizes[-1], "step": step}


def _scenes(setting: Setting) -> list[str]:
    """A signal has no network filters, and every other preset has a twin for signals."""
    legal = [scene for scene in SCENES if _fits(setting.slide, input_size(scene))]
    return [scene for scene in legal if not (setting.uses_network and scene == "signal")]


def _fits(slide: Slide, size: Sequence[int]) -> bool:
    try:
        slide.check_fits(size)
    except InputError:
        return False
    return True
