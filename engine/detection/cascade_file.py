"""OpenCV's cascade files: stages of small decision trees over Haar features, read and checked.

A Haar feature is two or three rectangles with weights. A tree compares one feature after another
with thresholds and ends in a number; a stage adds up the numbers of its trees, and a window goes on
to the next stage where the sum reaches the stage's threshold.

Sources: Viola & Jones, "Rapid Object Detection using a Boosted Cascade of Simple Features", CVPR
2001; Lienhart & Maydt, "An Extended Set of Haar-like Features", ICIP 2002 (tilted rectangles); the
two file formats as OpenCV's ``cascadedetect.cpp`` and ``cascadedetect_convert.cpp`` read them.
"""

import math
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.parsers import expat

from engine.data.installed import find_installed
from engine.errors import InputError

#: A cascade file may be this large; OpenCV's own largest has 2.7 MB.
LARGEST_FILE_BYTES = 8 * 2**20
_MOST_WINDOW_PX = 256
_FOLDER = "data"
_PREFIX = "haarcascade_"


@dataclass(frozen=True)
class Rect:
    """A weighted rectangle inside the window; tilted ones hang from their top corner at 45°."""

    x: int
    y: int
    width: int
    height: int
    weight: float

    def corners(self, tilted: bool) -> tuple[tuple[int, int], ...]:
        """Four places ``(y, x)`` of an integral image; the sum is 1st - 2nd - 3rd + 4th."""
        y, x, width, height = self.y, self.x, self.width, self.height
        if tilted:
            lowest = (y + width + height, x + width - height)
            return (y, x), (y + height, x - height), (y + width, x + width), lowest
        return (y, x), (y, x + width), (y + height, x), (y + height, x + width)


@dataclass(frozen=True)
class Feature:
    """The sum of the pixels under each rectangle, times its weight."""

    rects: tuple[Rect, ...]
    tilted: bool


@dataclass(frozen=True)
class Node:
    """Compares one feature; a child above 0 is a node, one at or below 0 is the leaf ``-child``.

    Attributes:
        feature: index into the cascade's features.
        threshold: for the feature's value over the window's contrast.
        left, right: where to go below the threshold, and otherwise.
    """

    feature: int
    threshold: float
    left: int
    right: int


@dataclass(frozen=True)
class Tree:
    """Nodes, of which the first is the root and children come after their parents, and leaves."""

    nodes: tuple[Node, ...]
    leaves: tuple[float, ...]


@dataclass(frozen=True)
class Stage:
    """Trees whose sum must reach the threshold."""

    trees: tuple[Tree, ...]
    threshold: float


@dataclass(frozen=True, eq=False)
class Cascade:
    """A whole cascade; equal to itself only, so that it can be looked up quickly.

    Attributes:
        window_px: ``(height, width)`` of the window that it looks at.
        stages: in the order in which a window has to pass them.
        features: what the trees compare.
    """

    window_px: tuple[int, int]
    stages: tuple[Stage, ...]
    features: tuple[Feature, ...]


def cascade_file(name: str) -> Path:
    """The file of a cascade that OpenCV ships: ``frontalface_default`` and so on.

    Raises:
        InputError: there is none of that name (404).
    """
    if name not in cascade_names():
        choices = ", ".join(cascade_names())
        raise InputError(
            "value_not_a_choice", status=404, name="cascade", choices=choices, value=name[:80]
        )
    return find_installed("cv2", "opencv-python-headless", f"{_FOLDER}/{_PREFIX}{name}.xml")


@cache
def cascade_names() -> tuple[str, ...]:
    """All cascades that OpenCV ships, by name."""
    folder = find_installed("cv2", "opencv-python-headless", f"{_FOLDER}/__init__.py").parent
    files = sorted(folder.glob(f"{_PREFIX}*.xml"))
    return tuple(file.stem.removeprefix(_PREFIX) for file in files)


@cache
def load_cascade(name: str) -> Cascade:
    """A cascade that OpenCV ships; read once.

    Raises:
        InputError: there is none of that name (404).
    """
    return parse_cascade(cascade_file(name).read_bytes())


def parse_cascade(file: bytes) -> Cascade:
    """A cascade from the bytes of its XML file, in OpenCV's new or old format.

    Raises:
        InputError: not XML, not a Haar cascade, damaged, too large, or it declares entities.
    """
    if len(file) > LARGEST_FILE_BYTES:
        raise InputError("cascade_too_large", limit_mb=LARGEST_FILE_BYTES // 2**20)
    _refuse_doctype(file)
    root = ET.fromstring(file)
    top = next(iter(root), None)
    is_old = top is not None and top.get("type_id") == "opencv-haar-classifier"
    if top is None or not (is_old or top.find("featureType") is not None):
        raise InputError("cascade_other_kind")
    try:
        cascade = _read_old(top) if is_old else _read_new(top)
        _check(cascade)
    except InputError:
        raise
    except (ValueError, OverflowError):
        raise InputError("cascade_damaged") from None
    return cascade


def _refuse_doctype(file: bytes) -> None:
    """A document type can declare entities that unfold to gigabytes; no cascade needs one."""

    def refuse(*_: object) -> None:
        raise InputError("cascade_damaged")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(file, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("cascade_not_xml") from None


def _read_new(top: ET.Element) -> Cascade:
    if _text(top, "featureType") != "HAAR" or _text(top, "stageType") != "BOOST":
        raise InputError("cascade_other_kind")
    stages = tuple(
        Stage(
            trees=tuple(_read_tree(tree) for tree in _child(stage, "weakClassifiers")),
            threshold=float(_text(stage, "stageThreshold")),
        )
        for stage in _child(top, "stages")
    )
    features = tuple(_read_feature(feature) for feature in _child(top, "features"))
    return Cascade((int(_text(top, "height")), int(_text(top, "width"))), stages, features)


def _read_tree(tree: ET.Element) -> Tree:
    numbers = _text(tree, "internalNodes").split()
    rows = [numbers[at : at + 4] for at in range(0, len(numbers), 4)]
    nodes = tuple(
        Node(int(feature), float(threshold), int(left), int(right))
        for left, right, feature, threshold in rows
    )
    return Tree(nodes, tuple(float(leaf) for leaf in _text(tree, "leafValues").split()))


def _read_feature(feature: ET.Element) -> Feature:
    rects = []
    for rect in _child(feature, "rects"):
        x, y, width, height, weight = (rect.text or "").split()
        rects.append(Rect(int(x), int(y), int(width), int(height), float(weight)))
    return Feature(tuple(rects), feature.findtext("tilted", "0").strip() != "0")


def _read_old(top: ET.Element) -> Cascade:
    """The format before 2010: each node holds its feature, each branch a value or a node."""
    features: list[Feature] = []
    stages = []
    for stage in _child(top, "stages"):
        trees = tuple(_read_old_tree(tree, features) for tree in _child(stage, "trees"))
        stages.append(Stage(trees, float(_text(stage, "stage_threshold"))))
    width, height = _text(top, "size").split()
    return Cascade((int(height), int(width)), tuple(stages), tuple(features))


def _read_old_tree(tree: ET.Element, features: list[Feature]) -> Tree:
    nodes, leaves = [], []
    for node in tree:
        children = []
        for side in ("left", "right"):
            inner = node.findtext(f"{side}_node")
            if inner is not None:
                children.append(int(inner))
            else:
                children.append(-len(leaves))
                leaves.append(float(_text(node, f"{side}_val")))
        nodes.append(Node(len(features), float(_text(node, "threshold")), *children))
        features.append(_read_feature(_child(node, "feature")))
    return Tree(tuple(nodes), tuple(leaves))


def _check(cascade: Cascade) -> None:
    """Raise ValueError where evaluating the cascade would read what is not there, or never end."""
    sides_fit = all(3 <= side <= _MOST_WINDOW_PX for side in cascade.window_px)
    if not sides_fit or not cascade.stages or not cascade.features:
        raise ValueError("no cascade")
    for feature in cascade.features:
        if not 1 <= len(feature.rects) <= 3:
            raise ValueError("a feature has one to three rectangles")
        for rect in feature.rects:
            _check_rect(rect, feature.tilted, cascade.window_px)
    for stage in cascade.stages:
        if not stage.trees or not math.isfinite(stage.threshold):
            raise ValueError("a stage has trees and a threshold")
        for tree in stage.trees:
            _check_tree(tree, len(cascade.features))


def _check_rect(rect: Rect, tilted: bool, window_px: tuple[int, int]) -> None:
    reach_left = rect.height if tilted else 0
    right = rect.x + rect.width
    bottom = rect.y + rect.height + (rect.width if tilted else 0)
    inside = (
        reach_left <= rect.x
        and right <= window_px[1]
        and rect.y >= 0
        and bottom <= window_px[0]
        and min(rect.width, rect.height) > 0
    )
    if not inside or not math.isfinite(rect.weight):
        raise ValueError("a rectangle lies in the window")


def _check_tree(tree: Tree, features: int) -> None:
    if not tree.nodes or not all(math.isfinite(leaf) for leaf in tree.leaves):
        raise ValueError("a tree has nodes and leaves")
    for index, node in enumerate(tree.nodes):
        for child in (node.left, node.right):
            known = index < child < len(tree.nodes) if child > 0 else -child < len(tree.leaves)
            if not known:
                raise ValueError("a branch leads onwards")
        if not 0 <= node.feature < features or not math.isfinite(node.threshold):
            raise ValueError("a node compares a feature")


def _child(element: ET.Element, name: str) -> ET.Element:
    found = element.find(name)
    if found is None:
        raise ValueError(f"{name} is missing")
    return found


def _text(element: ET.Element, name: str) -> str:
    return (_child(element, name).text or "").strip()
