"""What property tests look at: the same examples each time, or at night others, and more of them.

HYPOTHESIS_PROFILE=nightly pytest …
"""

import os

from hypothesis import HealthCheck, settings

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"


def load() -> None:
    """Choose the profile for this process. A busy machine is no failure in either."""
    settings.register_profile("all", deadline=None, suppress_health_check=list(HealthCheck), derandomize=not NIGHTLY)
    settings.load_profile("all")
