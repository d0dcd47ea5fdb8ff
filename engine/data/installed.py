"""Files that lie inside an installed package, found without importing it.

An import of scikit-image or scikit-learn takes longer than reading what is wanted of them.
"""

from importlib.util import find_spec
from pathlib import Path

from engine.errors import InputError


def find_installed(module: str, distribution: str, file: str) -> Path:
    """The path of a package's data file.

    Args:
        module: top-level module, "skimage".
        distribution: what pip calls it, "scikit-image".
        file: path inside the module's folder, "data/grass.png".

    Raises:
        InputError: the package, or the file in it, is not installed (status 404).
    """
    spec = find_spec(module)
    for root in (spec.submodule_search_locations if spec else None) or []:
        path = Path(root) / file
        if path.is_file():
            return path
    raise InputError("data_file_missing", status=404, file=file, package=distribution)
