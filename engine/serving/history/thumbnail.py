"""History on Home: how many stations each year has, over all years."""

import numpy as np

from engine.serving.history.contract import FIRST_YEAR, LAST_YEAR
from engine.serving.history.stations import list_stations
from engine.serving.thumbnail import Thumbnail


def thumbnail() -> Thumbnail:
    """A bar for every three years, as high as there are stations in them."""
    years = [station.year for station in list_stations()]
    counts, _ = np.histogram(years, bins=np.arange(FIRST_YEAR, LAST_YEAR + 4, 3))
    told = {"stations": len(years), "first": min(years), "last": max(years)}
    return Thumbnail(bars=counts / counts.max(), told=told)
