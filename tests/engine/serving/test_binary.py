"""Typed binary: what is packed comes back, and a browser can lay typed arrays over it."""

import json

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from engine.serving.binary import pack, unpack

dtypes = st.sampled_from(["uint8", "int16", "int32", "float32", "float64"])
arrays = dtypes.flatmap(lambda d: hnp.arrays(d, hnp.array_shapes(min_dims=0, min_side=0)))


@given(st.dictionaries(st.text(min_size=1, max_size=5), arrays, max_size=4))
def test_round_trip(sent: dict[str, np.ndarray]) -> None:
    sent.pop("about", None)
    response = pack(sent, {"words": "특징"})
    received, about = unpack(bytes(response.body), response.headers["X-Arrays"])
    assert about == {"words": "특징"}
    assert received.keys() == sent.keys()
    for name, array in sent.items():
        assert received[name].dtype == array.dtype
        np.testing.assert_array_equal(received[name], array)


def test_every_entry_begins_at_a_multiple_of_eight_bytes() -> None:
    response = pack({"a": np.zeros(3, np.uint8), "b": np.arange(2, dtype=np.float64)}, {})
    assert np.frombuffer(bytes(response.body), np.float64, 2, 8).tolist() == [0.0, 1.0]
    shapes = [entry["shape"] for entry in json.loads(response.headers["X-Arrays"])]
    assert shapes == [[3], [2], [2]]


def test_what_a_browser_cannot_read_is_refused() -> None:
    with pytest.raises(TypeError, match="int64"):
        pack({"a": np.zeros(1, np.int64)})
    with pytest.raises(ValueError, match="Out of range float"):
        pack({}, {"value": float("nan")})
