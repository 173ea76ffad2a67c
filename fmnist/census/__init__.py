"""What is known of each validation and test image: its label, measures, its nearest training image.

A table shipped with the program, and no picture: whatever counts pictures (matrices, slices, comparisons)
works without the data set. `python -m fmnist take-census` computes it from the data set.
"""

from fmnist.census.measures import MEASURES, Measure, measure_images
from fmnist.census.names import Picture, name_picture, parse_picture
from fmnist.census.nearest import Nearest, find_nearest
from fmnist.census.table import PARTS, Census, load_census, save_census, take_census

__all__ = [
    "MEASURES",
    "PARTS",
    "Census",
    "Measure",
    "Nearest",
    "Picture",
    "find_nearest",
    "load_census",
    "measure_images",
    "name_picture",
    "parse_picture",
    "save_census",
    "take_census",
]
