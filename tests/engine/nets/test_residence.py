"""Networks in residence: shared, bounded, loaded once, and never touched."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import nn

from engine.cache import Budget
from engine.errors import InputError
from engine.nets import catalog
from engine.nets.residence import Residence, count_bytes, residence

KIB = 1024


@pytest.fixture(autouse=True)
def _empty():
    residence.cache_clear()
    yield
    residence.cache_clear()


class Loader:
    """Makes networks of one KiB, and remembers for which names."""

    def __init__(self) -> None:
        self.loaded: list[str] = []

    def __call__(self, name: str) -> nn.Module:
        self.loaded.append(name)
        return nn.Linear(255 if name != "huge" else 4095, 1)


def test_an_empty_residence():
    house = Residence(Loader())
    assert house.list_names() == []
    assert house.count_bytes() == 0


def test_what_was_loaded_once_is_given_again():
    load = Loader()
    house = Residence(load)
    assert house.resident("a") is house.resident("a")
    assert load.loaded == ["a"]
    assert house.count_bytes() == KIB


def test_the_least_recently_used_goes_first():
    load = Loader()
    house = Residence(load, budget=Budget(3 * KIB))
    for name in ("a", "b", "c", "a", "d"):
        house.resident(name)
    assert house.list_names() == ["c", "a", "d"]
    assert house.count_bytes() == 3 * KIB
    house.resident("b")
    assert load.loaded == ["a", "b", "c", "d", "b"]
    assert house.list_names() == ["a", "d", "b"]


def test_one_that_is_too_large_stays_alone_and_yields_to_the_next():
    house = Residence(Loader(), budget=Budget(3 * KIB))
    for name in ("a", "b", "huge"):
        house.resident(name)
    assert house.list_names() == ["huge"]
    house.resident("a")
    assert house.list_names() == ["a"]


def test_many_who_ask_at_once_load_once():
    loaded = []

    def load(name: str) -> nn.Module:
        loaded.append(name)
        time.sleep(0.05)
        return nn.Linear(1, 1)

    house = Residence(load)
    with ThreadPoolExecutor(8) as pool:
        models = list(pool.map(house.resident, ["a", "b"] * 4))
    assert sorted(loaded) == ["a", "b"]
    assert len({id(model) for model in models}) == 2


def test_another_network_does_not_wait():
    release = threading.Event()

    def load(name: str) -> nn.Module:
        if name == "slow":
            assert release.wait(timeout=120)
        return nn.Linear(1, 1)

    house = Residence(load)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(house.resident, "slow")
        house.resident("fast")
        assert house.list_names() == ["fast"]
        release.set()
        assert isinstance(slow.result(), nn.Module)


def test_everyone_who_waits_for_a_failure_is_told():
    began = threading.Event()
    release = threading.Event()

    def load(name: str) -> nn.Module:
        began.set()
        assert release.wait(timeout=120)
        raise InputError("value_missing", name=name)

    house = Residence(load)
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(house.resident, "a")]
        assert began.wait(timeout=120)
        asked.append(pool.submit(house.resident, "a"))
        time.sleep(0.05)
        release.set()
        assert all(isinstance(call.exception(), InputError) for call in asked)


def test_a_failure_is_told_and_the_next_one_tries_again():
    attempts = []

    def load(name: str) -> nn.Module:
        attempts.append(name)
        if len(attempts) == 1:
            raise InputError("value_missing", name=name)
        return nn.Linear(1, 1)

    house = Residence(load)
    with pytest.raises(InputError):
        house.resident("a")
    assert house.list_names() == []
    assert isinstance(house.resident("a"), nn.Module)


def test_the_resident_mobilenet_is_read_only_and_counted_to_the_byte():
    model = residence().resident("mobilenet_v2")
    assert residence().resident("mobilenet_v2") is model
    assert not any(module.training for module in model.modules())
    assert not any(p.requires_grad for p in model.parameters())
    tensors = model.state_dict().values()
    assert count_bytes(model) == sum(t.untyped_storage().nbytes() for t in tensors)
    assert residence().count_bytes() == count_bytes(model)


def test_what_cannot_be_had_says_so_and_leaves_the_rest():
    residence().resident("mobilenet_v2")
    with pytest.raises(InputError, match="not on this computer"):
        residence().resident("vit_h_14")
    with pytest.raises(InputError, match="no classifier called"):
        residence().resident("no_such_net")
    assert residence().list_names() == ["mobilenet_v2"]


def test_a_private_copy_computes_the_same_and_can_be_hooked_alone():
    shared, private = residence().resident("mobilenet_v2"), residence().private_copy("mobilenet_v2")
    calls = []
    private.register_forward_hook(lambda *call: calls.append(call))
    batch = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        assert torch.equal(shared(batch), private(batch))
    assert len(calls) == 1
    ours = {p.data_ptr() for p in shared.parameters()}
    assert ours.isdisjoint(p.data_ptr() for p in private.parameters())


def test_gradients_reach_the_picture_through_a_private_copy():
    model = residence().private_copy("mobilenet_v2")
    batch = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    batch.requires_grad_()
    model(batch)[0, 967].backward()
    assert batch.grad is not None
    assert batch.grad.abs().sum() > 0


def test_the_device_that_has_no_room_is_a_sentence(monkeypatch):
    def no_room(self, *args, **kwargs):
        return torch.empty(2**52)

    monkeypatch.setattr(nn.Module, "to", no_room)
    monkeypatch.setattr(catalog, "load", lambda name: nn.Linear(1, 1))
    with pytest.raises(InputError, match="not enough memory"):
        residence().resident("mobilenet_v2")
