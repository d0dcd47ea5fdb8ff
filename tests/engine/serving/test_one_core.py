"""Small computations on one core: there, and nowhere else."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from engine.serving.one_core import on_one_core


def test_one_core_there_and_as_many_as_before_elsewhere() -> None:
    before = torch.get_num_threads()
    assert on_one_core(torch.get_num_threads) == 1
    assert torch.get_num_threads() == before
    with ThreadPoolExecutor(1) as fresh:
        assert fresh.submit(torch.get_num_threads).result() == before
    assert on_one_core(torch.get_num_threads) == 1


def test_arguments_go_in_and_results_and_errors_come_out() -> None:
    weight, picture = torch.rand(2, 1, 3, 3), torch.rand(1, 1, 5, 5)
    result = on_one_core(torch.conv2d, picture, weight, stride=2)
    torch.testing.assert_close(result, torch.conv2d(picture, weight, stride=2))
    with pytest.raises(ZeroDivisionError):
        on_one_core(divmod, 1, 0)
