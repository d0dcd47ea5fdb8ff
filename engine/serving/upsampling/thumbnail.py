"""Growing back on Home: a map of few cells, and the scene's classes again."""

from engine.serving.thumbnail import Thumbnail, small, small_segments
from engine.serving.upsampling.contract import Question


def thumbnail() -> Thumbnail:
    """The smallest of the encoder's maps that the page shows, and what its last decoder says."""
    from engine.serving.upsampling.compute import grow

    asked = Question()
    grown = grow(asked.scene, asked.things, asked.difficulty)
    least = min(
        (n for n in grown.tiles if n.startswith("encoder")), key=lambda n: grown.tiles[n].size
    )
    cells = grown.tiles[least]
    return Thumbnail(
        pictures=small(grown.scene.pixels),
        segments=small_segments(grown.said[-1] + 1),
        maps=cells[None],
        told={"rows": cells.shape[0], "columns": cells.shape[1]},
    )
