"""The data set's own rules, and normalisation against plain floating-point arithmetic."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.transforms.v2.functional import normalize, to_dtype

from engine.data.data_set import (
    DataSet,
    Normalisation,
    denormalise,
    measure_normalisation,
    normalise,
)


def random_images(n: int, channels: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    shape = (n, 5, 7, channels)
    return torch.randint(0, 256, shape, generator=generator, dtype=torch.uint8)


def make_set(**changed: object) -> DataSet:
    parts: dict = {
        "name": "x",
        "images": random_images(4, 3),
        "targets": torch.tensor([0, 1, 1, 0]),
        "classes": ("a", "b", "c"),
        "origin": "here",
    }
    return DataSet(**{**parts, **changed})


def test_counts_of_classes_hold_those_that_do_not_occur() -> None:
    assert make_set().count_classes().tolist() == [2, 2, 0]
    assert len(make_set()) == 4


@pytest.mark.parametrize(
    "changed",
    [
        {"images": torch.zeros(4, 5, 7, 3)},
        {"images": torch.zeros(4, 5, 7, dtype=torch.uint8)},
        {"targets": torch.tensor([0, 1])},
        {"targets": torch.tensor([0, 1, 1, 3])},
        {"targets": torch.tensor([0, 1, 1, -1])},
        {"targets": torch.zeros(4)},
    ],
)
def test_what_is_no_data_set_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must"):
        make_set(**changed)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_set_lives_on_the_gpu_and_its_batches_too() -> None:
    moved = make_set().to(torch.device("cuda"))
    assert moved.images.is_cuda
    assert moved.targets.is_cuda
    measured = measure_normalisation(moved.images, torch.tensor([0, 2]))
    assert measured == measure_normalisation(make_set().images, torch.tensor([0, 2]))
    batch = normalise(moved.images, measured)
    assert batch.is_cuda
    torch.testing.assert_close(batch.cpu(), normalise(make_set().images, measured))


@given(st.integers(1, 20), st.sampled_from([1, 3]), st.integers(0, 99))
def test_mean_and_deviation_are_those_of_the_floats(n: int, channels: int, seed: int) -> None:
    images = random_images(n, channels, seed)
    values = images.double().div(255).flatten(0, 2)
    found = measure_normalisation(images)
    assert found.mean == pytest.approx(values.mean(0).tolist())
    assert found.std == pytest.approx(values.std(0, correction=0).tolist())


def test_only_the_chosen_pictures_are_measured_and_in_any_chunks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    images, chosen = random_images(30, 3), torch.tensor([3, 29, 4, 8, 9])
    expected = measure_normalisation(images[chosen])
    assert measure_normalisation(images, chosen) == expected
    monkeypatch.setattr("engine.data.data_set._CHUNK", 2)
    assert measure_normalisation(images, chosen) == expected


def test_a_flat_channel_divides_by_one() -> None:
    flat = torch.full((2, 3, 3, 1), 51, dtype=torch.uint8)
    found = measure_normalisation(flat)
    assert found == Normalisation((0.2,), (1.0,))
    assert normalise(flat, found).abs().max() == 0


@pytest.mark.parametrize("n", [0, 1, 6])
def test_normalising_is_what_torchvision_does(n: int) -> None:
    images, wanted = random_images(n, 3), Normalisation((0.4, 0.5, 0.6), (0.2, 0.25, 0.3))
    floats = to_dtype(images.permute(0, 3, 1, 2), torch.float32, scale=True)
    batch = normalise(images, wanted)
    torch.testing.assert_close(batch, normalize(floats, list(wanted.mean), list(wanted.std)))
    assert batch.is_contiguous()
    assert torch.equal(denormalise(batch, wanted), images)


def test_the_training_part_comes_out_with_mean_0_and_deviation_1() -> None:
    images = random_images(50, 3)
    batch = normalise(images, measure_normalisation(images))
    assert batch.mean((0, 2, 3)).abs().max() < 1e-5
    assert (batch.std((0, 2, 3), correction=0) - 1).abs().max() < 1e-5
