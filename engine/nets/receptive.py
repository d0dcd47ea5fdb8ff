"""Receptive fields: which part of the picture a cell of a feature map depends on.

They are found by walking the traced operations. Convolutions and pools widen the field, sums and
concatenations unite fields, and whatever looks at all cells at once (global pooling, attention,
a dense layer over rows and columns) makes the field the whole picture, for itself and for all
that depends on it: behind a squeeze-and-excitation block no cell is local any more. Where an
operation is not known, the whole picture is assumed, and said to be assumed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torchvision
from torch import fx, nn

from engine.errors import InputError
from engine.nets import reach
from engine.nets.axes import holds_only_channels, layout_of
from engine.nets.graph import NetGraph, NodeFact, TensorFact
from engine.nets.kinds import arguments, call_name
from engine.nets.reach import Reach
from engine.nets.windows import window_of

_SWIN_ARGUMENTS = (
    *("input", "qkv_weight", "proj_weight", "relative_position_bias"),
    *("window_size", "num_heads", "shift_size"),
)
_NORMS_OF_ONE_CELL = (nn.BatchNorm2d, nn.LocalResponseNorm, torchvision.ops.FrozenBatchNorm2d)


@dataclass(frozen=True)
class ReceptiveField:
    """What the cells of one map see of a picture.

    Attributes:
        rows: what each row of cells sees of the picture's height (:class:`Reach`).
        cols: what each column of cells sees of its width.
        picture_size: (H, W) of the picture in pixels.
        lost_at: name of the operation behind which every cell depends on the whole picture; None
            where cells are local.
        assumed: whether that operation is merely not known to be local.
    """

    rows: Reach
    cols: Reach
    picture_size: tuple[int, int]
    lost_at: str | None = None
    assumed: bool = False

    @property
    def size(self) -> tuple[float, float]:
        """(height, width) in pixels that a cell sees away from borders; may exceed the picture."""
        return self.rows.size, self.cols.size

    @property
    def cells(self) -> tuple[int, int]:
        """(rows, columns) of the map."""
        return len(self.rows.spans), len(self.cols.spans)

    @property
    def grid(self) -> tuple[Reach, Reach]:
        """What rows see and what columns see."""
        return self.rows, self.cols


@dataclass(frozen=True)
class CellField:
    """What one cell sees: ``box`` xyxy in pixels, half-open; ``whole`` if that is everything."""

    box: tuple[int, int, int, int]
    whole: bool


def receptive_fields(net: NetGraph) -> dict[str, ReceptiveField]:
    """The receptive field of every map of a network, by the names of ``net.maps``."""
    fields: dict[fx.Node, ReceptiveField] = {}
    for node, fact in net.facts.items():
        found = _follow(net, node, fact, fields)
        if found is not None:
            fields[node] = found
    return {name: fields[net.nodes[name]] for name in net.maps}


def field_of_cell(field: ReceptiveField, row: int, col: int) -> CellField:
    """The part of the picture that one cell depends on, clipped to the picture.

    Args:
        field: the receptive field of the cell's map.
        row, col: which cell.

    Returns:
        The box, (0, 0, 0, 0) for a cell that sees only padding. Inside the box a cell may skip
        pixels, where a stride is larger than its window.

    Raises:
        InputError: ``value_out_of_range`` for a cell outside the map.
    """
    for name, value, spans in (("row", row, field.rows.spans), ("column", col, field.cols.spans)):
        if not 0 <= value < len(spans):
            raise InputError(
                "value_out_of_range", name=name, low=0, high=len(spans) - 1, value=value
            )
    (y1, y2), (x1, x2) = field.rows.spans[row], field.cols.spans[col]
    if y1 == y2 or x1 == x2:
        return CellField((0, 0, 0, 0), whole=False)
    height, width = field.picture_size
    return CellField((x1, y1, x2, y2), whole=(x1, y1, x2, y2) == (0, 0, width, height))


Grid = tuple[Reach, Reach]
Outcome = Grid | Literal["global", "unknown"]


@dataclass(frozen=True)
class _Step:
    """One operation on the walk: what goes in, with its fields, and what comes out."""

    node: fx.Node
    module: nn.Module | None
    inputs: tuple[tuple[TensorFact, ReceptiveField], ...]
    output: TensorFact

    @property
    def grid(self) -> Grid:
        return self.inputs[0][1].grid

    @property
    def cells(self) -> tuple[int, int] | None:
        """(rows, columns) that come out; None if that is no map."""
        return _cells(self.output)


def _cells(tensor: TensorFact) -> tuple[int, int] | None:
    layout = layout_of(tensor.axes)
    if layout is None:
        return None
    return tensor.shape[layout.index("H")], tensor.shape[layout.index("W")]


def _follow(
    net: NetGraph, node: fx.Node, fact: NodeFact, fields: dict[fx.Node, ReceptiveField]
) -> ReceptiveField | None:
    """The field behind one node; None for what does not depend on the picture's content."""
    if fact.kind == "input":
        height, width = net.input_size
        return ReceptiveField(reach.pixels(height), reach.pixels(width), net.input_size)
    inputs = tuple(
        (net.facts[source].tensors[0], fields[source])
        for source in node.all_input_nodes
        if source in fields
    )
    if not inputs or not fact.tensors:
        return None
    step = _Step(node, net.module_of(node), inputs, fact.tensors[0])
    outcome = _STEPS.get(fact.kind, _not_known)(step)
    if isinstance(outcome, tuple) and step.cells not in (None, _counts(outcome)):
        outcome = "unknown"
    lost = next((field for _, field in inputs if field.lost_at is not None), None)
    if isinstance(outcome, tuple) and lost is None:
        return ReceptiveField(*outcome, net.input_size)
    rows, cols = outcome if isinstance(outcome, tuple) else _placement(step)
    height, width = net.input_size
    return ReceptiveField(
        reach.blurred(rows, height),
        reach.blurred(cols, width),
        net.input_size,
        lost_at=lost.lost_at if lost else fact.name,
        assumed=lost.assumed if lost else outcome == "unknown",
    )


def _counts(grid: Grid) -> tuple[int, int]:
    return len(grid[0].spans), len(grid[1].spans)


def _placement(step: _Step) -> Grid:
    """Where the cells lie once it is lost what they see: as before, or spread evenly."""
    cells = step.cells or step.inputs[0][1].cells
    for _, field in step.inputs:
        if field.cells == cells:
            return field.grid
    height, width = step.inputs[0][1].picture_size
    return reach.everything(height, cells[0]), reach.everything(width, cells[1])


def _same_cells(step: _Step) -> Outcome:
    return step.grid


def _not_known(step: _Step) -> Outcome:
    return "unknown"


def _windowed(step: _Step) -> Outcome:
    source, cells = step.inputs[0][1], step.cells
    name = call_name(step.node) or type(step.module).__name__
    if name in ("mean", "amax"):
        return step.grid if cells == source.cells else "global"
    if cells is None or _cells(step.inputs[0][0]) != source.cells:
        return "unknown"
    if "adaptive" in name.lower():
        if cells == (1, 1) and source.cells != (1, 1):
            return "global"
        return reach.spread(source.rows, cells[0]), reach.spread(source.cols, cells[1])
    window = window_of(step.node, step.module)
    if window is None:
        return "unknown"
    down, across = window
    return reach.slide(source.rows, cells[0], *down), reach.slide(source.cols, cells[1], *across)


def _normalised(step: _Step) -> Outcome:
    """Batch norm looks at one cell, layer norm at the axes it is given, group norm at all."""
    if isinstance(step.module, _NORMS_OF_ONE_CELL) or call_name(step.node) == "batch_norm":
        return step.grid
    shape = getattr(step.module, "normalized_shape", None)
    if call_name(step.node) == "layer_norm":
        shape = arguments(step.node, ("input", "normalized_shape"))["normalized_shape"]
    axes = step.inputs[0][0].axes
    if axes is None or not isinstance(shape, list | tuple):
        return "global"
    return step.grid if all(holds_only_channels(axis) for axis in axes[-len(shape) :]) else "global"


def _dense(step: _Step) -> Outcome:
    axes = step.inputs[0][0].axes
    return step.grid if axes is not None and holds_only_channels(axes[-1]) else "global"


def _united(step: _Step) -> Outcome:
    """Sum, product: equal cells meet. A factor that is one number for the map meets them all."""
    alike = {tensor.axes for tensor, _ in step.inputs if tensor.shape == step.output.shape}
    cells = step.cells or step.inputs[0][1].cells
    fields = [field for _, field in step.inputs if field.cells == cells]
    rest = [field for _, field in step.inputs if field.cells != cells]
    if len(alike) > 1 or not fields or any(field.lost_at is None for field in rest):
        return "unknown"
    rows = reach.unite([field.rows for field in fields])
    return rows, reach.unite([field.cols for field in fields])


def _joined(step: _Step) -> Outcome:
    layouts = {layout_of(tensor.axes) for tensor, _ in step.inputs}
    if None in layouts or len(layouts) > 1 or any(f.cells != step.cells for _, f in step.inputs):
        return "unknown"
    return _united(step)


def _attended(step: _Step) -> Outcome:
    if call_name(step.node) != "shifted_window_attention" or step.cells is None:
        return "global"
    given = arguments(step.node, _SWIN_ARGUMENTS)
    window, shift = given["window_size"], given["shift_size"]
    rows, cols = step.grid
    return reach.attend(rows, window[0], shift[0]), reach.attend(cols, window[1], shift[1])


def _merged(step: _Step) -> Outcome:
    """Swin's patch merging lays each 2×2 cells behind each other."""
    if step.cells is None:
        return "unknown"
    rows, cols = step.grid
    return reach.slide(rows, step.cells[0], 2, 2, 0, 1), reach.slide(
        cols, step.cells[1], 2, 2, 0, 1
    )


_STEPS: dict[str, Callable[[_Step], Outcome]] = {
    **dict.fromkeys(("activation", "identity", "permute", "reshape"), _same_cells),
    **dict.fromkeys(("split", "select"), _same_cells),
    **dict.fromkeys(("conv", "pool"), _windowed),
    **dict.fromkeys(("add", "multiply"), _united),
    "norm": _normalised,
    "linear": _dense,
    "concat": _joined,
    "attention": _attended,
    "patch merging": _merged,
}
