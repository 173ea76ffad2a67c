"""The drawn samples as garments to be changed."""

import numpy as np

from fmnist import synthesis
from fmnist.pictures.samples import draw_samples

IMAGES = np.repeat(draw_samples(), 12, axis=0)
LABELS = np.repeat(np.arange(10), 12)


def extent(image):
    """Rows and columns that a garment covers."""
    rows, columns = np.nonzero(image > 0.5)
    return np.ptp(rows) + 1, np.ptp(columns) + 1


def take(label):
    """Cloth and mask of a garment of one class."""
    image = IMAGES[12 * label]
    return image.astype(np.float32) / 255, synthesis.threshold_garment(image)
