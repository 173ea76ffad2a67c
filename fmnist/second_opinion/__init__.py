"""A second opinion on photos, from a small network that has learned from a million photos.

The models get 784 pixels of a photo. This network gets all of it, in colour, and names one of the thousand
classes of ImageNet; a table says which garments these are. It answers under its own name. Beside that stands
the *combination*: its probabilities and those of one of the models, multiplied.
"""

from fmnist.second_opinion.combination import Weights, combine, fit_weights
from fmnist.second_opinion.garments import count_shares
from fmnist.second_opinion.opinion import SecondOpinion, load_second_opinion
from fmnist.second_opinion.views import SIDE, make_views

__all__ = [
    "SIDE",
    "SecondOpinion",
    "Weights",
    "combine",
    "count_shares",
    "fit_weights",
    "load_second_opinion",
    "make_views",
]
