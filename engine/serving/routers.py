"""The routes under ``/api/v1``: every folder's ``route.py``, and its further ``*_route.py``."""

from importlib import import_module
from pkgutil import iter_modules

from fastapi import APIRouter

from engine import serving


def routers() -> list[APIRouter]:
    """The ``router`` of each of these modules, in the order of their names."""
    packages = [each.name for each in iter_modules(serving.__path__) if each.ispkg]
    names = [
        f"{package}.{module.name}"
        for package in packages
        for module in iter_modules([f"{serving.__path__[0]}/{package}"])
        if module.name == "route" or module.name.endswith("_route")
    ]
    return [import_module(f"{serving.__name__}.{name}").router for name in sorted(names)]
