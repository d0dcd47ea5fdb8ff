"""Following the axes of a map, against tensors whose numbers say where they came from."""

import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.nets.axes import layout_of, nchw, reshaped, resized

SHAPE = (2, 6, 4, 12)


def coordinate(letter: str) -> torch.Tensor:
    """int (2, 6, 4, 12): each number's own position along one axis."""
    dim = "NCHW".index(letter)
    view = [-1 if d == dim else 1 for d in range(4)]
    return torch.arange(SHAPE[dim]).view(view).expand(SHAPE)


@st.composite
def shapes(draw: st.DrawFn) -> tuple[int, ...]:
    """A shape of 576 numbers, from its prime factors in some order and grouping."""
    factors = draw(st.permutations([2, 2, 2, 2, 2, 2, 3, 3]))
    cuts = sorted(draw(st.sets(st.integers(1, 7), max_size=5)))
    edges = [0, *cuts, 8]
    groups = [factors[a:b] for a, b in itertools.pairwise(edges)]
    return tuple(int(torch.tensor(group).prod()) for group in groups)


@given(st.lists(st.one_of(shapes(), st.just(SHAPE), st.randoms()), min_size=1, max_size=6))
def test_a_layout_is_only_claimed_where_it_is_true(steps):
    """Random reshapes and permutations: whenever a map is claimed, its numbers lie as claimed."""
    axes = nchw(SHAPE)
    tensors = {letter: coordinate(letter) for letter in "NCHW"}
    for step in steps:
        if axes is None:
            return
        if isinstance(step, tuple):
            axes = reshaped(axes, step)
            tensors = {letter: tensor.reshape(step) for letter, tensor in tensors.items()}
        else:
            order = list(range(len(axes)))
            step.shuffle(order)
            axes = tuple(axes[dim] for dim in order)
            tensors = {letter: tensor.permute(order) for letter, tensor in tensors.items()}
    layout = layout_of(axes)
    if layout is None:
        return
    for letter in "NHW":
        dim = layout.index(letter)
        view = [-1 if d == dim else 1 for d in range(4)]
        expected = torch.arange(SHAPE["NCHW".index(letter)]).view(view)
        assert (tensors[letter] == expected).all()


@pytest.mark.parametrize(
    ("order", "layout"),
    [((0, 1, 2, 3), "NCHW"), ((0, 2, 3, 1), "NHWC"), ((0, 1, 3, 2), None), ((1, 0, 2, 3), None)],
)
def test_only_two_orders_are_maps(order, layout):
    axes = nchw(SHAPE)
    assert layout_of(tuple(axes[dim] for dim in order)) == layout


def test_partition_into_windows_and_back_is_the_map_again():
    cut = reshaped(nchw((2, 8, 6, 9)), (2, 8, 2, 3, 3, 3))
    assert cut is not None
    windows = tuple(cut[dim] for dim in (0, 2, 4, 3, 5, 1))
    flat = reshaped(windows, (2, 6, 9, 8))
    assert flat is not None
    assert layout_of(flat) is None
    back = reshaped(flat, (2, 2, 3, 3, 3, 8))
    assert back is not None
    again = reshaped(tuple(back[dim] for dim in (0, 5, 1, 3, 2, 4)), (2, 8, 6, 9))
    assert again == nchw((2, 8, 6, 9))


def test_shuffled_channels_are_channels_but_shuffled_rows_are_no_map():
    for dim, expected in ((1, "NCHW"), (2, None)):
        shape = [2, 6, 6, 5]
        split = [*shape[:dim], 2, 3, *shape[dim + 1 :]]
        cut = reshaped(nchw(shape), split)
        assert cut is not None
        order = list(range(5))
        order[dim], order[dim + 1] = order[dim + 1], order[dim]
        assert layout_of(reshaped(tuple(cut[d] for d in order), shape)) == expected


def test_rows_shuffled_in_blocks_are_no_map():
    cut = reshaped(nchw((2, 3, 12, 5)), (2, 3, 2, 3, 2, 5))
    assert cut is not None
    swapped = tuple(cut[dim] for dim in (0, 1, 3, 2, 4, 5))
    assert layout_of(reshaped(swapped, (2, 3, 12, 5))) is None
    assert layout_of(reshaped(cut, (2, 3, 12, 5))) == "NCHW"


def test_a_reshape_that_tears_an_axis_is_not_followed():
    assert reshaped(nchw((2, 3, 4, 5)), (2, 5, 4, 3)) is None
    assert reshaped(nchw((2, 3, 4, 5)), (2, 3, 4)) is None


def test_resized_keeps_the_order():
    axes = resized(nchw((2, 3, 8, 8)), (2, 9, 4, 8))
    assert axes == nchw((2, 9, 4, 8))
    assert resized(nchw((2, 3, 8, 8)), (2, 3, 8)) is None
