"""Pictures that no camera took: imitations of prepared photos and drawings, and other things than garments.

NumPy and OpenCV only; the random generator decides everything. The published runs depend on the order in
which it is asked.
"""

from fmnist.synthesis.imitation import imitate, imitate_photos, shift_and_erase, threshold_garment
from fmnist.synthesis.strangers import draw_strangers

__all__ = ["draw_strangers", "imitate", "imitate_photos", "shift_and_erase", "threshold_garment"]
