"""Eight photographs that are already on the machine, inside scikit-image and scikit-learn.

The packages are located, not imported: their import takes longer than a page does. Sources,
authors and licences stand in ``assets/pictures/SOURCES.md``, names in two languages in
``pages/ui/labels/samples.toml``.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from engine.errors import InputError
from engine.pictures.decode import decode
from engine.pictures.picture import Picture
from engine.pictures.store import picture_store, read_only_copy

_SKIMAGE = ("skimage", "scikit-image", "data")
_SKLEARN = ("sklearn", "scikit-learn", "datasets/images")

# name -> (module, distribution, folder inside it), file
_FILES = {
    "chelsea": (_SKIMAGE, "chelsea.png"),
    "coffee": (_SKIMAGE, "coffee.png"),
    "motorcycle": (_SKIMAGE, "motorcycle_left.png"),
    "camera": (_SKIMAGE, "camera.png"),
    "china": (_SKLEARN, "china.jpg"),
    "flower": (_SKLEARN, "flower.jpg"),
    "astronaut": (_SKIMAGE, "astronaut.png"),
    "rocket": (_SKIMAGE, "rocket.jpg"),
}
SAMPLE_NAMES = tuple(_FILES)


@cache
def sample(name: str) -> Picture:
    """The sample ``name``, decoded and scaled as an upload would be.

    Args:
        name: one of ``SAMPLE_NAMES``.

    Raises:
        InputError: no such sample, or the package that holds it is not installed (status 404).
    """
    if name not in _FILES:
        raise InputError(
            "value_not_a_choice",
            status=404,
            name="sample",
            choices=", ".join(SAMPLE_NAMES),
            value=name[:80],
        )
    decoded = decode(_find_file(name).read_bytes())
    pixels, size = read_only_copy(decoded.pixels), decoded.original_size
    return Picture(name, name, pixels, _FILES[name][1], size, decoded.notes)


def resolve(ref: str) -> Picture:
    """The picture that a link means: a sample by its name, an upload by its token.

    Raises:
        InputError: neither a sample nor a picture that is still kept (status 404).
    """
    return sample(ref) if ref in _FILES else picture_store().get(ref)


def _find_file(name: str) -> Path:
    (module, distribution, folder), file_name = _FILES[name]
    spec = find_spec(module)
    roots = (spec.submodule_search_locations if spec else None) or []
    for root in roots:
        path = Path(root) / folder / file_name
        if path.is_file():
            return path
    raise InputError("sample_missing", status=404, name=name, package=distribution)
