"""Synthetic images: imitations of prepared photos and drawings, and things other than garments.

NumPy and OpenCV only; the random generator decides everything. Runs depend on the order of its calls.
"""

from fmnist.synthesis.imitation import imitate, imitate_photos, shift_and_erase, threshold_garment
from fmnist.synthesis.strangers import draw_strangers

IMITATIONS = "4"
"""Which imitations these are. A run names those that it learned from, and only the same can repeat it; runs
that name none learned from the first. Any other order of the random numbers makes other imitations."""

__all__ = [
    "IMITATIONS",
    "draw_strangers",
    "imitate",
    "imitate_photos",
    "shift_and_erase",
    "threshold_garment",
]
