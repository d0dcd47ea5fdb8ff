"""Where nodes stand: below what they are computed from, and apart from one another."""

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.graphs.layout import apart, lay_out


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_drawing_goes_down_and_nothing_lies_on_anything(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 14))
    inputs = [
        data.draw(st.lists(st.integers(k + 1, count - 1), max_size=3)) if k < count - 1 else []
        for k in range(count)
    ]
    for k in range(1, count):  # all lead to the result
        if not any(k in each for each in inputs[:k]):
            inputs[k - 1].append(k)
    placed = lay_out(inputs)
    for node, sources in enumerate(inputs):
        assert all(placed.layer[source] < placed.layer[node] for source in sources)
    points = list(zip(placed.x, placed.layer, strict=True))
    points += [point for way in placed.ways.values() for point in way]
    for k, (x, layer) in enumerate(points):
        assert x >= 0
        assert all(abs(x - a) > 1 - 1e-9 for a, other in points[:k] if other == layer)


def test_places_apart_are_the_nearest() -> None:
    assert apart([0, 5]) == [0, 5]
    assert apart([3, 3]) == [2.5, 3.5]
