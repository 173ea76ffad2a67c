"""How much of the long tests is run: in full, or in part where time is short."""

import os

SHARE = float(os.environ.get("FMNIST_TEST_SHARE", "1"))
"""How often a test with random moments or random damage repeats, as a share of what it does in full."""
_PART, _PARTS = (int(number) for number in os.environ.get("FMNIST_TEST_PART", "1/1").split("/"))


def part_of(count):
    """Returns the share of a count that is asked for, at least 1."""
    return max(1, round(SHARE * count))


def choose_part(items):
    """Returns every second one where FMNIST_TEST_PART is 1/2, the others where it is 2/2, and so on."""
    return items[_PART - 1 :: _PARTS]
