"""What the folders of a learner's archive mean: classes, the archive's own parts, or nothing.

Data sets come as class/picture, or divided by their makers as train/class/picture and
test/class/picture (Roboflow, Kaggle, torchvision's ``ImageFolder``), sometimes class/train/picture.
Around and between these, tools leave folders of their own. Only names are looked at here.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from engine.errors import InputError

Part = Literal["train", "validation", "test"]
PARTS: tuple[Part, ...] = ("train", "validation", "test")
Path = tuple[str, ...]

_TOOL_NAMES = {
    "desktop.ini", "thumbs.db", "ehthumbs.db", "icon\r", "lost+found", "system volume information",
    "#recycle", "#snapshot", "$recycle.bin",
}  # fmt: skip
_TOOL_BEGINNINGS = (".", "__", "@", "~$")
_PART_WORDS: dict[str, Part] = {
    "train": "train", "training": "train", "trainset": "train", "학습": "train", "훈련": "train",
    "val": "validation", "valid": "validation", "validation": "validation", "dev": "validation",
    "valset": "validation", "검증": "validation",
    "test": "test", "testing": "test", "testset": "test", "시험": "test", "테스트": "test",
    "평가": "test", "학습용": "train", "훈련용": "train", "검증용": "validation", "시험용": "test",
    "테스트용": "test", "평가용": "test",
}  # fmt: skip
# Words that stand beside those and say nothing: "test_set", "seg_train", "학습 데이터".
_FILLING = {
    "set", "data", "dataset", "images", "image", "imgs", "img", "pictures", "photos", "seg",
    "split", "folder", "데이터", "세트", "이미지", "사진",
}  # fmt: skip
_WORDS = re.compile(r"[^\W\d_]+")


def tool_name(path: Path) -> str | None:
    """The first part of a path that a tool made, as it is told of: ".ipynb_checkpoints".

    Hidden files and folders (.DS_Store, .thumbnails), __MACOSX, @eaDir, #recycle, Thumbs.db ...
    """
    for part in path:
        name = part.lower()
        if name.startswith("._"):
            return "._*"
        if name in _TOOL_NAMES or (name.startswith(_TOOL_BEGINNINGS) and name != ".."):
            return part
    return None


def part_of(name: str) -> Part | None:
    """The part of a divided data set that a folder's name means; None for any other name."""
    words = _WORDS.findall(unicodedata.normalize("NFC", name).casefold())
    told = [word for word in words if word not in _FILLING]
    return _PART_WORDS.get(told[0]) if len(told) == 1 else None


@dataclass(frozen=True)
class ClassFolders:
    """Where in a path the class stands, and where the part.

    Attributes:
        depth: of the class's folder where the archive is not divided, or divided below it.
        part_depth: of the folder that names the part; None where there is none.
        depths: of the class's folder by the name of the part's folder above it.
    """

    depth: int
    part_depth: int | None = None
    depths: tuple[tuple[str, int], ...] = ()

    def place(self, path: Path) -> tuple[str, Part | None]:
        """The class of a file, "" where it lies in no class's folder, and its part."""
        depth, part = self.depth, None
        if self.part_depth is not None:
            name = path[self.part_depth] if len(path) > self.part_depth + 1 else ""
            part = part_of(name)
            if self.depths:
                depth = dict(self.depths).get(name, len(path))
        if len(path) <= depth + 1 or (self.part_depth is not None and part is None):
            return "", None
        return unicodedata.normalize("NFC", path[depth]), part


def find_class_folders(paths: Sequence[Path]) -> ClassFolders:
    """What the folders above these files mean.

    Args:
        paths: of files that may be pictures; none of a tool's.

    Raises:
        InputError: folders named train, test ... hold pictures and no folders of classes.
    """
    depth = _skip_wrappers(paths, 0)
    inside = [path for path in paths if len(path) > depth + 1]
    divided = _divided_above(inside, depth)
    if divided is not None:
        return divided
    return _divided_below(inside, depth) or ClassFolders(depth)


def _skip_wrappers(paths: Sequence[Path], depth: int) -> int:
    """The depth at which folders differ, or below which there are only files."""
    inside = [path for path in paths if len(path) > depth + 1]
    while len({path[depth] for path in inside}) == 1 and any(len(p) > depth + 2 for p in inside):
        depth += 1
        inside = [path for path in inside if len(path) > depth + 1]
    return depth


def _divided_above(paths: Sequence[Path], depth: int) -> ClassFolders | None:
    """The parts' folders lie around the classes'."""
    files = Counter(path[depth] for path in paths)
    with_folders = {path[depth] for path in paths if len(path) > depth + 2}
    parts = {name: part for name in files if (part := part_of(name))}
    meant = {parts[name] for name in parts}
    if len(meant) < 2 or "train" not in meant:
        return None
    classes = {name for name in files if name not in parts}
    if not with_folders & parts.keys():
        if classes:  # a train among buses and cars
            return None
        raise InputError("own_parts_without_classes", names=", ".join(sorted(parts)))
    if classes and len({parts[name] for name in with_folders & parts.keys()}) < 2:
        return None
    depths = {}
    for name in with_folders & parts.keys():
        depths[name] = _skip_wrappers([path for path in paths if path[depth] == name], depth + 1)
    return ClassFolders(depth, depth, tuple(sorted(depths.items())))


def _divided_below(paths: Sequence[Path], depth: int) -> ClassFolders | None:
    """The parts' folders lie inside the classes', in every one of at least two."""
    below: dict[str, set[Part | None]] = {}
    for path in paths:
        part = part_of(path[depth + 1]) if len(path) > depth + 2 else None
        below.setdefault(path[depth], set()).add(part)
    if len(below) < 2 or any(None in parts or "train" not in parts for parts in below.values()):
        return None
    if len(set.union(*below.values())) < 2:
        return None
    return ClassFolders(depth, depth + 1)
