"""The routes under ``/api/v1``: every folder's ``route.py``, and its further ``*_route.py``.

A module whose answers need neither torch nor what rests on it says ``LIGHT = True`` and is answered
from the first moment; all others wait until that has been loaded.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from fastapi import Depends, FastAPI

from engine import serving
from engine.serving.loading import loaded


def route_modules() -> list[ModuleType]:
    """Each of these modules, in the order of their names; each has a ``router``."""
    packages = [each.name for each in iter_modules(serving.__path__) if each.ispkg]
    names = [
        f"{package}.{module.name}"
        for package in packages
        for module in iter_modules([f"{serving.__path__[0]}/{package}"])
        if module.name == "route" or module.name.endswith("_route")
    ]
    return [import_module(f"{serving.__name__}.{name}") for name in sorted(names)]


def include_routers(api: FastAPI, prefix: str) -> None:
    """Adds the ``router`` of each of these modules, in the order of their names."""
    for module in route_modules():
        waits = [] if getattr(module, "LIGHT", False) else [Depends(loaded)]
        api.include_router(module.router, prefix=prefix, dependencies=waits)
