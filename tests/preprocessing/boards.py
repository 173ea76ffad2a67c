"""Drawings for tests, as the board makes them: round strokes with soft edges, 280 x 280 pixels."""

import itertools

import cv2
import numpy as np

from fmnist.pictures.outlines import BOARD_SIZE, OUTLINES

WHITE, DETAIL, ERASED = 255, 48, 0  # the greys of the three brushes
_FINER = 4


def draw_board(*marks):
    """Draws marks one over another: uint8 `(280, 280)`.

    Args:
        marks: Each a `stroke` or an `area`.
    """
    board = np.zeros((BOARD_SIZE * _FINER,) * 2, np.uint8)
    for points, width, grey in marks:
        corners = np.round(np.array(points, float) * _FINER).astype(np.int32)
        if width is None:
            cv2.fillPoly(board, [corners], grey)
            continue
        cv2.polylines(board, [corners], False, grey, width * _FINER)
        for x, y in corners:  # round ends and joints
            cv2.circle(board, (int(x), int(y)), width * _FINER // 2, grey, cv2.FILLED)
    return cv2.resize(board, (BOARD_SIZE, BOARD_SIZE), interpolation=cv2.INTER_AREA)


def stroke(points, width, grey=WHITE):
    return points, width, grey


def area(points, grey=WHITE):
    return points, None, grey


def box(left, top, right, bottom):
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]


def disc(x, y, radius):
    angles = np.linspace(0, 2 * np.pi, 49)
    return np.column_stack([x + radius * np.cos(angles), y + radius * np.sin(angles)])


def trace(garment, width):
    """The strokes of a garment's outline, each closed."""
    return [stroke([*curve, curve[0]], width) for curve in OUTLINES[garment]]


def draw_by_hand(garment, width, gap=4, seed=1):
    """A garment's outline as an unsteady hand draws it: the ends of the line stay `gap` pixels apart."""
    random = np.random.default_rng(seed)
    strokes = []
    for curve in OUTLINES[garment]:
        points = _walk(curve)
        drift = np.cumsum(random.normal(0, 1, points.shape), axis=0)
        points += np.clip(drift - np.linspace(0, 1, len(points))[:, None] * drift[-1], -6, 6)
        far = np.hypot(*(points - points[0]).T) >= gap + width
        strokes.append(stroke(points[: 1 + np.flatnonzero(far).max()], width))
    return draw_board(*strokes)


def draw_in_two_strokes(garment, width):
    """A garment's outline in two strokes that miss each other by three pixels."""
    strokes = []
    for curve in OUTLINES[garment]:
        points = _walk(curve)
        half = len(points) // 2
        strokes += [stroke(points[: half + 1], width), stroke(points[half:] + 3, width)]
    return draw_board(*strokes)


def _walk(curve, step=2):
    """Points on a closed curve, about `step` pixels apart."""
    corners = np.array([*curve, curve[0]], float)
    points = []
    for one, other in itertools.pairwise(corners):
        count = max(1, round(np.hypot(*(other - one)) / step))
        points += [one + (other - one) * part / count for part in range(count)]
    return np.array(points)
