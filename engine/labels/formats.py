"""The four formats by name: told apart by their files, read and written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal, get_args

from engine.data.own_files import show_name
from engine.errors import InputError
from engine.labels.coco import read_coco, write_coco
from engine.labels.kitti import is_kitti_row, kitti_type, read_kitti, write_kitti
from engine.labels.lines import rows
from engine.labels.model import Labels, Photo
from engine.labels.voc import read_voc, write_voc
from engine.labels.yolo import is_names_file, label_files, read_yolo, write_yolo
from engine.pictures.picture import Note

Form = Literal["yolo", "kitti", "coco", "voc"]
FORMS: tuple[Form, ...] = get_args(Form)
#: Where photos lie beside the labels, as each format has it.
PHOTO_FOLDERS: dict[Form, str] = {
    "yolo": "images",
    "kitti": "image_2",
    "coco": "images",
    "voc": "JPEGImages",
}
_WRITERS = {"yolo": write_yolo, "kitti": write_kitti, "coco": write_coco, "voc": write_voc}


def tell_format(files: Mapping[str, bytes], photos: Sequence[Photo]) -> Form | None:
    """The format of some files by their endings and first lines; None where none holds labels."""
    if any(path.lower().endswith(".json") for path in files):
        return "coco"
    if any(path.lower().endswith(".xml") for path in files):
        return "voc"
    texts = label_files(files, photos)
    for path in texts:
        for row in rows(path, files[path]):
            return "kitti" if is_kitti_row(row.words) else "yolo"
    return "yolo" if texts or any(map(is_names_file, files)) else None


def read_labels(
    files: Mapping[str, bytes],
    photos: Sequence[Photo],
    form: Form | None = None,
    class_names: Sequence[str] = (),
    first_pixel: int = 1,
) -> Labels:
    """Labels of photos, from the files of one format.

    Args:
        files: path to content; what is no label file is passed over.
        photos: that are there; those of which no label speaks stay, without boxes.
        form: the format; told by the files where None.
        class_names: YOLO's where it has no names file; elsewhere those that come first.
        first_pixel: of VOC alone: 1, or 0 as some tools count.

    Raises:
        InputError: something is wrong; the file and line are named.
    """
    form = form or tell_format(files, photos)
    labels = _read(form, files, photos, class_names, first_pixel)
    if passed_over := _of_other_formats(form, files, photos):
        about = {"count": len(passed_over), "name": show_name(passed_over[0])}
        note = Note("labels_other_format", about | {"format": str(form).upper()})
        return replace(labels, notes=(*labels.notes, note))
    return labels


def _of_other_formats(
    form: Form | None, files: Mapping[str, bytes], photos: Sequence[Photo]
) -> list[str]:
    """Files with labels that a reader of ``form`` passes over."""
    endings = {"coco": (".xml",), "voc": (".json",), "yolo": (".xml", ".json")}
    others = endings.get(form or "", (".xml", ".json"))
    found = sorted(path for path in files if path.lower().endswith(others))
    return found + (label_files(files, photos) if form in ("coco", "voc") else [])


def _read(
    form: Form | None,
    files: Mapping[str, bytes],
    photos: Sequence[Photo],
    class_names: Sequence[str],
    first_pixel: int,
) -> Labels:
    if form == "coco":
        return read_coco(files, photos, class_names)
    if form == "voc":
        return read_voc(files, photos, class_names, first_pixel)
    if form == "kitti":
        return read_kitti(files, photos, class_names)
    if form == "yolo":
        return read_yolo(files, photos, class_names)
    return Labels(tuple(photos), tuple(class_names))


def write_labels(form: Form, labels: Labels) -> dict[str, bytes]:
    """The label files of a format: path to content.

    Raises:
        InputError: names that the format cannot tell apart.
    """
    if form != "coco":
        twice = [s for s, n in Counter(photo.stem for photo in labels.photos).items() if n > 1]
        if twice:
            raise InputError("label_stems_clash", name=twice[0], format=form.upper())
    return _WRITERS[form](labels)


def losses(form: Form, labels: Labels) -> list[Note]:
    """What the format does not hold of these labels."""
    boxes = [box for photo in labels.photos for box in photo.boxes]
    notes = []
    if form in ("yolo", "kitti") and (count := sum(b.crowd or b.difficult for b in boxes)):
        notes.append(Note("labels_flags_lost", {"count": count, "format": form.upper()}))
    if form == "voc" and (count := sum(box.crowd for box in boxes)):
        notes.append(Note("labels_flags_lost", {"count": count, "format": "VOC"}))
    if form == "voc" and any(not edge.is_integer() for box in boxes for edge in box.corners):
        notes.append(Note("labels_rounded"))
    if form == "kitti" and any(kitti_type(name) != name for name in labels.class_names):
        notes.append(Note("labels_underscores"))
    return notes
