"""Segments as files that other programs read: a 16-bit PNG of their numbers, and COCO.

- PNG: grey, 16 bits, each pixel the number of its segment, 0 where there is none.
- COCO: one file with the picture, an annotation a segment and the classes. Masks are run lengths
  without compression (``{"size": [H, W], "counts": [...]}``): the pixels column after column, first
  a run outside the mask, then one inside, and so on. Ids of classes count from 1.

Either is written for the original's size, each pixel taking the nearest one's segment. Nothing of
that size is ever held in memory: a row is written at a time, and runs are made longer.

Sources: PNG (ISO/IEC 15948), grey of depth 16 and filter type 2; Lin et al., "Microsoft COCO", ECCV
2014 (format of instances; pycocotools' ``mask`` module for the run lengths).
"""

import json
import struct
import zlib
from typing import Any

import numpy as np

from engine.segment.segmented_picture import SegmentedPicture, nearest_places

Size = tuple[int, int]
_MOST = np.iinfo(np.uint16).max
_PNG_GREY, _PNG_DEPTH, _PNG_LEVEL = 0, 16, 3
_AS_IT_IS, _AS_ABOVE = b"\0", b"\2"  # filter types of a row


def as_png(ids: np.ndarray, size: Size | None = None) -> bytes:
    """A 16-bit PNG whose pixels are segment numbers.

    Args:
        ids: integer (H, W) in [0, 65535].
        size: (H, W) of the file; by default that of ``ids``.

    Raises:
        ValueError: a number does not fit.
    """
    if ids.min() < 0 or ids.max() > _MOST:
        raise ValueError("numbers of segments must lie in [0, 65535]")
    height, width = size or ids.shape
    rows, columns = nearest_places(ids.shape[0], height), nearest_places(ids.shape[1], width)
    same = _AS_ABOVE + bytes(2 * width)
    packer, packed, last = zlib.compressobj(_PNG_LEVEL), [], -1
    for row in rows.tolist():
        line = same if row == last else _AS_IT_IS + ids[row, columns].astype(">u2").tobytes()
        packed.append(packer.compress(line))
        last = row
    packed.append(packer.flush())
    header = struct.pack(">IIBBBBB", width, height, _PNG_DEPTH, _PNG_GREY, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", b"".join(packed)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", checksum)


def as_coco(answer: SegmentedPicture, file_name: str, size: Size | None = None) -> bytes:
    """A file of instances that pycocotools loads.

    Args:
        answer: the segments; each annotation carries its ``score`` and its number as ``id``.
        file_name: the picture's.
        size: (H, W) of the picture; by default that of ``answer``.
    """
    height, width = size or answer.size
    runs = runs_of(answer.found.ids, (height, width))
    annotations = [
        {
            "id": each.id,
            "image_id": 1,
            "category_id": each.category + 1,
            "segmentation": {"size": [height, width], "counts": run_lengths(*own, height * width)},
            "bbox": bounding_box(*own, height),
            "area": int(own[1].sum()),
            "iscrowd": 0,
            "score": each.score,
        }
        for each in answer.found.segments
        if each.id in runs
        for own in [runs[each.id]]
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


def enlarged_segments(answer: SegmentedPicture, size: Size) -> list[dict[str, Any]]:
    """As ``answer.to_dicts()``, with areas on a picture of another size.

    Args:
        answer: the segments.
        size: (H, W), not smaller than the answer's.
    """
    ids = answer.found.ids
    down, across = (
        np.bincount(nearest_places(of, to), minlength=of)
        for of, to in zip(answer.size, size, strict=True)
    )
    areas_px = np.bincount(ids.ravel(), weights=np.outer(down, across).ravel())
    return [row | {"area_px": int(areas_px[row["id"]])} for row in answer.to_dicts()]


def runs_of(ids: np.ndarray, size: Size | None = None) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Where each segment's runs begin, pixels counted column after column, and how long they are.

    Args:
        ids: integer (H, W), 0 for void.
        size: (H, W) of the picture that the pixels are counted on; by default that of ``ids``.

    Returns:
        By number of the segment, two int64 arrays (R,), beginnings rising.
    """
    height, width = size or ids.shape
    numbers, starts, lengths = _runs_in_columns(ids, height, width)
    if not len(numbers):
        return {}
    order = np.lexsort((starts, numbers))
    numbers, starts, lengths = numbers[order], starts[order], lengths[order]
    ends = starts + lengths
    new = np.ones(len(starts), bool)  # a run goes on at the top of the next column
    new[1:] = (starts[1:] != ends[:-1]) | (numbers[1:] != numbers[:-1])
    first = np.flatnonzero(new)
    lengths = np.add.reduceat(lengths, first)
    found, at = np.unique(numbers[first], return_index=True)
    parts = np.split(first, at[1:])
    sizes = np.split(lengths, at[1:])
    return {
        int(number): (starts[own], long)
        for number, own, long in zip(found, parts, sizes, strict=True)
    }


def _runs_in_columns(
    ids: np.ndarray, height: int, width: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Runs of segments within columns, on ``height`` x ``width`` pixels.

    Returns:
        Of each its segment's number, where it begins and how long it is.
    """
    rows, columns = nearest_places(ids.shape[0], height), nearest_places(ids.shape[1], width)
    begins = np.ones(ids.shape[::-1], bool)  # (W, H)
    begins[:, 1:] = (ids[1:] != ids[:-1]).T
    column, row = np.nonzero(begins)
    end = np.append(row[1:], 0)
    end[np.append(column[1:] != column[:-1], True)] = ids.shape[0]
    top, bottom = np.searchsorted(rows, row), np.searchsorted(rows, end)
    left = np.searchsorted(columns, np.arange(ids.shape[1] + 1))
    numbers = ids[row, column]
    kept = (numbers != 0) & (bottom > top)
    column, top, bottom, numbers = column[kept], top[kept], bottom[kept], numbers[kept]
    times = (left[1:] - left[:-1])[column]  # columns of the picture that take this one
    which = np.repeat(np.arange(len(column)), times)
    nth = np.arange(len(which)) - np.repeat(np.cumsum(times) - times, times)
    starts = (left[column[which]] + nth) * height + top[which]
    return numbers[which], starts, (bottom - top)[which]


def run_lengths(starts: np.ndarray, lengths: np.ndarray, pixels: int) -> list[int]:
    """Lengths of the runs outside and inside a segment by turns; the first is outside, maybe 0.

    Args:
        starts, lengths: of one segment, as :func:`runs_of` says.
        pixels: of the picture.
    """
    ends = starts + lengths
    gaps = starts - np.concatenate([[0], ends[:-1]])
    counts = np.stack([gaps, lengths], axis=1).ravel().tolist()
    rest = pixels - int(ends[-1])
    return [*counts, rest] if rest else counts


def bounding_box(starts: np.ndarray, lengths: np.ndarray, height: int) -> list[int]:
    """``[x, y, width, height]`` in pixels of the smallest box around a segment.

    Args:
        starts, lengths: of the segment, as :func:`runs_of` says.
        height: of the picture.
    """
    lasts = starts + lengths - 1
    left, right = int(starts[0]) // height, int(lasts[-1]) // height
    if (starts // height != lasts // height).any():  # a run goes on at the top of the next column
        return [left, 0, right - left + 1, height]
    top, bottom = int((starts % height).min()), int((lasts % height).max())
    return [left, top, right - left + 1, bottom - top + 1]
