"""What comes as JSON within a form, read against its contract."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from engine.errors import InputError
from engine.serving.labels.contract import LabelledSet

M = TypeVar("M", bound=BaseModel)


def read_labelled_set(text: str) -> LabelledSet:
    """Labels and the names of their photos.

    Raises:
        InputError: it is none; the first thing that is wrong is said.
    """
    return read_model(LabelledSet, text, "labels")


def read_model(kind: type[M], text: str, name: str) -> M:
    """A model of that kind; ``name`` is the form's field.

    Raises:
        InputError: it is none; the first thing that is wrong is said.
    """
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or name
        raise InputError(
            "value_refused", name=where[:80], value=repr(first["input"])[:80]
        ) from None
