"""A learner's expression: a small safe language, parsed by ``ast`` and never given to ``eval``.

Numbers, the names ``x`` and ``y``, + − * / **, a few functions of one number, ``max`` and ``min``
of two, and ``a if x > y else b``. It runs a line at a time, each line one operation, as eager
PyTorch does: at an ``if`` only the branch that is taken is executed at all.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from engine.errors import InputError
from engine.graphs.recording import Executed, Line, Recorder

MOST_OPERATIONS = 24
MOST_DEPTH = 12
NAMES = "abcdefghijklmnopqrstuvwz"  # of what the lines make; x and y are taken
FUNCTIONS: Mapping[str, Callable[..., Tensor]] = {
    "sin": torch.sin,
    "cos": torch.cos,
    "tanh": torch.tanh,
    "exp": torch.exp,
    "log": torch.log,
    "sqrt": torch.sqrt,
    "abs": torch.abs,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "max": torch.maximum,
    "min": torch.minimum,
}
_TWO = ("max", "min")
SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
DOES = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}
COMPARES = {
    ast.Gt: (">", operator.gt),
    ast.Lt: ("<", operator.lt),
    ast.GtE: (">=", operator.ge),
    ast.LtE: ("<=", operator.le),
}


def parse(text: str) -> ast.expr:
    """The expression as a tree of what is allowed.

    Raises:
        InputError: it is no expression, too long, or holds something else.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as fault:
        raise InputError("expression_malformed", text=text[:60]) from fault
    _check(tree, 0)
    count = sum(isinstance(n, ast.BinOp | ast.UnaryOp | ast.Call) for n in ast.walk(tree))
    if count > MOST_OPERATIONS:
        raise InputError("expression_too_long", most=MOST_OPERATIONS)
    return tree


def _check(node: ast.expr, depth: int) -> None:
    if depth > MOST_DEPTH:
        raise InputError("expression_too_long", most=MOST_OPERATIONS)
    match node:
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            parts = []
        case ast.Name(id="x" | "y"):
            parts = []
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            parts = [operand]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in SIGNS:
            parts = [left, right]
        case ast.Call(func=ast.Name(id=name), args=parts, keywords=[]) if name in FUNCTIONS:
            if len(parts) != (2 if name in _TWO else 1):
                raise InputError("expression_unknown", part=ast.unparse(node)[:40])
        case ast.IfExp(
            test=ast.Compare(left=left, ops=[compared], comparators=[right]),
            body=body,
            orelse=other,
        ) if type(compared) in COMPARES:
            parts = [left, right, body, other]
        case _:
            raise InputError("expression_unknown", part=ast.unparse(node)[:40])
    for part in parts:
        _check(part, depth + 1)


@dataclass
class _Run:
    """An execution: the names that are known, the lines so far, and how many names they gave."""

    record: Recorder
    known: dict[str, Tensor]
    lines: list[Line] = field(default_factory=list)
    made: int = 0

    def line(self, text: str, depth: int, ran: bool) -> None:
        self.record.line = len(self.lines)
        self.lines.append(Line(text, depth, ran))


def execute(text: str, x: float, y: float, record: Recorder) -> Executed:
    """Run an expression at two values, float64, one line an operation.

    Raises:
        InputError: as :func:`parse`; a division by zero, a number that is none (log of −1) or is
            too large; a result that depends on neither x nor y.
    """
    tree = parse(text)
    leaves = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=True)
        for name, value in (("x", x), ("y", y))
        if name in {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    }
    if not leaves:
        raise InputError("graph_without_gradient")
    run = _Run(record, dict(leaves))
    for name, value in (("x", x), ("y", y)):
        if name in leaves:
            run.lines.append(Line(f"{name} = tensor({value:g}, requires_grad=True)"))
    with record:
        _, result = _compute(tree, run, 0)
    if not isinstance(result, Tensor) or result.grad_fn is None:
        raise InputError("graph_without_gradient")
    return Executed(result, leaves, run.lines)


def _compute(node: ast.expr, run: _Run, depth: int) -> tuple[str, Tensor | float]:
    """Execute a part; the name of what came out, and the value."""
    match node:
        case ast.Constant(value=value):
            return f"{value:g}", float(value)  # type: ignore[arg-type,str-bytes-safe]
        case ast.Name(id=name):
            return name, run.known[name]
        case ast.IfExp():
            return _branch(node, run, depth)
        case ast.UnaryOp(operand=operand):
            name, value = _compute(operand, run, depth)
            return _made(run, depth, f"-{name}", lambda: -value)
        case ast.BinOp(left=left, op=op, right=right):
            (one, a), (other, b) = _compute(left, run, depth), _compute(right, run, depth)
            sign = SIGNS[type(op)]
            if sign == "/" and _number(b) == 0:
                raise InputError("expression_divides_by_zero", part=ast.unparse(node)[:40])
            return _made(run, depth, f"{one} {sign} {other}", lambda: DOES[sign](a, b))
        case ast.Call(func=ast.Name(id=function), args=args):
            found = [_compute(each, run, depth) for each in args]
            names = ", ".join(name for name, _ in found)
            given = [torch.as_tensor(value, dtype=torch.float64) for _, value in found]
            return _made(run, depth, f"{function}({names})", lambda: FUNCTIONS[function](*given))
    raise InputError("expression_unknown", part=ast.unparse(node)[:40])


def _number(value: Tensor | float) -> float:
    return value.item() if isinstance(value, Tensor) else value


def _made(
    run: _Run, depth: int, text: str, act: Callable[[], Tensor | float]
) -> tuple[str, Tensor | float]:
    name = NAMES[run.made]
    run.made += 1
    run.line(f"{name} = {text}", depth, True)
    try:
        value = act()
    except (OverflowError, ZeroDivisionError) as fault:  # of plain numbers, such as 9 ** 9 ** 9
        raise InputError("expression_no_number", part=text) from fault
    if isinstance(value, complex) or not math.isfinite(_number(value)):
        raise InputError("expression_no_number", part=text)
    return name, value


def _branch(node: ast.IfExp, run: _Run, depth: int) -> tuple[str, Tensor | float]:
    """``if``: the comparison gives a Python bool, and only one branch is executed."""
    assert isinstance(node.test, ast.Compare)
    sign, compare = COMPARES[type(node.test.ops[0])]
    one, a = _compute(node.test.left, run, depth)
    other, b = _compute(node.test.comparators[0], run, depth)
    taken = compare(_number(a), _number(b))
    run.line(f"if {one} {sign} {other}:  # {taken}", depth, True)
    if not taken:
        run.line(ast.unparse(node.body), depth + 1, False)
        run.line("else:", depth, True)
        return _taken(node.orelse, run, depth + 1)
    name, value = _taken(node.body, run, depth + 1)
    run.line("else:", depth, False)
    run.line(ast.unparse(node.orelse), depth + 1, False)
    return name, value


def _taken(branch: ast.expr, run: _Run, depth: int) -> tuple[str, Tensor | float]:
    name, value = _compute(branch, run, depth)
    if isinstance(branch, ast.Constant | ast.Name):  # no operation, so it has no line yet
        run.line(name, depth, True)
    return name, value
