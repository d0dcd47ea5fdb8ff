"""Segments as files that other programs read: a 16-bit PNG of their numbers, and COCO.

- PNG: grey, 16 bits, each pixel the number of its segment, 0 where there is none.
- COCO: one file with the picture, an annotation a segment and the classes. Masks are run lengths
  without compression (``{"size": [H, W], "counts": [...]}``): the pixels column after column, first
  a run outside the mask, then one inside, and so on. Ids of classes count from 1.

Sources: PNG (ISO/IEC 15948), grey of depth 16; Lin et al., "Microsoft COCO", ECCV 2014 (format of
instances; pycocotools' ``mask`` module for the run lengths).
"""

import io
import json
from typing import Any

import numpy as np
from PIL import Image

from engine.segment.segmented_picture import SegmentedPicture


def as_png(ids: np.ndarray) -> bytes:
    """A 16-bit PNG whose pixels are segment numbers.

    Args:
        ids: integer (H, W) in [0, 65535].

    Raises:
        ValueError: a number does not fit.
    """
    if ids.min() < 0 or ids.max() > np.iinfo(np.uint16).max:
        raise ValueError("numbers of segments must lie in [0, 65535]")
    buffer = io.BytesIO()
    Image.fromarray(ids.astype(np.uint16)).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def as_coco(answer: SegmentedPicture, file_name: str) -> bytes:
    """A file of instances that pycocotools loads.

    Args:
        answer: the segments; each annotation carries its ``score`` and its number as ``id``.
        file_name: the picture's.
    """
    height, width = answer.size
    annotations = [
        {
            "id": each.id,
            "image_id": 1,
            "category_id": each.category + 1,
            "segmentation": {"size": [height, width], "counts": run_lengths(mask)},
            "bbox": bounding_box(mask),
            "area": each.area_px,
            "iscrowd": 0,
            "score": each.score,
        }
        for each in answer.found.segments
        for mask in [answer.found.ids == each.id]
    ]
    used = sorted({each.category for each in answer.found.segments})
    things = {each.category: int(each.thing) for each in answer.found.segments}
    content: dict[str, Any] = {
        "info": {"description": file_name},
        "images": [{"id": 1, "file_name": file_name, "height": height, "width": width}],
        "annotations": annotations,
        "categories": [
            {"id": index + 1, "name": answer.class_names[index], "isthing": things[index]}
            for index in used
        ],
    }
    return json.dumps(content, ensure_ascii=False).encode()


def run_lengths(mask: np.ndarray) -> list[int]:
    """Lengths of the runs outside and inside a mask by turns, column after column.

    Args:
        mask: bool (H, W). The first run is outside, so it is 0 where the first pixel is inside.
    """
    flat = mask.ravel(order="F")
    turns = np.flatnonzero(np.diff(flat)) + 1
    bounds = np.concatenate([[0], turns, [flat.size]])
    lengths = np.diff(bounds).tolist()
    return [0, *lengths] if flat[0] else lengths


def bounding_box(mask: np.ndarray) -> list[int]:
    """``[x, y, width, height]`` in pixels of the smallest box around a mask, bool (H, W)."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    top, left = int(rows[0]), int(columns[0])
    return [left, top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1]
