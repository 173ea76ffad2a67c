"""The box that a visitor draws around the garment: anything in, a sensible box or none out."""

from fmnist.preprocessing.facts import Box

WHOLE_PICTURE: Box = (0.0, 0.0, 1.0, 1.0)
LEAST_SIDE = 0.03  # of the picture; anything smaller was a click or a slip
_RIM = 0.005  # of the picture: this close to its border, the border is meant; half a step of a slider


def read_box(values: object) -> Box | None:
    """Makes a box of four numbers: within the picture, and in order even if they were not.

    Args:
        values: Left, top, right and bottom as shares of the picture; from a browser it may be anything.

    Returns:
        The box, rounded to thousandths, or None if the values are no box or a tiny one.
    """
    if not isinstance(values, list | tuple) or len(values) != 4 or not all(map(_is_number, values)):
        return None
    left, right = sorted(map(_snap, values[::2]))
    top, bottom = sorted(map(_snap, values[1::2]))
    return (left, top, right, bottom) if min(right - left, bottom - top) >= LEAST_SIDE else None


def find_pixels(shape: tuple[int, int], box: Box | None) -> tuple[slice, slice] | None:
    """Finds the rows and columns of a picture of (height, width) that a box covers.

    Returns:
        Rows and columns, at least one of each, or None without a box, and if it covers everything.
    """
    checked = read_box(box)
    if checked is None:
        return None
    left, top, right, bottom = checked
    rows, columns = _cover(top, bottom, shape[0]), _cover(left, right, shape[1])
    if (rows.stop - rows.start, columns.stop - columns.start) == shape:
        return None
    return rows, columns


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and value == value  # NaN differs from itself


def _snap(share: float) -> float:
    """Brings a share into the picture, and to its border if it is next to it."""
    inside = round(float(min(max(share, 0), 1)), 3)  # first into the range: an integer may be too large
    return 0.0 if inside <= _RIM else 1.0 if inside >= 1 - _RIM else inside


def _cover(first: float, last: float, side: int) -> slice:
    start = min(round(first * side), side - 1)
    return slice(start, max(round(last * side), start + 1))
