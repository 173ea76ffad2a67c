"""What the files under artifacts/ must look like; content in, checked content or a ValueError out.

Whoever reads a file relies on these checks: a page never meets a missing key, a wrong type, a number out
of range, or figures that contradict each other. Whether the content is the published one, its SHA-256
tells; see `artifacts`. The errors are plain text that goes on after "The file is damaged: ".
"""

from fmnist.schema.arrays import check_confusions, check_garment_space, check_probabilities, parse_array
from fmnist.schema.models import check_models, compute_seal
from fmnist.schema.photos import check_photos
from fmnist.schema.runs import check_history, check_manifest
from fmnist.schema.values import parse_json

__all__ = [
    "check_confusions",
    "check_garment_space",
    "check_history",
    "check_manifest",
    "check_models",
    "check_photos",
    "check_probabilities",
    "compute_seal",
    "parse_array",
    "parse_json",
]
