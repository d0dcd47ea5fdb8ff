"""The operations by family and by name, and what a page must know to offer them."""

from dataclasses import fields
from typing import Any

from engine.processing import enhancement, geometric, restoration, structure
from engine.processing.operation import Bounds, Operation

FAMILIES: dict[str, tuple[type[Operation], ...]] = {
    "geometric": (
        geometric.Resize,
        geometric.Rotate,
        geometric.Flip,
        geometric.Shear,
        geometric.Perspective,
    ),
    "enhancement": (
        enhancement.Brightness,
        enhancement.Contrast,
        enhancement.Gamma,
        enhancement.EqualizeHist,
        enhancement.Clahe,
        enhancement.Sharpen,
        enhancement.Saturation,
    ),
    "noise": (restoration.SaltAndPepper, restoration.GaussianNoise),
    "restoration": (
        restoration.MedianBlur,
        restoration.GaussianBlur,
        restoration.BilateralFilter,
        restoration.NonLocalMeans,
    ),
    "morphology": (structure.Morphology,),
    "edges": (structure.Canny, structure.Sobel, structure.Laplacian),
    "thresholds": (structure.Threshold, structure.Otsu, structure.AdaptiveThreshold),
    "colour": (structure.Grey, structure.Channel, structure.HueRange),
}
OPERATIONS = {each.NAME: each for family in FAMILIES.values() for each in family}


def describe() -> list[dict[str, Any]]:
    """Every operation as JSON: its name, its family, its fields with bounds, the main one first."""
    return [
        {"name": each.NAME, "family": family, "fields": [_described(f) for f in fields(each)]}
        for family, members in FAMILIES.items()
        for each in members
    ]


def _described(field: Any) -> dict[str, Any]:
    bounds = field.metadata["bounds"]
    told = {"name": field.name, "default": field.default}
    if isinstance(bounds, Bounds):
        return told | {"low": bounds.low, "high": bounds.high, "step": bounds.step}
    return told | {"options": list(bounds.names)}
