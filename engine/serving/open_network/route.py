"""A trained run's network, opened: every map of every layer, and where any number comes from."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from engine.errors import InputError
from engine.progress import Progress
from engine.serving.binary import pack
from engine.serving.open_network import contract
from engine.serving.open_network.networks import Question, is_going, last_epoch, open_network
from engine.serving.training import seen_run
from engine.serving.visitors import Asker, Visitor

if TYPE_CHECKING:
    from engine.serving.open_network.networks import OpenNetwork

RunName = Annotated[str, Query(max_length=100)]

router = APIRouter(prefix="/open-network", tags=["runs"])


@router.get("", response_class=Response)
def show_network(asked: Annotated[contract.Question, Query()], who: Asker) -> Response:
    """The network's maps; 202 while the run's pictures are loaded.

    Arrays: ``tiles``, ``ranges``, ``links`` of
    :func:`engine.serving.open_network.screen.screen`, whose facts are ``about.layers``;
    ``picture`` uint8 (H, W, 3); ``probs`` float32 (classes,); ``faces`` uint8, the strongest map
    that leaves each part of a long network (``about.parts``).

    Bound: 3 s of a core, 300 MiB.
    """
    from engine.serving.one_core import on_one_core
    from engine.serving.open_network.screen import faces, screen

    net = open_network(_question(asked, who))
    if isinstance(net, Progress):
        return JSONResponse({"done": net.done, "total": net.total}, status_code=202)
    arrays, layers = on_one_core(screen, net)
    arrays["picture"] = net.shown.image.expand(3, -1, -1).permute(1, 2, 0).numpy()
    arrays["probs"] = net.walked.probs.numpy()
    parts: list[dict[str, Any]] = []
    if len(net.structure.parts) > 1:
        arrays["faces"], parts = on_one_core(faces, net)
    return pack(arrays, _about(net) | {"layers": layers, "parts": parts})


@router.get("/number", response_class=Response)
def explain_number(asked: Annotated[contract.NumberQuestion, Query()], who: Asker) -> Response:
    """Where one number comes from: ``about.accounts``, one an operation, and their arrays.

    Bound: 3 s of a core, 300 MiB.
    """
    from engine.serving.open_network.account import tell_number

    net = open_network(_question(asked, who))
    if isinstance(net, Progress):
        return JSONResponse({"done": net.done, "total": net.total}, status_code=202)
    inside = net.structure.parts[net.part]
    numbers = sorted((*inside.feeding, *inside.layers))
    if asked.layer not in numbers:
        low, high = numbers[0], numbers[-1]
        raise InputError("value_out_of_range", name="layer", low=low, high=high, value=asked.layer)
    layer = net.structure.layers[asked.layer]
    place = (asked.channel, asked.row, asked.col)[: len(layer.shape)]
    arrays, accounts = tell_number(net, asked.layer, place)
    return pack(arrays, {"layer": asked.layer, "place": list(place), "accounts": accounts})


@router.get("/epochs", response_class=Response)
def watch_epochs(run: RunName, who: Asker) -> Response:
    """``about.last``, the last epoch that can be opened; ``about.going``, if more may come.

    Bound: 3 s of a core, 300 MiB.
    """
    folder = seen_run(run, who).folder
    return pack({}, {"last": last_epoch(folder), "going": is_going(folder)})


def _question(asked: contract.Question, who: Visitor) -> Question:
    return Question(
        run=seen_run(asked.run, who),
        epoch=asked.epoch,
        source=asked.source,
        index=asked.index,
        picture=asked.picture,
        part=int(asked.part),
        created=asked.created,
    )


def _about(net: "OpenNetwork") -> dict[str, Any]:
    last, going = last_epoch(net.run.folder), is_going(net.run.folder)
    settings = net.run.settings
    return {
        "run": net.run.name,
        "net": settings.net.name,
        "backbone": settings.net.backbone if settings.net.name == "transfer" else None,
        "epoch": net.opened.checkpoint.epoch,
        "last_epoch": last,
        "epochs": settings.train.epochs,
        "going": going,
        "classes": list(net.opened.classes),
        "target": net.shown.target,
        "predicted": int(net.walked.probs.argmax()),
        "pictures": net.pictures,
        "index": net.index,
        "part": net.part + 1,
        "limits": {
            "epoch": {"low": 0, "high": last},
            "index": {"high": max(0, net.pictures - 1)} if net.pictures else {"disabled": True},
        },
    }
