"""From any picture to the 28x28 image that a model sees, stage by stage; deterministic.

One mask step (where is the garment?) comes before one fit step (how does it fill 28x28?). The result
looks like the data set: the garment bright on a black ground, its longest side 28 pixels, centred.
Each stage records facts; `fmnist.narration` puts them into words.

Reference: Xiao, Rasul, Vollgraf 2017, arXiv 1708.07747, section 2.
"""

from fmnist.preprocessing.blob import is_disc, is_tiny, measure_roundness
from fmnist.preprocessing.box import LEAST_SIDE, WHOLE_PICTURE, read_box
from fmnist.preprocessing.facts import (
    AUTOMATIC,
    GROUNDS,
    WAYS,
    AsItIs,
    Box,
    Cropped,
    Facts,
    Fitted,
    Ground,
    Light,
    Lit,
    Mask,
    Masked,
    Origin,
    Preparation,
    Received,
    Settings,
    Stage,
)
from fmnist.preprocessing.fit import place
from fmnist.preprocessing.flow import prepare

__all__ = [
    "AUTOMATIC",
    "GROUNDS",
    "LEAST_SIDE",
    "WAYS",
    "WHOLE_PICTURE",
    "AsItIs",
    "Box",
    "Cropped",
    "Facts",
    "Fitted",
    "Ground",
    "Light",
    "Lit",
    "Mask",
    "Masked",
    "Origin",
    "Preparation",
    "Received",
    "Settings",
    "Stage",
    "is_disc",
    "is_tiny",
    "measure_roundness",
    "place",
    "prepare",
    "read_box",
]
