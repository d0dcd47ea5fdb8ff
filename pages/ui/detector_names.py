"""The detectors of the house as pages list them: their names in words, sorted under headings."""

from engine.errors import InputError
from pages.ui.words import label, labels_with_prefix


def detector_titles() -> dict[str, str]:
    """By the name of each detector: what it is called, and what it looks for where that is one."""
    from engine.detection.detectors import list_detectors

    own = labels_with_prefix("detectors", "name_")
    return {entry.name: own.get(entry.name, entry.title) for entry in list_detectors()}


def detector_headings() -> dict[str, str]:
    """By the name of each detector: the heading it stands under."""
    from engine.detection.detectors import list_detectors

    return {entry.name: label("detectors", f"family_{entry.family}") for entry in list_detectors()}


def missing_detectors() -> dict[str, InputError]:
    """The detectors that are not at hand, and why."""
    from engine.detection.detectors import list_detectors, why_missing

    found = {entry.name: why_missing(entry.name) for entry in list_detectors()}
    return {name: why for name, why in found.items() if why is not None}
