"""Filter sliding: a convolution over a small scene, and the arithmetic of each of its cells."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from engine.pictures import Picture, resolve
from engine.serving.binary import pack

if TYPE_CHECKING:
    import numpy as np

    from engine.convolution.conv2d import ConvTrace, Link
    from engine.convolution.shapes import LayerCost
    from engine.serving.filter_sliding.setting import Setting

router = APIRouter(prefix="/filter-sliding", tags=["filter sliding"])

Scene = Literal["tiny", "crop16", "crop24", "crop32", "crop48", "crop64", "signal"]
_NUMBER = r"-?\d{1,3}(\.\d{1,6})?"


class Asked(BaseModel):
    """What the controls of the page say."""

    picture: str = Field("chelsea", max_length=80)
    scene: Scene = "tiny"
    spot: str = Field("50,50,100", pattern=r"^(100|\d{1,2}),(100|\d{1,2}),(100|[1-9]\d?)$")
    colour: bool = False
    preset: str = Field("sobel_x", pattern=r"^[a-z0-9_]{1,20}$")
    weights: str = Field("", pattern=rf"^({_NUMBER}(,{_NUMBER})*)?$", max_length=2000)
    bias: float = Field(0, ge=-255, le=255)
    filters: int = Field(1, ge=1, le=6)
    kernel_size: int = Field(3, ge=1, le=7)
    stride: int = Field(1, ge=1, le=4)
    padding: int = Field(0, ge=0, le=3)
    same: bool = False
    dilation: int = Field(1, ge=1, le=3)
    transposed: bool = False

    def setting(self) -> "Setting":
        """The same as the engine reads it."""
        from engine.convolution.slide import Slide
        from engine.serving.filter_sliding.setting import Setting

        padding = "same" if self.same else self.padding
        x, y, side = (int(part) for part in self.spot.split(","))
        weights = tuple(float(part) for part in self.weights.split(",") if part)
        return Setting(
            scene=self.scene,
            spot=(x, y, side),
            colour=self.colour,
            preset=self.preset,
            weights=weights,
            bias=self.bias,
            filters=self.filters,
            slide=Slide(self.kernel_size, self.stride, padding, self.dilation, self.transposed),
        )


class AskedCell(Asked):
    """And one output cell of one filter."""

    filter: int = Field(ge=0, le=5)
    row: int = Field(ge=0, le=999)
    col: int = Field(ge=0, le=999)


class AskedPosition(Asked):
    """And one cell of the input, or one weight of the kernel."""

    row: int = Field(ge=0, le=999)
    col: int = Field(ge=0, le=999)


class AskedScene(Asked):
    """And the cell to account for, moved into the output where it has become smaller."""

    filter: int = Field(0, ge=0, le=5)
    cell: str = Field("0,0", pattern=r"^\d{1,3},\d{1,3}$")


@router.get("", response_class=Response)
def slide_filters(asked: Annotated[AskedScene, Query()]) -> Response:
    """Input, filters and output, what the layer costs, and one cell's arithmetic.

    Arrays: ``input (C, H, W)``, ``kernel (O, C, kh, kw)``, ``bias (O,)``, ``output (O, OH, OW)``,
    and those of the cell as ``/cell`` answers them; all float32. A signal has height 1.
    """
    from engine.serving.filter_sliding.bank import filter_names, twin_preset
    from engine.serving.filter_sliding.layer import measure_cost, slide_scene
    from engine.serving.filter_sliding.limits import limits

    picture, setting = resolve(asked.picture), asked.setting()
    trace = slide_scene(picture, setting)
    _, height, width = trace.output.shape
    row, col = (int(part) for part in asked.cell.split(","))
    arrays, cell = _account(
        trace, min(asked.filter, setting.filters - 1), min(row, height - 1), min(col, width - 1)
    )
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
        "output_peaks": trace.output.abs().amax(dim=(1, 2)).tolist(),
        "kernel_peaks": trace.weight.abs().amax(dim=(1, 2, 3)).tolist(),
        **_geometry(setting, trace),
        "cost": _cost(measure_cost(setting)),
        "square": _square(picture, setting),
        "limits": limits(setting, asked.padding),
    }
    return pack(arrays, about)


@router.get("/cost")
def count_cost(asked: Annotated[Asked, Query()]) -> dict[str, Any]:
    """What the layer costs, without a picture: shapes, weights, multiply-adds, bytes."""
    from engine.serving.filter_sliding.layer import measure_cost

    return _cost(measure_cost(asked.setting()))


@router.get("/cell", response_class=Response)
def explain_cell(asked: Annotated[AskedCell, Query()]) -> Response:
    """The arithmetic of one output cell.

    Arrays: ``patch``, ``products`` ``(C, kh, kw)`` float32, ``is_padding (kh, kw)`` uint8.
    """
    from engine.serving.filter_sliding.layer import slide_scene

    trace = slide_scene(resolve(asked.picture), asked.setting())
    arrays, cell = _account(trace, asked.filter, asked.row, asked.col)
    return pack(arrays, {"cell": cell})


@router.get("/fed", response_class=Response)
def list_fed_outputs(asked: Annotated[AskedPosition, Query()]) -> Response:
    """Every output cell that one input cell feeds: ``links`` as ``/weight`` answers them."""
    from engine.serving.filter_sliding.layer import slide_scene

    trace = slide_scene(resolve(asked.picture), asked.setting())
    return pack({"links": _links(trace.fed_by_input(asked.row, asked.col))}, {})


@router.get("/weight", response_class=Response)
def list_met_inputs(asked: Annotated[AskedPosition, Query()]) -> Response:
    """Every input cell that one weight meets.

    Array ``links (n, 6)`` uint16: input row and column, weight row and column, output row and
    column.
    """
    from engine.serving.filter_sliding.layer import slide_scene

    trace = slide_scene(resolve(asked.picture), asked.setting())
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
