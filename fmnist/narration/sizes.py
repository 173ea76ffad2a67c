"""Words for the size of a difference in accuracy."""

_SLIGHT, _SMALL = 0.005, 0.015
"""Differences in accuracy, as fractions, up to which an effect counts as slight, or as small.

A different random seed alone may change the accuracy of a run by half a point; three times that is easy to
see.
"""


def name_size(difference: float) -> str:
    """Says how large a difference in accuracy is: "slightly", "a little" or "clearly"."""
    if abs(difference) < _SLIGHT:
        return "slightly"
    return "a little" if abs(difference) < _SMALL else "clearly"
