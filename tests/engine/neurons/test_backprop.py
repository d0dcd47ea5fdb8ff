"""Backpropagation by hand against PyTorch's modules, plain differences and a published example."""

import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional as F

from engine.errors import InputError
from engine.neurons.backprop import backward
from engine.neurons.backprop_steps import named_values, trace_example
from engine.neurons.descent import batch_gradient, descend, losses_by_rate
from engine.neurons.gradient_check import check_gradients
from engine.neurons.influence import (
    by_difference,
    check_name,
    local_derivatives,
    moved,
    paths_between,
    read_target,
)
from engine.neurons.small_net import (
    Forward,
    Rules,
    SmallNet,
    check_finite,
    first_batch,
    first_net,
    forward,
    parameter_names,
)

RULES = st.builds(
    Rules,
    st.sampled_from(["sigmoid", "tanh", "relu"]),
    st.sampled_from(["linear", "same"]),
    st.sampled_from(["squared", "absolute", "cross_entropy"]),
)
SIZES = st.tuples(st.integers(2, 4), st.integers(2, 6), st.integers(1, 3))
ACTIVATIONS = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU, "linear": nn.Identity}
MAZUR = SmallNet(
    torch.tensor([[0.15, 0.2], [0.25, 0.3]], dtype=torch.float64),
    torch.tensor([0.35, 0.35], dtype=torch.float64),
    torch.tensor([[0.4, 0.45], [0.5, 0.55]], dtype=torch.float64),
    torch.tensor([0.6, 0.6], dtype=torch.float64),
)
MAZURS_BATCH = (
    torch.tensor([[0.05, 0.1]], dtype=torch.float64),
    torch.tensor([[0.01, 0.99]], dtype=torch.float64),
)
AS_MAZUR = Rules("sigmoid", "same", "squared")


def drawn(sizes: tuple[int, int, int], seed: int) -> tuple[SmallNet, Tensor, Tensor]:
    """A net and a batch of three; targets are probabilities, so that all losses take them."""
    generator = torch.Generator().manual_seed(seed)
    count = len(parameter_names(sizes))
    flat = torch.randn(count, generator=generator, dtype=torch.float64)
    inputs = torch.randn(3, sizes[0], generator=generator, dtype=torch.float64)
    targets = torch.rand(3, sizes[2], generator=generator, dtype=torch.float64)
    return SmallNet.of(flat, sizes), inputs, targets


def as_modules(net: SmallNet, rules: Rules) -> nn.Sequential:
    """The same net of PyTorch's own layers; its last one gives sums with cross-entropy."""
    inputs, hidden, outputs = net.sizes
    last = "linear" if rules.loss == "cross_entropy" else rules.output_function(outputs)
    made = nn.Sequential(
        nn.Linear(inputs, hidden),
        ACTIVATIONS[rules.activation](),
        nn.Linear(hidden, outputs),
        ACTIVATIONS[last](),
    ).double()
    for one, other in zip(made.parameters(), vars(net).values(), strict=True):
        one.data.copy_(other)
    return made


def modules_loss(made: nn.Sequential, rules: Rules, inputs: Tensor, targets: Tensor) -> Tensor:
    found = made(inputs)
    count = len(inputs)
    if rules.loss == "squared":
        return F.mse_loss(found, targets, reduction="sum") / 2 / count
    if rules.loss == "absolute":
        return F.l1_loss(found, targets, reduction="sum") / count
    if targets.shape[1] == 1:
        return F.binary_cross_entropy_with_logits(found, targets)
    return F.cross_entropy(found, targets)


@settings(max_examples=40)
@given(SIZES, RULES, st.integers(0, 10_000))
def test_gradients_are_pytorchs_and_those_of_differences(
    sizes: tuple[int, int, int], rules: Rules, seed: int
) -> None:
    net, inputs, targets = drawn(sizes, seed)
    passed = forward(net, rules, inputs, targets)
    back = backward(net, rules, inputs, targets, passed)
    ours = back.of_parameters().mean(dim=0)
    made = as_modules(net, rules)
    seen = inputs.clone().requires_grad_()
    loss = modules_loss(made, rules, seen, targets)
    loss.backward()
    assert float(passed.losses.mean()) == pytest.approx(loss.item(), rel=1e-12)
    theirs = torch.cat([each.grad.flatten() for each in made.parameters()])  # type: ignore[union-attr]
    torch.testing.assert_close(ours, theirs, atol=1e-10, rtol=0)
    torch.testing.assert_close(back.inputs / len(inputs), seen.grad, atol=1e-10, rtol=0)
    check = check_gradients(net, rules, inputs, targets, ours)
    assert check.worst_autograd <= 1e-10
    assert check.worst_difference <= 1e-6
    assert int(check.kinked.sum()) < len(ours)


@given(SIZES, RULES, st.integers(0, 10_000), st.data())
def test_paths_add_up_to_the_influence(
    sizes: tuple[int, int, int], rules: Rules, seed: int, data: st.DataObject
) -> None:
    net, inputs, targets = drawn(sizes, seed)
    inputs, targets = inputs[0], targets[0]
    seen, hidden, outputs = sizes
    names = [
        *parameter_names(sizes),
        *(f"x[{i}]" for i in range(seen)),
        *(f"h[{j}]" for j in range(hidden)),
        *(f"z2[{k}]" for k in range(outputs)),
    ]
    if rules.loss != "cross_entropy":
        names += [f"y[{k}]" for k in range(outputs)]
    source = data.draw(st.sampled_from(names))
    target = data.draw(st.sampled_from(["L", *(f"y[{k}]" for k in range(outputs))]))
    passed = forward(net, rules, inputs[None], targets[None])
    one = Forward(*(each[0] for each in vars(passed).values()))
    paths = paths_between(local_derivatives(net, rules, inputs, targets, one), source, target)
    values = named_values(
        net, rules, inputs[None], targets[None], passed,
        backward(net, rules, inputs[None], targets[None], passed), 0,
    )  # fmt: skip
    here = values[source]
    at = torch.tensor([here], dtype=torch.float64, requires_grad=True)
    watched = read_target(moved(net, rules, inputs, targets, source, at), target)
    total = sum(path.product for path in paths)
    if watched.requires_grad:
        (theirs,) = torch.autograd.grad(watched.sum(), at)
        assert total == pytest.approx(theirs.item(), abs=1e-10)
    else:
        assert total == 0
    assert watched.item() == pytest.approx(values[target], rel=1e-12, abs=1e-12)
    measured = by_difference(net, rules, inputs, targets, source, target, here)
    near_kink = rules.activation == "relu" and min(passed.sums1.abs().min(), 1) < 1e-3
    near_kink |= rules.output_function(outputs) == "relu" and passed.sums2.abs().min() < 1e-3
    near_kink |= rules.loss == "absolute" and (passed.outputs - targets).abs().min() < 1e-3
    if not near_kink and target in values:
        assert measured == pytest.approx(total, abs=1e-6, rel=1e-6)
    if target == "L" and f"∂L/∂{source}" in values:
        assert total == pytest.approx(values[f"∂L/∂{source}"], abs=1e-12)


def test_an_input_of_the_largest_net_reaches_the_loss_on_eighteen_paths() -> None:
    net, inputs, targets = drawn((4, 6, 3), 1)
    passed = forward(net, Rules(), inputs, targets)
    one = Forward(*(each[0] for each in vars(passed).values()))
    edges = local_derivatives(net, Rules(), inputs[0], targets[0], one)
    assert len(paths_between(edges, "x[0]", "L")) == 18
    assert len(paths_between(edges, "W1[5,3]", "L")) == 3
    assert paths_between(edges, "W2[0,0]", "y[1]") == []


def test_the_worked_example_has_its_published_figures() -> None:
    """https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/"""
    passed = forward(MAZUR, AS_MAZUR, *MAZURS_BATCH)
    assert passed.hidden[0].tolist() == pytest.approx([0.593269992, 0.596884378], abs=1e-9)
    assert passed.outputs[0].tolist() == pytest.approx([0.75136507, 0.772928465], abs=1e-8)
    assert float(passed.losses) == pytest.approx(0.298371109, abs=1e-9)
    after = MAZUR.flat() - 0.5 * batch_gradient(MAZUR, AS_MAZUR, *MAZURS_BATCH)
    updated = SmallNet.of(after, MAZUR.sizes)
    assert updated.weight2.flatten().tolist() == pytest.approx(
        [0.35891648, 0.408666186, 0.511301270, 0.561370121], abs=1e-8
    )
    assert updated.weight1.flatten().tolist() == pytest.approx(
        [0.149780716, 0.19956143, 0.24975114, 0.29950229], abs=1e-8
    )


@settings(max_examples=20)
@given(SIZES, RULES, st.integers(0, 10_000))
def test_every_step_of_the_walk_is_the_sum_that_it_says(
    sizes: tuple[int, int, int], rules: Rules, seed: int
) -> None:
    net, inputs, targets = drawn(sizes, seed)
    passed = forward(net, rules, inputs, targets)
    back = backward(net, rules, inputs, targets, passed)
    values = named_values(net, rules, inputs, targets, passed, back, 1)
    steps = trace_example(sizes, rules, values)
    known = {name for name in values if name[0] in "xtWb" or name[1:2] == "′"}
    for step in steps:
        for line in step.lines:
            assert {name for term in line.terms for name, _ in term} <= known, line
            if not line.through:
                total = sum(math.prod(value for _, value in term) for term in line.terms)
                assert line.value == pytest.approx(total, abs=1e-10)
        known |= {line.name for line in step.lines}
    lines = [line.name for step in steps for line in step.lines]
    assert len(lines) == len(set(lines))
    assert {name for name in values if name[0] in "zhyL∂"} == set(lines)


def test_on_a_kink_there_is_no_derivative_to_compare() -> None:
    net = SmallNet.of(
        torch.tensor([0.5, -1, 1, 1, -0.5, 0, 1, -1, 0], dtype=torch.float64), (2, 2, 1)
    )
    inputs, targets = torch.tensor([[1.0, 0.0]]).double(), torch.tensor([[1.0]]).double()
    rules = Rules("relu")
    passed = forward(net, rules, inputs, targets)
    assert float(passed.sums1[0, 0]) == 0
    ours = backward(net, rules, inputs, targets, passed).of_parameters()[0]
    check = check_gradients(net, rules, inputs, targets, ours)
    names = parameter_names(net.sizes)
    kinked = [name for name, here in zip(names, check.kinked.tolist(), strict=True) if here]
    assert kinked == ["W1[0,0]", "b1[0]"]  # W1[0,1] sees an input of 0 and does not move it
    assert float(ours[names.index("W1[0,0]")]) == 0
    assert check.worst_autograd == 0
    assert check.worst_difference <= 1e-6


def test_what_overflows_is_refused_in_a_sentence() -> None:
    inputs, targets = first_batch((2, 2, 1), 4)
    net = first_net((2, 2, 1))
    huge = SmallNet.of(net.flat() * 1e200, net.sizes)
    with pytest.raises(InputError, match="64 bits"):
        check_finite(forward(huge, Rules("relu"), inputs, targets))
    found = descend(net, Rules("relu"), inputs, targets, 50.0, 100)
    assert found.overflowed
    assert 1 < len(found.losses) < 101
    assert bool(torch.isfinite(found.parameters).all() & torch.isfinite(found.losses).all())


def test_steps_follow_the_gradient_and_xor_is_learnt() -> None:
    inputs, targets = first_batch((2, 4, 1), 4)
    net, rules = first_net((2, 4, 1)), Rules("tanh")
    found = descend(net, rules, inputs, targets, 0.3, 200)
    assert not found.overflowed
    made = as_modules(net, rules)
    optimiser = torch.optim.SGD(made.parameters(), lr=0.3)
    for _ in range(3):
        optimiser.zero_grad()
        modules_loss(made, rules, inputs, targets).backward()
        optimiser.step()
    theirs = torch.cat([each.detach().flatten() for each in made.parameters()])
    torch.testing.assert_close(found.parameters[3], theirs, atol=1e-10, rtol=0)
    assert float(found.losses[-1]) < 0.1 * float(found.losses[0])
    gradient = batch_gradient(net, rules, inputs, targets)
    after = losses_by_rate(
        net, rules, inputs, targets, gradient, torch.tensor([0.3], dtype=torch.float64)
    )
    assert float(after) == pytest.approx(float(found.losses[1]), rel=1e-12)


@pytest.mark.parametrize(
    "name", ["x[2]", "W1[0,2]", "W1[0]", "h[2]", "y[1]", "L", "q[0]", "x[0,1]"]
)
def test_a_number_that_is_not_there_is_refused(name: str) -> None:
    net = first_net((2, 2, 1))
    with pytest.raises(InputError, match="no number"):
        check_name(name, net, Rules())


def test_probabilities_are_no_source() -> None:
    rules = replace(Rules(), loss="cross_entropy")
    with pytest.raises(InputError, match=r"z2\[0\]"):
        check_name("y[0]", first_net((2, 2, 1)), rules)
