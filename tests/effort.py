"""How often a test with random moments or random damage repeats: in full, or in part where time is short."""

import os

SHARE = float(os.environ.get("FMNIST_TEST_SHARE", "1"))


def part_of(count):
    """Returns the share of a count that is asked for, at least 1."""
    return max(1, round(SHARE * count))
