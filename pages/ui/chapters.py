"""The pages by chapter, in the order in which a learner meets them.

A page's name is its stem; its file is ``pages/<chapter>/<stem>.py``, its link has hyphens.
"""

CHAPTERS = {
    "images": ("pixels", "classify"),
    "neurons": ("vanishing_gradients",),
    "convolution": ("filter_sliding", "feature_maps", "flatten"),
    "training": ("training_studio", "learning_rate", "overfitting", "augmentation"),
    "detection": (
        "sliding_window",
        "fully_convolutional",
        "nms",
        "average_precision",
        "detect",
        "face_cascade",
        "haar_hog",
        "detectnet",
    ),
    "segmentation": ("segmentation_types", "panoptic_fusion", "upsampling", "segment"),
}


def url_path(stem: str) -> str:
    """The page's path in the address bar: ``filter_sliding`` → ``filter-sliding``."""
    return "" if stem == "home" else stem.replace("_", "-")
