"""Whether an augmented picture may keep its label, by stated rules.

An augmentation is a claim: whatever it does leaves the answer as it was. Whether that holds depends
on what is told apart. The rules follow from what the transforms do at most (``augment``) and from
how the classes are made; the ranges of the policies are those of ``torchvision.transforms.v2``.
Source for digits: Simard, Steinkraus & Platt, "Best practices for convolutional neural networks
applied to visual document analysis" (2003).
"""

from dataclasses import dataclass

from engine.fields import read_graded

SUBJECTS = ("photo", "shape", "digit", "face")
KEPT, RISKY, LOST = "kept", "risky", "lost"

MOST_DEGREES = {"photo": 45.0, "digit": 20.0, "face": 30.0}
MOST_SHIFT = 0.15  # of a side
LEAST_ZOOM_SHARE = 0.4  # of the area
MOST_CORNER = 0.35  # of half a side
MOST_JITTER = 0.5  # a factor from 0.5 to 1.5
MOST_HOLE = 0.2  # of the area
MOST_BLUR = 0.04  # standard deviation as a share of the shorter side


@dataclass(frozen=True)
class Verdict:
    """Whether a label survives.

    Attributes:
        name: of the augmentation.
        level: "kept", "risky" (some samples lose it) or "lost" (what is changed is another thing).
        reason: key of the reason; its sentence is the page's.
    """

    name: str
    level: str
    reason: str


def judge_label(augmentation: str, subject: str, strength: float = 0.5) -> Verdict:
    """Whether pictures of this subject keep their label under this augmentation.

    Args:
        augmentation: of ``engine.train.settings.AUGMENTATIONS``, with or without a strength.
        subject: one of ``SUBJECTS``.
        strength: in [0, 1], where the augmentation has none of its own.
    """
    name, own = read_graded(augmentation)
    strength = strength if own is None else own
    if name in ("flip", "flip_vertical"):
        return _judge_flip(name, subject)
    if name in ("auto_augment", "rand_augment", "trivial_augment"):
        return _judge_policy(name, subject, strength)
    if name == "colour" and subject in ("shape", "digit", "face"):
        return Verdict(name, KEPT, "colour_free")
    if name == "rotate" and subject == "shape":
        return Verdict(name, KEPT, "rotate_shape")
    most = {
        "crop": (0.25 * strength, MOST_SHIFT),
        "zoom": (LEAST_ZOOM_SHARE, 1 - 0.92 * strength),
        "rotate": (60 * strength, MOST_DEGREES.get(subject, 0.0)),
        "perspective": (0.6 * strength, MOST_CORNER),
        "colour": (0.8 * strength, MOST_JITTER),
        "erase": (0.02 + 0.4 * strength, MOST_HOLE),
        "blur": ((0.1 + 2 * strength) / 32, MOST_BLUR),
    }
    goes, may = most[name]
    if goes <= may:
        return Verdict(name, KEPT, f"{name}_mild")
    turned = name == "rotate" and subject == "digit"
    return Verdict(name, RISKY, "rotate_digit" if turned else f"{name}_strong")


def _judge_flip(name: str, subject: str) -> Verdict:
    if subject == "digit":
        return Verdict(name, LOST, f"{name}_digit")
    if subject == "shape" or name == "flip":
        return Verdict(name, KEPT, f"{name}_{'shape' if subject == 'shape' else 'alike'}")
    return Verdict(name, RISKY, "flip_vertical_rare")


def _judge_policy(name: str, subject: str, strength: float) -> Verdict:
    """AutoAugment shears, inverts and turns by 30° at most, TrivialAugmentWide turns by 135°."""
    if name == "trivial_augment":
        return Verdict(name, RISKY, "trivial_turns" if subject == "digit" else "trivial_wide")
    if name == "rand_augment":
        mild = strength <= 0.5
        return Verdict(name, KEPT if mild else RISKY, f"rand_{'mild' if mild else 'strong'}")
    searched = subject in ("photo", "face")
    return Verdict(name, KEPT if searched else RISKY, "auto_photo" if searched else "auto_other")
