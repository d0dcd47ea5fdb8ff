"""Which pixels made the network say this? Three methods behind one verb.

Grad-CAM (Selvaraju et al. 2017), integrated gradients (Sundararajan et al. 2017) and occlusion
(Zeiler and Fergus 2014) give different answers, because they ask different questions; each map
keeps its own unit and range, and none is rescaled to look like the others.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from engine.errors import InputError
from engine.explain.grad_cam import grad_cam, last_map_layer, upsampled
from engine.explain.integrated_gradients import integrated_gradients_steps
from engine.explain.occlusion import occlusion_steps, spread
from engine.explain.target_score import Scores, TargetScore, check_range
from engine.progress import Progress, finish, timed

METHODS = ("grad_cam", "integrated_gradients", "occlusion")
_EXPLAINS: dict[str, Scores] = {
    "grad_cam": "logit",
    "integrated_gradients": "prob",
    "occlusion": "prob",
}


@dataclass(frozen=True)
class Settings:
    """What can be set; each method reads its own.

    Attributes:
        layer: Grad-CAM: name of the module whose map is used; None for the last one.
        steps: integrated gradients: points on the way from baseline to picture.
        window_px: occlusion: side of the covered square.
        stride_px: occlusion: from one square to the next, at most ``window_px``.
        baseline: integrated gradients and occlusion: what stands for "nothing", a tensor that
            broadcasts to ``x``; None for 0, which is the mean colour of the training pictures
            where ``x`` is normalised.
    """

    layer: str | None = None
    steps: int = 48
    window_px: int = 32
    stride_px: int = 16
    baseline: Tensor | None = None


@dataclass(frozen=True)
class Attribution:
    """A map of blame.

    Attributes:
        map: float32 ``(H, W)`` on the CPU, at the picture's size, as the method gave it.
        signed: whether values below 0 (against the class) can occur.
        lo, hi: the least and the greatest value of ``map``.
        forward_passes: pictures that went through the network, counted.
        ms: time spent computing, without what the caller did between two steps.
        method: one of ``METHODS``.
        explains: "logit" or "prob": what the map's numbers are parts of.
        raw: float32 on the CPU, before it became a map: Grad-CAM ``(h, w)`` signed, at the layer's
            size; integrated gradients ``(3, H, W)``; occlusion ``(rows, columns)``, one a window.
        notes: the settings used and what was measured on the way; see :func:`attribute`.
    """

    map: Tensor
    signed: bool
    lo: float
    hi: float
    forward_passes: int
    ms: float
    method: str
    explains: Scores
    raw: Tensor
    notes: dict[str, str | int | float]


class _Found(NamedTuple):
    map: Tensor
    raw: Tensor
    notes: dict[str, str | int | float]


def attribute(
    method: str, model: nn.Module, x: Tensor, target: int, settings: Settings | None = None
) -> Attribution:
    """Explain ``model``'s score for class ``target`` on the picture ``x``.

    - ``grad_cam`` explains the logit. Notes: ``layer``.
    - ``integrated_gradients`` explains the probability. Notes: ``steps``, ``baseline`` ("zero" or
      "given"), ``score`` and ``baseline_score`` (the probabilities at both ends), and
      ``completeness_delta`` (the sum of the map, less the difference of the two: near 0 if the
      steps were enough).
    - ``occlusion`` explains the probability: each pixel's mean fall. Notes: ``window_px``,
      ``stride_px``, ``windows``, ``baseline``.

    Args:
        method: one of ``METHODS``.
        model: **private copy** of a classifier, in eval mode: Grad-CAM hooks it while it runs.
            Never pass a model that others share. Its parameters are left as they are.
        x: float32 ``(1, 3, H, W)``, normalised as the model expects, on the model's device.
        target: class index.
        settings: None for the defaults.

    Raises:
        InputError: a method, class, layer or setting that does not exist or lies out of range.
        ValueError: ``x`` has another shape, or the model is in training mode.
    """
    return finish(attribute_steps(method, model, x, target, settings))


def attribute_steps(
    method: str, model: nn.Module, x: Tensor, target: int, settings: Settings | None = None
) -> Generator[Progress[Attribution]]:
    """As :func:`attribute`, with progress; stop iterating, or ``close()``, to abandon it.

    Input that cannot be used is refused at the first step.

    Yields:
        Progress in points (integrated gradients), windows (occlusion) or 1 of 1 (Grad-CAM); the
        last with the attribution.
    """
    if method not in METHODS:
        raise InputError(
            "value_not_a_choice", name="method", choices=", ".join(METHODS), value=method
        )
    if x.ndim != 4 or x.shape[:2] != (1, 3):
        raise ValueError(f"x must be (1, 3, H, W), not {tuple(x.shape)}")
    score = TargetScore(model, target, _EXPLAINS[method])
    work = _METHODS[method](score, x, settings or Settings())
    for step, ms in timed(work):
        found = step.result
        result = None if found is None else _attribution(method, score, found, ms)
        yield Progress(step.done, step.total, result)


def _attribution(method: str, score: TargetScore, found: _Found, ms: float) -> Attribution:
    return Attribution(
        map=found.map,
        signed=method != "grad_cam",
        lo=found.map.min().item(),
        hi=found.map.max().item(),
        forward_passes=score.forward_passes,
        ms=ms,
        method=method,
        explains=score.of,
        raw=found.raw,
        notes=found.notes,
    )


def _grad_cam(score: TargetScore, x: Tensor, settings: Settings) -> Generator[Progress[_Found]]:
    layer = settings.layer or last_map_layer(score.model, score, x)
    raw = grad_cam(score, layer, x)
    cam = upsampled(raw, (x.shape[2], x.shape[3]))
    yield Progress(1, 1, _Found(cam.cpu(), raw.cpu(), {"layer": layer}))


def _integrated_gradients(
    score: TargetScore, x: Tensor, settings: Settings
) -> Generator[Progress[_Found]]:
    check_range("steps", settings.steps, 1, 1000)
    baseline = _baseline(x, settings)
    with torch.no_grad():
        ends = torch.cat([score(x), score(baseline)]).tolist()
    for step in integrated_gradients_steps(score, x, baseline, settings.steps):
        if step.result is None:
            yield Progress(step.done, step.total)
            continue
        raw = step.result.cpu()
        notes: dict[str, str | int | float] = {
            "steps": settings.steps,
            "baseline": "zero" if settings.baseline is None else "given",
            "score": ends[0],
            "baseline_score": ends[1],
            "completeness_delta": raw.double().sum().item() - (ends[0] - ends[1]),
        }
        yield Progress(step.done, step.total, _Found(raw.sum(dim=0), raw, notes))


def _occlusion(score: TargetScore, x: Tensor, settings: Settings) -> Generator[Progress[_Found]]:
    size = (x.shape[2], x.shape[3])
    window_px, stride_px = settings.window_px, settings.stride_px
    check_range("window_px", window_px, 1, min(size))
    check_range("stride_px", stride_px, 1, window_px)
    for step in occlusion_steps(score, x, _baseline(x, settings), window_px, stride_px):
        if step.result is None:
            yield Progress(step.done, step.total)
            continue
        raw = step.result.cpu()
        notes: dict[str, str | int | float] = {
            "window_px": window_px,
            "stride_px": stride_px,
            "windows": raw.numel(),
            "baseline": "zero" if settings.baseline is None else "given",
        }
        found = _Found(spread(raw, size, window_px, stride_px), raw, notes)
        yield Progress(step.done, step.total, found)


_METHODS: dict[str, Callable[[TargetScore, Tensor, Settings], Generator[Progress[_Found]]]] = {
    "grad_cam": _grad_cam,
    "integrated_gradients": _integrated_gradients,
    "occlusion": _occlusion,
}


def _baseline(x: Tensor, settings: Settings) -> Tensor:
    if settings.baseline is None:
        return torch.zeros_like(x)
    return settings.baseline.to(x).expand_as(x)
