"""The network of a trained run on one screen: for any page that has a run to show."""

from pages.ui.controls import Choice, Hidden, Slider, Value
from pages.ui.picture_picker import current_picture
from pages.ui.stage import stage

CHOSEN = r"(\d{1,5}:\d{1,6}:\d{1,4}:\d{1,4})?"
MOST_PICTURES = 100_000


def show_network(run: str, epochs: int, created_ms: int, *, page: str) -> dict[str, Value]:
    """Show every map of a run's network, at any epoch, on any validation or own picture.

    Args:
        run: its name.
        epochs: how many it trains (``run.settings.train.epochs``); those that have a checkpoint
            can be reached, and while it trains the last one is followed.
        created_ms: when it was made, so that another run of the same name is not taken for it.
        page: the stem of the page that it stands on.

    Returns:
        The committed values: epoch, index, source, scale, chosen, part.
    """
    return stage(
        "open_network",
        [
            Slider("epoch", 0, epochs, default=epochs),
            Slider("index", 0, MOST_PICTURES, default=0),
            Choice("source", ["validation", "own"], default="validation"),
            Choice("scale", ["map", "layer", "global"], default="layer"),
            Hidden("part", pattern=r"[1-9]\d{0,2}", default="1"),
            Hidden("chosen", pattern=CHOSEN),
        ],
        source="open-network",
        fixed={
            "run": run,
            "created": created_ms,
            "picture": current_picture().ref,
        },
        page=page,
    )
