"""Synthetic images: imitations of prepared photos and drawings, and things other than garments.

NumPy and OpenCV only; the random generator decides everything. The published runs depend on the order of
its calls.
"""

from fmnist.synthesis.imitation import imitate, imitate_photos, shift_and_erase, threshold_garment
from fmnist.synthesis.strangers import draw_strangers

__all__ = ["draw_strangers", "imitate", "imitate_photos", "shift_and_erase", "threshold_garment"]
