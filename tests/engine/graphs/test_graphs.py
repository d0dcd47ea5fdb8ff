"""The graph against autograd's own, its values and gradients against plain PyTorch."""

import copy
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.errors import InputError
from engine.graphs.autograd_graph import Graph, read_graph, walk
from engine.graphs.exported import export
from engine.graphs.expression import execute
from engine.graphs.programs import run_block, run_net, run_small_net
from engine.graphs.recording import Executed, Recorder
from engine.nets.residence import residence
from engine.neurons.backprop import backward
from engine.neurons.small_net import Rules, first_batch, first_net, forward

NUMBERS = st.floats(-3, 3, allow_nan=False).map(lambda number: round(number, 2))
SMOOTH = ("sin({})", "tanh({})", "sigmoid({})", "exp(-({} * {}))", "({} + {})", "({} - {})")
TEXTS = st.recursive(
    st.sampled_from(["x", "y", "2", "0.5"]),
    lambda inner: st.tuples(
        st.sampled_from([*SMOOTH, "({} * {})", "max({}, {})", "relu({})"]), inner, inner
    ).map(lambda made: made[0].format(made[1], made[2])),
    max_leaves=6,
)
EVALUATED: dict[str, Any] = {
    "sin": torch.sin, "cos": torch.cos, "tanh": torch.tanh, "sigmoid": torch.sigmoid,
    "exp": torch.exp, "log": torch.log, "sqrt": torch.sqrt, "abs": torch.abs,
    "relu": torch.relu, "max": torch.maximum, "min": torch.minimum,
}  # fmt: skip


def read(text: str, x: float = 1.0, y: float = 2.0) -> tuple[Executed, Graph]:
    record = Recorder()
    ran = execute(text, x, y, record)
    return ran, read_graph(ran, record)


def plain(text: str, x: float, y: float) -> tuple[Tensor, dict[str, Tensor]]:
    """The expression by Python's own evaluation."""
    leaves = {
        name: torch.tensor(number, dtype=torch.float64, requires_grad=True)
        for name, number in (("x", x), ("y", y))
    }
    names = {k: _wrapped(v) for k, v in EVALUATED.items()}
    return eval(text, names | leaves), leaves  # of this test's own texts


def _wrapped(function: Any) -> Any:
    return lambda *given: function(*(torch.as_tensor(v, dtype=torch.float64) for v in given))


def behind(function: Any) -> dict[Any, list[Any]]:
    """Autograd's nodes behind one, each with those it takes from: found by recursion."""
    found: dict[Any, list[Any]] = {}

    def visit(node: Any) -> None:
        if node is not None and node not in found:
            found[node] = [each for each, _ in node.next_functions]
            for each in found[node]:
                visit(each)

    visit(function)
    return found


@settings(max_examples=60, deadline=None)
@given(TEXTS, NUMBERS, NUMBERS)
def test_nodes_values_and_gradients_are_those_of_autograd(text: str, x: float, y: float) -> None:
    if not {"x", "y"} & set(text.replace("exp", "").replace("max", "")):
        return
    expected, leaves = plain(text, x, y)
    if not isinstance(expected, Tensor) or expected.grad_fn is None:
        return
    ran, graph = read(text, x, y)
    names = sorted(node.name() for node in behind(expected.grad_fn))
    assert sorted(node.name for node in graph.nodes) == names
    edges = sum(each is not None for to in behind(expected.grad_fn).values() for each in to)
    assert sum(each is not None for node in graph.nodes for each in node.inputs) == edges
    assert ran.result.item() == pytest.approx(expected.item(), abs=1e-12)
    expected.backward()
    for node in graph.nodes:
        if node.leaf:
            assert node.value is not None
            found, wanted = node.gradient, leaves[node.leaf].grad
            assert found is not None
            assert wanted is not None
            assert found.item() == pytest.approx(wanted.item(), abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(TEXTS, NUMBERS, NUMBERS)
def test_each_nodes_value_is_its_lines(text: str, x: float, y: float) -> None:
    try:
        ran, graph = read(text, x, y)
    except InputError:  # no operation on x or y
        return
    known: dict[str, Any] = {**{k: _wrapped(v) for k, v in EVALUATED.items()}, "x": x, "y": y}
    for number, line in enumerate(ran.lines):
        name, _, made = line.text.partition(" = ")
        if "requires_grad" in made:
            continue
        known[name] = torch.as_tensor(eval(made, known), dtype=torch.float64)
        for node in graph.nodes:
            if node.line == number:
                assert node.value is not None
                torch.testing.assert_close(node.value.reshape(()), known[name].reshape(()))


def test_what_is_used_three_times_is_one_node_with_the_sum() -> None:
    _, graph = read("x * x + x", x=1.5)
    leaf = next(node for node in graph.nodes if node.leaf == "x")
    number = graph.nodes.index(leaf)
    assert sum(node.inputs.count(number) for node in graph.nodes) == 3
    assert leaf.gradient is not None
    assert leaf.gradient.item() == 2 * 1.5 + 1


def test_one_program_makes_two_graphs() -> None:
    text = "x * x if x > y else x + y"
    below, above = read(text, 1.0), read(text, 2.5)
    assert below[1].nodes[0].name == "AddBackward0"
    assert above[1].nodes[0].name == "MulBackward0"
    assert [line.text for line in below[0].lines if not line.ran] == ["x * x"]
    assert [line.text for line in above[0].lines if not line.ran] == ["else:", "x + y"]


def test_a_branch_that_is_one_name_has_its_line() -> None:
    ran, _ = read("(x if x > y else y) * 2")
    assert [line.text for line in ran.lines if line.ran][-3:] == ["else:", "y", "a = y * 2"]


def test_only_what_a_derivative_needs_is_kept() -> None:
    assert read("x + y")[1].saved_bytes == 0
    assert read("x * y")[1].saved_bytes == 0  # leaves are there anyway
    _, graph = read("sin(x * y) + tanh(x + y)")
    kept = {node.name: [each.of for each in node.saved] for node in graph.nodes}
    product = next(k for k, node in enumerate(graph.nodes) if node.name == "MulBackward0")
    tanh = next(k for k, node in enumerate(graph.nodes) if node.name == "TanhBackward0")
    assert kept["SinBackward0"] == [f"#{product}"]
    assert kept["TanhBackward0"] == [f"#{tanh}"]  # its own result
    assert graph.saved_bytes == 16


def test_the_small_net_is_that_of_backpropagation() -> None:
    net, (inputs, targets) = first_net((2, 2, 1)), first_batch((2, 2, 1), 4)
    record = Recorder()
    graph = read_graph(run_small_net(net, inputs, targets, record), record)
    rules = Rules("tanh", "linear", "squared")
    ran = forward(net, rules, inputs, targets)
    total = backward(net, rules, inputs, targets, ran)
    found = {node.leaf: node.gradient for node in graph.nodes if node.leaf}
    assert set(found) == {"W1", "b1", "W2", "b2"}
    assert graph.nodes[0].value is not None
    torch.testing.assert_close(graph.nodes[0].value, ran.losses.mean())
    for name, wanted in zip(("W1", "b1", "W2", "b2"), _gradients(total), strict=True):
        torch.testing.assert_close(found[name], wanted.mean(0))  # over the examples


def _gradients(found: Any) -> tuple[Tensor, ...]:
    return found.weight1, found.bias1, found.weight2, found.bias2


def block_ran(number: int) -> tuple[Executed, Graph, Any, Tensor]:
    layers: Any = residence().private_copy("mobilenet_v2").cpu()
    block = layers.eval().features[number].float().requires_grad_()
    maps = torch.rand(
        (1, block.conv[0][0].in_channels, 14, 14), generator=torch.Generator().manual_seed(3)
    )
    record = Recorder()
    ran = run_block(copy.deepcopy(block), maps, record)
    return ran, read_graph(ran, record), block, maps


def test_a_block_of_mobilenet_is_the_block_itself() -> None:
    ran, graph, block, maps = block_ran(3)
    assert len(graph.nodes) == len(walk(block(maps.clone().requires_grad_()).mean()))
    given = maps.clone().requires_grad_()
    block(given).mean().backward()
    gradients = {node.leaf: node.gradient for node in graph.nodes if node.leaf}
    torch.testing.assert_close(gradients["x"], given.grad)
    torch.testing.assert_close(gradients["conv3.weight"], block.conv[1][0].weight.grad)
    assert graph.nodes[1].name == "AddBackward0"  # the skip connection
    assert [node.shape for node in graph.nodes if node.leaf == "conv3.weight"] == [(144, 1, 3, 3)]
    assert len(ran.lines) == 10


def test_bytes_are_those_of_the_saved_tensors() -> None:
    packed: dict[int, int] = {}
    _, graph, block, maps = block_ran(3)
    there = {t.untyped_storage().data_ptr() for t in [*block.parameters(), *block.buffers()]}
    for layer in block.modules():
        if hasattr(layer, "inplace"):
            layer.inplace = False

    def pack(tensor: Tensor) -> Tensor:
        place = tensor.untyped_storage().data_ptr()
        if place not in there:
            packed[place] = tensor.numel() * tensor.element_size()
        return tensor

    given = maps.clone().requires_grad_()
    there.add(given.untyped_storage().data_ptr())
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda kept: kept):
        result = block(given).mean()
    assert result.grad_fn is not None
    assert graph.saved_bytes == sum(packed.values())


def test_a_network_of_modules_ends_in_the_class_asked_for() -> None:
    net = torch.nn.Sequential(
        torch.nn.Conv2d(1, 2, 3), torch.nn.ReLU(inplace=True), torch.nn.Flatten(),
        torch.nn.Linear(8, 3),
    )  # fmt: skip
    pictures = torch.rand((1, 1, 4, 4), generator=torch.Generator().manual_seed(1))
    record = Recorder()
    graph = read_graph(run_net(net, pictures, 2, record), record)
    assert {node.leaf for node in graph.nodes if node.leaf} == {
        "0.weight", "0.bias", "3.weight", "3.bias",
    }  # fmt: skip
    net.zero_grad()
    net(pictures)[0, 2].backward()
    found = next(node.gradient for node in graph.nodes if node.leaf == "0.weight")
    torch.testing.assert_close(found, net[0].weight.grad)


def test_a_graph_too_large_to_draw_is_refused() -> None:
    x = torch.ones((), requires_grad=True)
    made = x * 1
    for _ in range(700):
        made = made * 1
    with pytest.raises(InputError, match="more than 600 operations"):
        walk(made)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_static_graph_has_the_operations_and_no_python_if() -> None:
    fixed = export("sin(x * y) + x / y", 1.0, 2.0, with_cond=False)
    assert fixed.operations == 4
    assert "aten.sin" in fixed.code["forward"]
    text = "x * x if x > y else x + y"
    assert export(text, 1.0, 2.0, with_cond=False).refused
    both = export(text, 1.0, 2.0, with_cond=True)
    assert not both.refused
    assert len(both.code) == 3
    assert "aten.mul" in "".join(both.code.values())
    assert "aten.add" in "".join(both.code.values())
