"""What the Augmentation page looks at: a picture to change, and trainings that differ in it."""

from dataclasses import asdict, dataclass, replace
from statistics import fmean
from typing import TYPE_CHECKING, Any

from engine.cache import remembered
from engine.pictures import crop_square, enlarge, resize_longest, resolve
from engine.serving.augmentation.contract import STRENGTHS, Augmented, CompareQuestion
from engine.train.settings import DataSettings, RunSettings, TrainSettings
from engine.trainable.net_settings import net_defaults

if TYPE_CHECKING:
    from torch import Tensor

    from engine.train.augment_samples import Sample

PHOTO_SIDE_PX, LEAST_SIDE_PX = 96, 2
SAMPLES = 14
VALIDATION_SHARES = {"shapes32": 0.05, "digits": 0.3, "faces": 0.3}  # of all there are
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


def rivals(asked: CompareQuestion) -> dict[str, RunSettings]:
    """The same small network with and without the augmentations, by ``<side>-<seed>``.

    Both sides of a seed share the pictures, the first weights and the order. Where nothing is
    switched on there is one side only.
    """
    augmentations, data = augmentations_of(asked), DATA_OF[asked.subject]
    plain = RunSettings(
        data=DataSettings(
            data, per_class=asked.per_class, validation_share=VALIDATION_SHARES[data]
        ),
        net=replace(net_defaults("small_vgg"), width=8),
        train=TrainSettings(epochs=asked.epochs, batch_size=32, learning_rate=0.003),
    )
    augmented = replace(plain, train=replace(plain.train, augment=augmentations))
    sides = {"without": plain} | ({"with": augmented} if augmentations else {})
    return {
        f"{side}-{seed}": replace(settings, seed=seed)
        for seed in range(asked.seeds)
        for side, settings in sides.items()
    }


def outcome(asked: CompareQuestion) -> dict[str, Any] | None:
    """What the pairs that have been trained to their end say; None before the first has.

    Returns:
        The fields of :class:`engine.train.paired.Paired`, accuracies in [0, 1] at the last epoch,
        and: ``pairs`` [[seed, without, with], ...] and ``training`` [without, with], the mean
        accuracy in training; ``gained``, by how much the augmented net's validation accuracy grew
        over the last fifth of the epochs; ``held``, the validation pictures of each pair.
    """
    ended = {label: _last_rows(each) for label, each in rivals(asked).items()}
    pairs = [
        (seed, ended[f"without-{seed}"], ended.get(f"with-{seed}")) for seed in range(asked.seeds)
    ]
    whole = [(seed, a, b) for seed, a, b in pairs if a is not None and b is not None]
    if not whole:
        return None
    from engine.train.paired import compare_pairs

    held = whole[0][1].held
    told = [[seed, a.accuracy, b.accuracy] for seed, a, b in whole]
    found = compare_pairs([a for _, a, _ in told], [b for _, _, b in told], 1 / held)
    return {
        **asdict(found),
        "pairs": told,
        "training": [
            fmean(a.training for _, a, _ in whole),
            fmean(b.training for _, _, b in whole),
        ],
        "gained": fmean(b.gained for _, _, b in whole),
        "held": held,
    }


@dataclass(frozen=True)
class _Ended:
    """A training at its end: accuracies in [0, 1], validation pictures."""

    accuracy: float
    training: float
    gained: float
    held: int


def _last_rows(settings: RunSettings) -> _Ended | None:
    """Of a comparison's run; None where it has not been trained to its end."""
    from engine.runs.state import read_state
    from engine.serving.comparisons.compute import name_comparison
    from engine.serving.training import readers, workers

    folder = workers().root / name_comparison(settings)
    if read_state(folder).status != "finished":
        return None
    curves = readers().curves(folder)
    last, before = curves.epochs[-1], curves.epochs[-1 - max(1, settings.train.epochs // 5)]
    return _Ended(
        accuracy=float(last[4]),
        training=float(last[2]),
        gained=float(last[4] - before[4]),
        held=curves.beginning["validation_images"],
    )
