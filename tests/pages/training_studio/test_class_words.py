"""Classes of published data sets have a word in both languages, under the name they go by."""

from collections.abc import Iterable

import pytest
from torchvision.datasets import CIFAR10, MNIST, FashionMNIST

from pages.ui.words import _labels

CIFAR10_NAMES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip


@pytest.mark.parametrize("of", [MNIST, FashionMNIST])
def test_published_classes_have_words(of: type[MNIST]) -> None:
    check(each.rpartition(" - ")[2] for each in of.classes)


def test_those_of_cifar_have_too() -> None:
    assert CIFAR10.base_folder  # its own list comes with its files
    check(CIFAR10_NAMES)


def check(names: Iterable[str]) -> None:
    labels = _labels("training_studio")
    for name in names:
        words = labels[f"stage_class_{name.replace(' ', '_')}"]
        assert words["en"] == name
        assert words["ko"] != name
