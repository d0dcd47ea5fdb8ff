"""COCO's classes: torchvision's list, which has a place for every number, is the oracle."""

from torchvision.models.detection import SSD300_VGG16_Weights

from engine.detection.coco import COCO_CLASSES, COCO_IDS


def test_classes_and_their_numbers_are_torchvision_s() -> None:
    theirs = SSD300_VGG16_Weights.DEFAULT.meta["categories"]
    assert [theirs[number] for number in COCO_IDS] == list(COCO_CLASSES)
    assert sorted(COCO_IDS) == list(COCO_IDS)
    assert len(set(COCO_CLASSES)) == len(COCO_IDS) == 80
    others = {name for number, name in enumerate(theirs) if number not in COCO_IDS}
    assert others == {"__background__", "N/A"}
