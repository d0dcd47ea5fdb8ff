"""Sky, ground and water: where each lies in a drawn scene, and what it looks like.

A hilly horizon parts the sky from the land, a wavy shore the ground from the water. The ground is
photographed grass or gravel (:mod:`engine.data.textures`), sky and water are value noise: random
numbers on a grid, blended in between. Only additions, multiplications and comparisons touch pixels.

Source: Perlin, "An image synthesizer", SIGGRAPH 1985 (noise from a lattice); the blend is his
3t² - 2t³.
"""

import numpy as np

from engine.data.textures import SCALES, STUFF, load_textures

LANDSCAPE = ("sky", "ground", "water")
SKY, GROUND, WATER = range(3)
GROUND_TEXTURES = (STUFF.index("grass"), STUFF.index("gravel"))

LEAST_SHARE = 0.05  # of the picture: a smaller sky, ground or water is left out
_HILLS, _SHORE, _CLOUDS, _RIPPLES = (1, 6), (5, 5), (6, 5), (40, 8)
_GRIDS = (_HILLS, _SHORE, _CLOUDS, _RIPPLES)
_PLAIN = 23
#: Uniform numbers that a landscape takes.
DRAWS = _PLAIN + sum(rows * columns for rows, columns in _GRIDS)

# Typical red, green and blue of each, and how far they wander at difficulty 0 and 1.
_COLOURS = np.array([[0.62, 0.72, 0.86], [0.46, 0.44, 0.26], [0.22, 0.42, 0.56]])
_WANDER = (0.12, 0.4)
_CLOUD_STRENGTH, _RIPPLE_STRENGTH, _TEXTURE_STRENGTH = 0.22, 0.16, (0.05, 0.13)


def paint_landscape(
    draws: np.ndarray, size: tuple[int, int], difficulty: float
) -> tuple[np.ndarray, np.ndarray]:
    """A landscape without things.

    Args:
        draws: float64 (``DRAWS``,) in [0, 1).
        size: (H, W).
        difficulty: in [0, 1]: how far colours wander, so that they tell less; moves nothing.

    Returns:
        Colours float32 (H, W, 3), about [0, 1], and the stuff of each pixel, uint8 (H, W), index
        into ``LANDSCAPE``; each stuff that is there has ``LEAST_SHARE`` of the pixels or more.
    """
    plain, *grids = np.split(
        draws, np.cumsum([_PLAIN, *(rows * columns for rows, columns in _GRIDS)])[:-1]
    )
    hills, shore, clouds, ripples = (
        value_noise(grid.reshape(shape), size) for grid, shape in zip(grids, _GRIDS, strict=True)
    )
    stuff = _lay_out(plain[:8], hills, shore, size)
    colours = _COLOURS + mix(_WANDER, difficulty) * (plain[8:17].reshape(3, 3) - 0.5)
    brightness = np.stack(
        [
            _sky_light(clouds, size),
            _ground_light(plain[17:22], size, difficulty),
            (ripples - 0.5) * (_RIPPLE_STRENGTH * (1 + 2 * plain[22])),
        ]
    ).astype(np.float32)
    light = np.take_along_axis(brightness, stuff[None].astype(np.int64), axis=0)[0]
    return colours.astype(np.float32)[stuff] + light[..., None], stuff


def mix(at_zero_and_one: tuple[float, float], difficulty: float) -> float:
    """A strength that grows or falls with the difficulty, in [0, 1]."""
    return at_zero_and_one[0] + (at_zero_and_one[1] - at_zero_and_one[0]) * difficulty


def value_noise(lattice: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A lattice stretched over a picture, smooth in between.

    Args:
        lattice: float64 (rows, columns), each at least 1.
        size: (H, W).

    Returns:
        float64 (H, W), within the lattice's range.
    """
    for axis, length in enumerate(size):
        steps = lattice.shape[axis] - 1
        at = (np.arange(length) + 0.5) * (steps / length)
        low = np.minimum(at.astype(np.int64), max(steps - 1, 0))
        t = at - low
        t = (t * t * (3 - 2 * t)).reshape((-1, 1) if axis == 0 else (1, -1))
        below, above = (lattice.take(np.minimum(low + step, steps), axis=axis) for step in range(2))
        lattice = below + t * (above - below)
    return lattice


def _lay_out(
    u: np.ndarray, hills: np.ndarray, shore: np.ndarray, size: tuple[int, int]
) -> np.ndarray:
    """uint8 (H, W); u (8,): sky, water, horizon's height, slope, hills, shore's angle and place."""
    height, width = size
    y = ((np.arange(height) + 0.5) / height)[:, None]
    x = ((np.arange(width) + 0.5) / width)[None, :]
    horizon = 0.2 + 0.35 * u[2] + 0.25 * (u[3] - 0.5) * (x - 0.5) + 0.2 * u[4] * (hills - 0.5)
    has_sky, has_water = u[0] < 0.85, u[1] < 0.85
    is_sky = (y < horizon) & has_sky
    angle = 2 * np.pi * u[5]
    middle = 0.5 + 0.25 * has_sky  # of the land, from top to bottom
    beyond = np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - middle) + 0.6 * (shore - 0.5)
    is_water = (beyond > 0.25 * (u[6] - 0.5)) & has_water
    stuff = np.where(is_sky, SKY, np.where(is_water, WATER, GROUND)).astype(np.uint8)
    return _leave_out_slivers(stuff)


def _leave_out_slivers(stuff: np.ndarray) -> np.ndarray:
    """What has too few pixels goes to its neighbour on land; a low sky goes to the ground."""
    areas_px = np.bincount(stuff.ravel(), minlength=3)
    takers = {SKY: GROUND, WATER: GROUND, GROUND: WATER}
    for each, taker in takers.items():
        if 0 < areas_px[each] < LEAST_SHARE * stuff.size:
            if areas_px[taker] == 0:
                taker = SKY if each != SKY else WATER
            stuff = np.where(stuff == each, taker, stuff).astype(np.uint8)
            areas_px = np.bincount(stuff.ravel(), minlength=3)
    return stuff


def _sky_light(clouds: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Lighter towards the horizon, with clouds where the noise is high."""
    falling = ((np.arange(size[0]) + 0.5) / size[0])[:, None]
    return 0.2 * (falling - 0.3) + _CLOUD_STRENGTH * np.maximum(clouds - 0.5, 0) * 2


def _ground_light(u: np.ndarray, size: tuple[int, int], difficulty: float) -> np.ndarray:
    """A patch of photographed grass or gravel; u (5,): which, scale, row, column, contrast."""
    which = np.array([GROUND_TEXTURES[int(u[0] * len(GROUND_TEXTURES))]])
    patch = load_textures().cut(which, np.array([int(u[1] * SCALES)]), u[None, 2:4], size)[0]
    return patch * (mix(_TEXTURE_STRENGTH, difficulty) * (0.6 + 0.8 * u[4]))
