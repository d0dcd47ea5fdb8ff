"""What a detector found, as files that other programs read: JSON, YOLO, COCO.

- YOLO: a line a box, ``class x y width height``, the box's middle and size as shares of the
  picture's; the classes' names stand in ``classes.txt``, counted from 0. It holds no scores.
- COCO: one file with the picture, the boxes as ``[x, y, width, height]`` in pixels and the classes.
  Ids of classes are those of the data set where the detector was trained on COCO, else counted
  from 1. Each box carries its ``score``.

Sources: Redmon et al.'s darknet (label files); Lin et al., "Microsoft COCO", ECCV 2014 (format of
instances).
"""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from engine.detection.boxes import area, clip, convert
from engine.detection.coco import COCO_CLASSES, COCO_IDS
from engine.detection.detections import Detections

Form = Literal["json", "yolo", "coco"]
FORMS: tuple[Form, ...] = get_args(Form)
_BACKGROUND = "__background__"
_NO_CLASS = (_BACKGROUND, "N/A")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same result makes the same file


def as_json(found: Detections, size: tuple[int, int], about: Mapping[str, Any]) -> bytes:
    """Boxes as ``[x1, y1, x2, y2]`` in pixels, with scores and labels, best first.

    Args:
        found: what was found.
        size: ``(H, W)`` of the picture.
        about: what else to say: the detector's name, its thresholds.
    """
    height, width = size
    content = {**about, "height_px": height, "width_px": width, "detections": found.to_dicts()}
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def as_yolo(found: Detections, size: tuple[int, int], stem: str) -> bytes:
    """A zip with ``labels/<stem>.txt`` and ``classes.txt``.

    Args:
        found: what was found; boxes are clipped to the picture.
        size: ``(H, W)`` of the picture.
        stem: its file name without the ending.
    """
    height, width = size
    places = {label: index for index, label in enumerate(_classes(found))}
    middles = convert(clip(found.boxes.double(), size), "xyxy", "cxcywh")
    shares = middles / middles.new_tensor([width, height, width, height])
    rows = zip(found.labels.tolist(), shares.tolist(), strict=True)
    lines = [
        " ".join([str(places[label]), *(f"{share:.6f}" for share in box)]) for label, box in rows
    ]
    names = [found.class_names[label] for label in places]
    return _zip({f"labels/{stem}.txt": _text(lines), "classes.txt": _text(names)})


def as_coco(found: Detections, size: tuple[int, int], file_name: str) -> bytes:
    """A file of instances that pycocotools loads.

    Args:
        found: what was found; boxes are clipped to the picture.
        size: ``(H, W)`` of the picture.
        file_name: the picture's.
    """
    height, width = size
    boxes = clip(found.boxes.double(), size)
    ids = _category_ids(found.class_names)
    rows = zip(
        convert(boxes, "xyxy", "xywh").tolist(),
        area(boxes).tolist(),
        found.scores.tolist(),
        found.labels.tolist(),
        strict=True,
    )
    annotations = [
        {
            "id": number,
            "image_id": 1,
            "category_id": ids[label],
            "bbox": box,
            "area": covered,
            "iscrowd": 0,
            "score": score,
        }
        for number, (box, covered, score, label) in enumerate(rows, start=1)
    ]
    content = {
        "info": {"description": file_name},
        "images": [{"id": 1, "file_name": file_name, "height": height, "width": width}],
        "annotations": annotations,
        "categories": [
            {"id": ids[label], "name": found.class_names[label]} for label in _classes(found)
        ],
    }
    return json.dumps(content, ensure_ascii=False).encode()


def _category_ids(class_names: Sequence[str]) -> Sequence[int]:
    """The id of each label: COCO's own where the classes are COCO's, else counted from 1."""
    if class_names == COCO_CLASSES:
        return COCO_IDS
    first = 0 if _BACKGROUND in class_names[:1] else 1
    return range(first, first + len(class_names))


def _classes(found: Detections) -> list[int]:
    """The labels that a box can have: not the background, nor numbers that COCO never used."""
    return [label for label, name in enumerate(found.class_names) if name not in _NO_CLASS]


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _zip(files: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), text)
    return buffer.getvalue()
