"""The errors a user may see. Each message is one sentence that a person can act on.

FmnistError
├── DataError           the data set is missing, damaged or cannot be downloaded
├── ArtifactError       a published model or one of its files is missing or damaged
├── InvalidImageError   a picture cannot be read, is too large or is not a picture
│   ├── CostlyImageError    opening it takes too long or crashes the program that opens it
│   └── NothingToSeeError   it was read, but shows nothing that could be a garment
└── TrainingError       a training run cannot start or finish
"""


class FmnistError(Exception):
    """Base class of all errors whose text is meant for the user."""


class DataError(FmnistError):
    """The data set is missing, damaged or cannot be downloaded."""


class ArtifactError(FmnistError):
    """A published model or one of its files is missing or damaged."""


class InvalidImageError(FmnistError):
    """A picture cannot be read, is too large or is not a supported picture."""


class CostlyImageError(InvalidImageError):
    """Opening a picture takes too long, or crashes the program that opens it."""


class NothingToSeeError(InvalidImageError):
    """A picture was read, but shows nothing that could be a garment: it is empty or one even surface."""


class TrainingError(FmnistError):
    """A training run cannot start or finish."""


class OtherPicturesError(ArtifactError):
    """A run answered other pictures than those of the data set; nothing is damaged."""
