"""Programs that are run, their graphs read, and each node made small enough to be sent."""

import copy
import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.cache import Cache
from engine.errors import InputError
from engine.graphs.autograd_graph import Graph, Node, read_graph
from engine.graphs.expression import execute
from engine.graphs.layout import lay_out
from engine.graphs.programs import run_block, run_net, run_small_net
from engine.graphs.recording import Executed, Line, Recorder
from engine.neurons.small_net import first_batch, first_net
from engine.pictures import resolve
from engine.serving.computation_graph.contract import Question, TensorsQuestion
from engine.serving.visitors import Visitor

Packed = tuple[dict[str, np.ndarray], dict[str, Any]]
MODEL = "mobilenet_v2"
NET_SIZES = (2, 2, 1)
MAPS = 8  # of one tensor, the strongest
MAP_PX = 56  # the longer side of one that is sent
KEPT = 8
SEED = 0


@dataclass(frozen=True, eq=False)
class Small:
    """A tensor as it is sent: numbers of the whole, and some maps of it.

    Attributes:
        facts: ``shape``, ``low``, ``high``, ``mean`` and, of a single number, ``number``; None for
            what is not finite.
        maps: float32 (n, h, w), the strongest of its last two dimensions; n = 0 for one number.
    """

    facts: dict[str, Any]
    maps: np.ndarray


@dataclass(frozen=True, eq=False)
class Shown:
    """A program's graph, ready to be sent."""

    nodes: list[dict[str, Any]]
    values: list[Small | None]
    gradients: list[Small | None]
    about: dict[str, Any]


_shown: Cache[Shown] = Cache(KEPT)


def look(asked: Question, who: Visitor) -> Packed:
    """The graph, and the node that is open; see the route.

    Raises:
        InputError: an expression that cannot be run; no such block, run or node.
    """
    shown = _shown.get(*_program(asked, who))
    number = int(asked.node or 0)
    if number >= len(shown.nodes):
        number = 0
    value, gradient = shown.values[number], shown.gradients[number]
    arrays = {
        "value": value.maps if value else np.zeros((0, 1, 1), np.float32),
        "gradient": gradient.maps if gradient else np.zeros((0, 1, 1), np.float32),
    }
    opened = {
        "number": number,
        "value": value.facts if value else None,
        "gradient": gradient.facts if gradient else None,
    }
    return arrays, shown.about | {"nodes": shown.nodes, "open": opened}


def _program(asked: Question, who: Visitor) -> tuple[Any, Any]:
    """What the graph is kept under, and what makes it."""
    if asked.program == "expression":
        key = (asked.expression, asked.x, asked.y)
        return key, lambda: _read(lambda r: execute(asked.expression, asked.x, asked.y, r))
    if asked.program == "net":
        batch = first_batch(NET_SIZES, 4)
        return "net", lambda: _read(lambda r: run_small_net(first_net(NET_SIZES), *batch, r))
    if asked.program == "block":
        picture = resolve(asked.picture)
        key = (picture.ref, asked.block)
        return key, lambda: _read(lambda r: _block(asked.picture, asked.block, r))
    return _run_program(asked, who)


def _read(program: Any, **told: Any) -> Shown:
    from engine.serving.one_core import on_one_core

    return on_one_core(_read_here, program, told)


def _read_here(program: Any, told: dict[str, Any]) -> Shown:
    record = Recorder()
    ran: Executed = program(record)
    graph = read_graph(ran, record)
    values = [_small(node.value) for node in graph.nodes]
    gradients = [_small(node.gradient) for node in graph.nodes]
    nodes = [_facts(*each) for each in zip(graph.nodes, values, gradients, strict=True)]
    return Shown(nodes, values, gradients, _about(graph, ran.lines) | told)


def _about(graph: Graph, lines: list[Line]) -> dict[str, Any]:
    placed = lay_out([node.inputs for node in graph.nodes])
    ways = [[*edge, [list(point) for point in way]] for edge, way in placed.ways.items()]
    return {
        "lines": [asdict(line) for line in lines],
        "x": placed.x,
        "layer": placed.layer,
        "ways": ways,
        "saved_bytes": graph.saved_bytes,
        "leaves": sum(bool(node.leaf) for node in graph.nodes),
        "operations": sum(not node.leaf for node in graph.nodes),
        "edges": len(ways),
        "skipped": sum(not line.ran for line in lines),
    }


def _facts(node: Node, value: Small | None, gradient: Small | None) -> dict[str, Any]:
    return {
        "name": node.name,
        "leaf": node.leaf,
        "shape": list(node.shape),
        "dtype": node.dtype,
        "inputs": list(node.inputs),
        "line": node.line,
        "saved": [
            {"name": s.name, "shape": list(s.shape), "bytes": s.n_bytes, "of": s.of}
            for s in node.saved
        ],
        "number": value.facts.get("number") if value else None,
        "slope": gradient.facts.get("number") if gradient else None,
    }


def _small(tensor: Tensor | None) -> Small | None:
    if tensor is None or tensor.numel() == 0:
        return None
    numbers = tensor.double()
    whole = {"low": numbers.min(), "high": numbers.max(), "mean": numbers.mean()}
    facts: dict[str, Any] = {name: _fine(float(each)) for name, each in whole.items()}
    facts["shape"] = list(tensor.shape)
    if tensor.numel() == 1:
        facts["number"] = _fine(float(numbers))
        return Small(facts, np.zeros((0, 1, 1), np.float32))
    maps = numbers.reshape(-1, *((1, 1, *tensor.shape)[-2:]))
    strongest = maps.abs().mean((1, 2)).argsort(descending=True, stable=True)[:MAPS]
    step = -(-max(maps.shape[1:]) // MAP_PX) if tensor.ndim > 2 else 1
    picked = maps[strongest.sort().values][:, ::step, ::step][:, :, : 4 * MAP_PX]
    facts["maps"] = strongest.sort().values.tolist()
    facts["all_maps"] = len(maps)
    return Small(facts, np.nan_to_num(picked.float().numpy()))


def _fine(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _block(picture: str, block: int, record: Recorder) -> Executed:
    from engine.nets.residence import residence
    from engine.serving.readings import read_picture

    reading = read_picture(resolve(picture), MODEL)
    layers: Any = residence().resident(MODEL).features
    with torch.no_grad():
        maps = layers[:block](reading.x).float().cpu().contiguous()
    own = copy.deepcopy(layers[block]).float().cpu().requires_grad_()
    return run_block(own, maps, record)


def _run_program(asked: Question, who: Visitor) -> tuple[Any, Any]:
    from engine.runs.checkpoints import find_checkpoint
    from engine.serving.training import seen_run

    name = asked.run or _newest(who)
    run = seen_run(name, who)
    checkpoint = find_checkpoint(run.folder)
    key = (str(run.folder), checkpoint.path.name, checkpoint.path.stat().st_mtime)
    return key, lambda: _read(lambda r: _trained(run.folder, r), run=name)


def _newest(who: Visitor) -> str:
    """The newest run of a network that names classes, with a checkpoint.

    Raises:
        InputError: there is none.
    """
    from engine.runs.checkpoints import list_checkpoints
    from engine.serving.runs.views import list_runs
    from engine.serving.training import seen_run, workers

    for entry in list_runs(workers(), who):
        if entry["status"] == "damaged":
            continue
        if list_checkpoints(seen_run(entry["name"], who).folder):
            return entry["name"]
    raise InputError("graph_no_run", status=404)


def _trained(folder: Any, record: Recorder) -> Executed:
    """A run's network on a drawn picture: the graph is the run's, whatever it is shown."""
    from engine.runs.opening import open_net

    opened = open_net(folder)
    generator = torch.Generator().manual_seed(SEED)
    drawn = torch.randint(0, 256, (1, *opened.input_shape), generator=generator, dtype=torch.uint8)
    net = copy.deepcopy(opened.net).requires_grad_()
    return run_net(net, opened.prepare(drawn), 0, record)


def tensors(asked: TensorsQuestion) -> Packed:
    """A tensor of 0 to 4 dimensions on the picture's way through MobileNetV2; see the route."""
    from engine.serving.readings import read_picture

    reading = read_picture(resolve(asked.picture), MODEL)
    logits = reading.logits.float()
    found: Tensor = (
        logits.max(),
        logits,
        reading.x[0].float().cpu().mean(0),
        reading.x[0].float().cpu(),
        next(iter(reading.maps.values()))[None].float(),
    )[asked.dims]
    small = _small(found)
    assert small is not None
    about = small.facts | {
        "dims": found.ndim,
        "count": found.numel(),
        "bytes": found.numel() * found.element_size(),
        "stride": list(found.stride()),
        "dtype": str(found.dtype).removeprefix("torch."),
    }
    return {"maps": small.maps}, about
