"""What the Augmentation page looks at: a picture to change, and two trainings that differ in it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.cache import remembered
from engine.pictures import crop_square, enlarge, resize_longest, resolve
from engine.serving.augmentation.contract import STRENGTHS, Augmented
from engine.train.settings import DataSettings, RunSettings, TrainSettings
from engine.trainable.net_settings import net_defaults

if TYPE_CHECKING:
    from torch import Tensor

    from engine.train.augment_samples import Sample

PHOTO_SIDE_PX, LEAST_SIDE_PX = 96, 2
SAMPLES = 14
VALIDATION_SHARE = 0.05
DATA_OF = {"photo": "shapes32", "shape": "shapes32", "digit": "digits", "face": "faces"}


def augmentations_of(asked: Augmented) -> tuple[str, ...]:
    """What ``TrainSettings.augment`` takes; a policy's magnitude matters to RandAugment."""
    own = [(name, getattr(asked, name)) for name in STRENGTHS]
    chosen = [f"{name}:{strength:g}" for name, strength in own if strength]
    if asked.policy != "none":
        chosen.append(f"{asked.policy}:{asked.magnitude:g}")
    return tuple(chosen)


def subject_image(subject: str, ref: str) -> "Tensor":
    """The learner's picture, or one of a data set: uint8 (C, H, W), square.

    Raises:
        InputError: there is no picture of that token any more.
    """
    import torch

    if subject == "photo":
        picture = resolve(ref)
        square = crop_square(picture.pixels, min(picture.pixels.shape[:2]), (0.5, 0.5)).pixels
        if len(square) < LEAST_SIDE_PX:  # an only pixel has no neighbour to blur or shear with
            square = enlarge(square, LEAST_SIDE_PX)
        small = resize_longest(square, PHOTO_SIDE_PX)
        return torch.from_numpy(small.copy()).permute(2, 0, 1).contiguous()
    return _example(subject)


@remembered(len(DATA_OF))
def _example(subject: str) -> "Tensor":
    """A picture of the data set, chosen by eye: an orange triangle, a 3, a face."""
    from engine.data.datasets import load_digits, load_faces, load_shapes

    load, index = {
        "shape": (lambda: load_shapes(64), 55),
        "digit": (load_digits, 3),
        "face": (load_faces, 0),
    }[subject]
    return load().images[index].permute(2, 0, 1).contiguous()


def samples(
    subject: str, ref: str, augmentations: tuple[str, ...], seed: int
) -> "tuple[Tensor, list[Sample]]":
    """The picture itself and ``SAMPLES`` samples of it.

    Raises:
        InputError: there is no picture of that token any more.
    """
    from engine.serving.one_core import on_one_core
    from engine.train.augment_samples import draw_samples

    image = subject_image(subject, ref)
    return image, on_one_core(draw_samples, image, augmentations, 0.5, seed, SAMPLES)


def rivals(
    subject: str, per_class: int, epochs: int, augmentations: tuple[str, ...]
) -> dict[str, RunSettings]:
    """The same small network with and without the augmentations, from the same seed."""
    plain = RunSettings(
        data=DataSettings(DATA_OF[subject], per_class=per_class, validation_share=VALIDATION_SHARE),
        net=replace(net_defaults("small_vgg"), width=8),
        train=TrainSettings(epochs=epochs, batch_size=32, learning_rate=0.003),
    )
    augmented = replace(plain, train=replace(plain.train, augment=augmentations))
    return {"without": plain, "with": augmented}
