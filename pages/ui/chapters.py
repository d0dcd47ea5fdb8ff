"""The pages by chapter, in the order in which a learner meets them.

A page's name is its stem: its folder is ``pages/<chapter>/<stem>/``, its link has hyphens.
"""

from pathlib import Path

PAGES = Path(__file__).resolve().parents[1]
UI = PAGES / "ui"

CHAPTERS = {
    "images": ("pixels", "classify", "png_jpeg", "image_processing", "datasets"),
    "neurons": (
        "perceptron",
        "backpropagation",
        "computation_graph",
        "vanishing_gradients",
        "history",
    ),
    "convolution": (
        "filter_sliding",
        "feature_maps",
        "inception",
        "architectures",
        "flatten",
    ),
    "training": ("training_studio", "learning_rate", "overfitting", "augmentation", "labels"),
    "detection": (
        "sliding_window",
        "fully_convolutional",
        "nms",
        "average_precision",
        "detect",
        "face_cascade",
        "haar_hog",
        "selective_search",
        "detectnet",
        "one_stage",
        "two_stage",
    ),
    "segmentation": ("segmentation_types", "panoptic_fusion", "upsampling", "segment"),
}

_CHAPTER_OF = {"home": "start"} | {
    stem: chapter for chapter, stems in CHAPTERS.items() for stem in stems
}


def page_folder(stem: str) -> Path | None:
    """The folder that holds all of a page's screen; None where ``stem`` is no page."""
    chapter = chapter_of(stem)
    return PAGES / chapter / stem if chapter else None


def chapter_of(stem: str) -> str | None:
    """The chapter that a page belongs to, "start" for the home page; None for what is no page."""
    return _CHAPTER_OF.get(stem)


def url_path(stem: str) -> str:
    """The page's path in the address bar: ``filter_sliding`` → ``filter-sliding``."""
    return "" if stem == "home" else stem.replace("_", "-")
