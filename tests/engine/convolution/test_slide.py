"""Settings, legal ranges and who meets whom, against what PyTorch accepts and computes."""

from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from engine.convolution.slide import RANGES, Slide, legal_ranges, legal_switches
from engine.errors import InputError

# PyTorch warns that "same" with an even kernel may copy; here only the result counts.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")

PADDINGS = (*RANGES["padding"], "same")
ALL_SLIDES = [
    Slide(kernel_size, stride, padding, dilation, transposed)
    for kernel_size, stride, padding, dilation, transposed in product(
        RANGES["kernel_size"], RANGES["stride"], PADDINGS, RANGES["dilation"], (False, True)
    )
    if padding != "same" or (stride == 1 and not transposed)
]


@cache
def torch_accepts(
    input_px: int, kernel_size: int, stride: int, padding: Any, dilation: int, transposed: bool
) -> bool:
    """Whether PyTorch computes anything with these settings on a square of ``input_px``."""
    convolve: Any = F.conv_transpose2d if transposed else F.conv2d
    picture = torch.zeros(1, 1, input_px, input_px)
    weight = torch.zeros(1, 1, kernel_size, kernel_size)
    try:
        output = convolve(picture, weight, stride=stride, padding=padding, dilation=dilation)
    except (RuntimeError, TypeError):  # TypeError: no "same" for transposed
        return False
    return output.numel() > 0


def accepts(slide: Slide, input_px: int, **changes: object) -> bool:
    return torch_accepts(input_px, **{**vars(slide), **changes})


def linear_map(slide: Slide, input_px: int) -> torch.Tensor:
    """``(input_px, output_px)``: tap + 1 where that weight joins the two cells, else 0.

    One unit impulse for each input cell goes through PyTorch, with weights 1, 2, 3, ...
    """
    impulses = torch.eye(input_px)[:, None]
    taps = torch.arange(1.0, slide.kernel_size + 1)[None, None]
    if slide.transposed:
        joined = F.conv_transpose1d(
            impulses, taps, stride=slide.stride, padding=slide.pads[0], dilation=slide.dilation
        )
    else:
        joined = F.conv1d(
            impulses, taps, stride=slide.stride, padding=slide.padding, dilation=slide.dilation
        )
    return joined[:, 0]


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kernel_size", 0),
        ("kernel_size", 8),
        ("kernel_size", 3.0),
        ("stride", 0),
        ("stride", 5),
        ("stride", True),
        ("padding", -1),
        ("padding", 4),
        ("padding", "valid"),
        ("padding", None),
        ("dilation", 0),
        ("dilation", 4),
    ],
)
def test_settings_out_of_range_are_refused_by_name(name: str, value: Any, transposed: bool) -> None:
    with pytest.raises(InputError) as refused:
        Slide(**{name: value, "transposed": transposed})
    assert refused.value.key == f"slide_{name}"
    assert str(value) in refused.value.sentence("ko")


def test_same_is_refused_where_pytorch_has_none() -> None:
    with pytest.raises(InputError, match="stride was 2"):
        Slide(padding="same", stride=2)
    with pytest.raises(InputError, match="transposed"):
        Slide(padding="same", transposed=True)


@pytest.mark.parametrize(
    ("kernel_size", "dilation", "pads"),
    [
        (1, 1, (0, 0)),
        (2, 1, (0, 1)),
        (3, 1, (1, 1)),
        (4, 1, (1, 2)),
        (4, 3, (4, 5)),
        (7, 3, (9, 9)),
    ],
)
def test_same_puts_the_odd_zero_after(
    kernel_size: int, dilation: int, pads: tuple[int, int]
) -> None:
    assert Slide(kernel_size, 1, "same", dilation).pads == pads


@pytest.mark.parametrize("input_px", [1, 2, 3, 5, 8, 13])
def test_legal_ranges_are_exactly_what_pytorch_accepts(input_px: int) -> None:
    for slide in ALL_SLIDES:
        ranges = legal_ranges(slide, (input_px, input_px))
        for name, accepted in RANGES.items():
            working = [each for each in accepted if accepts(slide, input_px, **{name: each})]
            if name not in ranges:
                assert working == []
            else:
                first, last = ranges[name]
                assert working == list(range(first, last + 1)), (slide, name)
        if accepts(slide, input_px):
            held = {"kernel_size", "stride", "dilation"}
            assert held <= ranges.keys(), slide
            assert all(ranges[name][0] <= getattr(slide, name) <= ranges[name][1] for name in held)


@pytest.mark.parametrize("input_px", [1, 2, 3, 5, 8])
def test_legal_switches_are_exactly_what_pytorch_accepts(input_px: int) -> None:
    for slide in ALL_SLIDES:
        switches = legal_switches(slide, (input_px, input_px))
        flipped = not slide.transposed
        assert switches["transposed"] == accepts(slide, input_px, transposed=flipped), slide
        if slide.padding == "same":
            numbers = [accepts(slide, input_px, padding=each) for each in RANGES["padding"]]
            assert switches["same"] == any(numbers), slide
        else:
            assert switches["same"] == accepts(slide, input_px, padding="same"), slide


def test_smallest_input_is_where_pytorch_begins_to_work() -> None:
    for slide in ALL_SLIDES:
        smallest = slide.smallest_input_px
        assert accepts(slide, smallest), slide
        slide.check_fits((smallest, smallest + 1))
        if smallest > 1:
            assert not accepts(slide, smallest - 1), slide


def test_the_shorter_side_decides() -> None:
    slide = Slide(kernel_size=5)
    assert legal_ranges(slide, (5, 40)) == legal_ranges(slide, (40, 5)) == legal_ranges(slide, (5,))
    assert legal_ranges(slide, (5, 40))["kernel_size"] == (1, 5)
    with pytest.raises(InputError, match="at least 5 pixels a side, but the input was 4 × 40"):
        slide.check_fits((4, 40))


def test_padding_that_cuts_the_whole_output_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        Slide(kernel_size=3, padding=2, transposed=True).check_fits((2, 2))
    assert refused.value.key == "slide_cuts_everything"


@pytest.mark.parametrize("transposed", [False, True])
def test_receptive_field_is_what_reaches_an_output_cell_in_pytorch(transposed: bool) -> None:
    for slide in ALL_SLIDES:
        if slide.transposed != transposed:
            continue
        reached = [column.nonzero() for column in linear_map(slide, 24).T]
        spans = [int(hits[-1] - hits[0]) + 1 for hits in reached if len(hits)]
        assert slide.receptive_field_px == max(spans), slide
        if not transposed:
            assert slide.receptive_field_px == slide.dilation * (slide.kernel_size - 1) + 1


@pytest.mark.parametrize("input_px", [1, 4, 7])
def test_sources_and_targets_are_the_weights_that_pytorch_uses(input_px: int) -> None:
    for slide in ALL_SLIDES:
        if not accepts(slide, input_px):
            continue
        axis = slide.axis(input_px)
        joined = linear_map(slide, input_px)
        output_px = joined.shape[1]
        forwards, backwards = torch.zeros_like(joined), torch.zeros_like(joined)
        for o in range(output_px):
            for tap, i in enumerate(axis.sources(o)):
                if i is not None and axis.holds(i):
                    backwards[i, o] += tap + 1
        for i in range(input_px):
            for tap, o in enumerate(axis.targets(i, output_px)):
                if o is not None:
                    forwards[i, o] += tap + 1
        assert torch.equal(forwards, joined), slide
        assert torch.equal(backwards, joined), slide


def test_only_a_transposed_slide_has_gaps() -> None:
    assert Slide(kernel_size=3, padding=1).axis(5).sources(0) == (-1, 0, 1)
    assert Slide(kernel_size=3, stride=2, transposed=True).axis(5).sources(0) == (0, None, -1)
    assert Slide(kernel_size=3, stride=2, transposed=True).axis(5).sources(1) == (None, 0, None)


def test_a_slide_is_a_value() -> None:
    assert replace(Slide(), stride=2) == Slide(stride=2)
    assert len({Slide(), Slide(), Slide(padding="same")}) == 2
