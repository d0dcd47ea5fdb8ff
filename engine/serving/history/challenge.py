"""The ImageNet challenge's winners by year: published figures, each with its source.

Top-5 error of classification on the test set, the winners' own training data alone ("provided data"
where the challenge had two tracks).
"""

from dataclasses import dataclass

HUMAN_ERROR_PERCENT = 5.1  # of one trained annotator on 1,500 pictures: Russakovsky et al. 2015
_RUSSAKOVSKY = ("Russakovsky et al. 2015, IJCV 115", "https://doi.org/10.1007/s11263-015-0816-y")


@dataclass(frozen=True)
class Winner:
    """Who won in a year.

    Attributes:
        year: of the challenge.
        team: as the challenge lists it.
        error_percent: top-5 error on the test set.
        learnt: features that were learnt by a deep network, not designed.
        source, url: where the figure is published.
        architecture: the network's name in :mod:`engine.nets.architectures` that is nearest to it;
            empty where there is none.
        title: what it is called.
    """

    year: int
    team: str
    error_percent: float
    learnt: bool
    source: str
    url: str
    architecture: str = ""
    title: str = ""


WINNERS = (
    Winner(2010, "NEC-UIUC", 28.2, False, *_RUSSAKOVSKY),
    Winner(2011, "XRCE", 25.8, False, *_RUSSAKOVSKY),
    Winner(2012, "SuperVision", 16.4, True, *_RUSSAKOVSKY, "alexnet", "AlexNet"),
    Winner(2013, "Clarifai", 11.7, True, *_RUSSAKOVSKY),
    Winner(2014, "GoogLeNet", 6.7, True, *_RUSSAKOVSKY, "googlenet", "GoogLeNet"),
    Winner(
        2015, "MSRA", 3.57, True, "He et al. 2016, CVPR", "https://doi.org/10.1109/CVPR.2016.90",
        "resnet152", "ResNet-152",
    ),
    Winner(
        2016, "Trimps-Soushen", 2.99, True, "ILSVRC 2016, results",
        "https://image-net.org/challenges/LSVRC/2016/results",
    ),
    Winner(
        2017, "WMW", 2.25, True, "Hu et al. 2018, CVPR", "https://doi.org/10.1109/CVPR.2018.00745",
        "", "SENet",
    ),
)  # fmt: skip


def winner_until(year: int) -> Winner:
    """The last winner up to a year; the first one where the challenge had not begun."""
    return max((each for each in WINNERS if each.year <= year), default=WINNERS[0], key=_year)


def _year(winner: Winner) -> int:
    return winner.year
