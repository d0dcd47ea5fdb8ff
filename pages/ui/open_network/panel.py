"""The network of a trained run on one screen: for any page that has a run to show."""

from engine.serving.open_network.contract import Question
from pages.ui.controls import Value, controls_of
from pages.ui.picture_picker import current_picture
from pages.ui.stage import stage


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
        controls_of(Question, ends={"epoch": (0, epochs)}, defaults={"epoch": epochs}),
        source="open-network",
        fixed={
            "run": run,
            "created": created_ms,
            "picture": current_picture().ref,
        },
        page=page,
    )
