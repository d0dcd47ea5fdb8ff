"""What a training will take of the memory, reckoned before anything is reserved.

Measured on the CPU (peak of the process, weights and activations varied): of a learnt number the
process holds the weight, its gradient, the probe's gradient, what the optimiser remembers, and all
but the gradients twice more while a checkpoint is written; AdamW works with two further copies.
Activations are kept for the backward pass, and up to as much again is worked in.
"""

from math import prod

import torch

from engine.errors import InputError
from engine.memory import free_bytes, training_bytes
from engine.train.measuring import PROBE_IMAGES, images_within
from engine.train.settings import RunSettings
from engine.trainable.outline import measure_outline

_FLOAT_BYTES = 4
_REMEMBERED = {"sgd": 0, "momentum": 1, "adamw": 2}  # numbers an optimiser keeps of each weight
_WORKED_IN = {"sgd": 0, "momentum": 0, "adamw": 2}
_ACTIVATION_SHARE = 2.0
_GIB = 2**30


def reckon_bytes(
    settings: RunSettings, input_shape: tuple[int, int, int], classes: int, images: int
) -> int:
    """Bytes that a training takes at most, beside the process itself.

    Args:
        settings: of the run.
        input_shape: (C, H, W) of a picture.
        classes: number of classes, >= 1.
        images: pictures to learn from.

    Raises:
        InputError: the network cannot learn from such pictures, or from so small a batch.
    """
    smallest = min(settings.train.batch_size, 2)
    size = measure_outline(settings.net, input_shape, classes, smallest)
    rule = settings.train.optimiser
    of_learning = 2 + 3 * _REMEMBERED[rule] + _WORKED_IN[rule]
    weights = 3 * size.params + of_learning * size.learning
    probed = images_within(PROBE_IMAGES, input_shape[1:])
    together = min(max(settings.train.batch_size, probed), max(images, 1))
    activations = _ACTIVATION_SHARE * size.activations * together
    pictures = 2 * images * prod(input_shape)  # one byte each; moved once
    return int(_FLOAT_BYTES * (weights + activations)) + pictures


def check_memory(
    settings: RunSettings,
    input_shape: tuple[int, int, int],
    classes: int,
    images: int,
    device: torch.device,
    starting: bool = False,
) -> None:
    """Refuses a training that needs more memory than there is.

    Args:
        settings, input_shape, classes, images: as for :func:`reckon_bytes`.
        device: where it would compute.
        starting: whether it begins now, so that what others hold counts too.

    Raises:
        InputError: as said, with the numbers; or what :func:`reckon_bytes` raises.
    """
    needed, limit = reckon_bytes(settings, input_shape, classes, images), training_bytes(device)
    if starting and device.type == "cpu":
        limit = min(limit, free_bytes())
    if needed > limit:
        raise InputError(
            "training_needs_memory",
            needed=f"{needed / _GIB:.1f}",
            limit=f"{limit / _GIB:.1f}",
            batch=settings.train.batch_size,
        )
