"""Settings for the whole suite: property tests are derandomised, so that a run can be repeated."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "fovea",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("fovea")
