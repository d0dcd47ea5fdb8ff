"""Filter sliding: a convolution over a small scene, and the arithmetic of each of its cells."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Response

from engine.pictures import Picture, resolve
from engine.serving.binary import pack
from engine.serving.filter_sliding.contract import (
    CellQuestion,
    LayerQuestion,
    PositionQuestion,
    Question,
)

if TYPE_CHECKING:
    import numpy as np

    from engine.convolution.conv2d import ConvTrace, Link
    from engine.convolution.shapes import LayerCost
    from engine.serving.filter_sliding.setting import Setting

router = APIRouter(prefix="/filter-sliding", tags=["filter sliding"])


@router.get("", response_class=Response)
def slide_filters(asked: Annotated[Question, Query()]) -> Response:
    """Input, filters and output, what the layer costs, and one cell's arithmetic.

    Arrays: ``input (C, H, W)``, ``kernel (O, C, kh, kw)``, ``bias (O,)``, ``output (O, OH, OW)``,
    and those of the cell as ``/cell`` answers them; all float32. A signal has height 1.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.filter_sliding.bank import filter_names, twin_preset
    from engine.serving.filter_sliding.layer import map_scales, measure_cost, slide_scene
    from engine.serving.filter_sliding.limits import limits
    from engine.serving.filter_sliding.setting import setting_of

    picture, setting = resolve(asked.picture), setting_of(asked)
    trace = slide_scene(picture, setting)
    _, height, width = trace.output.shape
    row, col = (int(part) for part in asked.cell.split(","))
    filter_ = min(int(asked.filter), setting.filters - 1)
    arrays, cell = _account(trace, filter_, min(row, height - 1), min(col, width - 1))
    arrays |= {
        "input": trace.input.numpy(),
        "kernel": trace.weight.numpy(),
        "bias": trace.bias.numpy(),
        "output": trace.output.numpy(),
    }
    about = {
        "cell": cell,
        "filters": filter_names(setting),
        "twin": twin_preset(setting),
        "top": setting.top,
        "scales": map_scales(trace, setting.top),
        "kernel_peaks": trace.weight.abs().amax(dim=(1, 2, 3)).tolist(),
        **_geometry(setting, trace),
        "cost": _cost(measure_cost(setting)),
        "square": _square(picture, setting),
        "limits": limits(setting, asked.padding),
    }
    return pack(arrays, about)


@router.get("/cost")
def count_cost(asked: Annotated[LayerQuestion, Query()]) -> dict[str, Any]:
    """What the layer costs, without a picture: shapes, weights, multiply-adds, bytes.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.filter_sliding.layer import measure_cost
    from engine.serving.filter_sliding.setting import setting_of

    return _cost(measure_cost(setting_of(asked)))


@router.get("/cell", response_class=Response)
def explain_cell(asked: Annotated[CellQuestion, Query()]) -> Response:
    """The arithmetic of one output cell.

    Arrays: ``patch``, ``products`` ``(C, kh, kw)`` float32, ``is_padding (kh, kw)`` uint8.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.filter_sliding.layer import slide_scene
    from engine.serving.filter_sliding.setting import setting_of

    trace = slide_scene(resolve(asked.picture), setting_of(asked))
    arrays, cell = _account(trace, asked.filter, asked.row, asked.col)
    return pack(arrays, {"cell": cell})


@router.get("/fed", response_class=Response)
def list_fed_outputs(asked: Annotated[PositionQuestion, Query()]) -> Response:
    """Every output cell that one input cell feeds: ``links`` as ``/weight`` answers them.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.filter_sliding.layer import slide_scene
    from engine.serving.filter_sliding.setting import setting_of

    trace = slide_scene(resolve(asked.picture), setting_of(asked))
    return pack({"links": _links(trace.fed_by_input(asked.row, asked.col))}, {})


@router.get("/weight", response_class=Response)
def list_met_inputs(asked: Annotated[PositionQuestion, Query()]) -> Response:
    """Every input cell that one weight meets.

    Array ``links (n, 6)`` uint16: input row and column, weight row and column, output row and
    column.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.filter_sliding.layer import slide_scene
    from engine.serving.filter_sliding.setting import setting_of

    trace = slide_scene(resolve(asked.picture), setting_of(asked))
    return pack({"links": _links(trace.used_by_weight(asked.row, asked.col))}, {})


def _account(
    trace: "ConvTrace", filter_: int, row: int, col: int
) -> tuple[dict[str, "np.ndarray"], dict[str, object]]:
    import numpy as np

    cell = trace.cell(filter_, row, col)
    arrays = {
        "patch": cell.patch.numpy(),
        "products": cell.products.numpy(),
        "is_padding": cell.is_padding.numpy().astype(np.uint8),
    }
    about = {
        "filter": filter_,
        "row": row,
        "col": col,
        "input_rows": cell.input_rows,
        "input_cols": cell.input_cols,
        "channel_sums": cell.channel_sums.tolist(),
        "bias": cell.bias,
        "total": cell.total,
    }
    return arrays, about


def _links(links: "tuple[Link, ...]") -> "np.ndarray":
    import numpy as np

    flat = [
        (e.input_row, e.input_col, e.kernel_row, e.kernel_col, e.output_row, e.output_col)
        for e in links
    ]
    return np.array(flat, np.uint16).reshape(-1, 6)


def _geometry(setting: "Setting", trace: "ConvTrace") -> dict[str, object]:
    """``pads``: zeros above, below, left and right (transposed: cells cut from the output)."""
    rows, cols, slide = trace.rows, trace.cols, setting.slide
    return {
        "dims": setting.dims,
        "pads": (rows.pad_before, rows.pad_after, cols.pad_before, cols.pad_after),
        "stride": slide.stride,
        "extent": slide.extent,
        "transposed": slide.transposed,
    }


def _cost(cost: "LayerCost") -> dict[str, Any]:
    return {
        "input_shape": cost.input_shape,
        "output_shape": cost.output_shape,
        "height": cost.height.written,
        "width": cost.width.written,
        "left_over_px": cost.width.left_over_px,
        "left_over_rows_px": cost.height.left_over_px,
        "weights": cost.weights,
        "biases": cost.biases,
        "parameters": cost.parameters,
        "multiply_adds": cost.multiply_adds,
        "input_bytes": cost.input_bytes,
        "output_bytes": cost.output_bytes,
        "parameter_bytes": cost.parameter_bytes,
        "receptive_field_px": cost.receptive_field_px,
        "dense_parameters": cost.dense_parameters,
        "dense_times": cost.dense_parameters / cost.parameters,
    }


def _square(picture: Picture, setting: "Setting") -> dict[str, object]:
    from engine.serving.filter_sliding.scene import scene_box

    height, width = picture.pixels.shape[:2]
    box = scene_box(picture, setting.spot)
    return {"box": box, "picture_height_px": height, "picture_width_px": width}
