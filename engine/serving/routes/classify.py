"""Classify an uploaded picture with any classifier whose weights are at hand."""

from typing import Annotated

from fastapi import APIRouter, Form, UploadFile
from pydantic import BaseModel

from engine.pictures import decode
from engine.serving.classifying import classify_picture

router = APIRouter(tags=["classification"])


class ClassLabel(BaseModel):
    """One of ImageNet's 1000 classes and how probable the network finds it."""

    index: int
    name: str
    prob: float


class Classification(BaseModel):
    """The best classes, most probable first; ``ms`` from the decoded picture to the answer."""

    model: str
    labels: list[ClassLabel]
    ms: float


@router.post("/classify")
def classify(
    file: UploadFile,
    model: Annotated[str, Form(max_length=64)] = "mobilenet_v2",
    top: Annotated[int, Form(ge=1, le=1000)] = 5,
) -> Classification:
    """The most probable ImageNet classes of a picture (PNG, JPEG, … up to 20 MB)."""
    found = classify_picture(decode(file.file.read()).pixels, model, top)
    labels = [ClassLabel(**vars(label)) for label in found.labels]
    return Classification(model=found.model, labels=labels, ms=found.ms)
