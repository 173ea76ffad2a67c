"""How a validation or test image is named in an address: test-1234."""

import re
from dataclasses import dataclass

from fmnist.census.table import PARTS

_NAME = re.compile(r"(validation|test)-(0|[1-9][0-9]{0,4})")


@dataclass(frozen=True)
class Picture:
    """A validation or test image: the part of the data set, and its position in it, from 0."""

    part: str
    index: int

    @property
    def name(self) -> str:
        """How an address names it, as in "test-1234"."""
        return name_picture(self.part, self.index)


def name_picture(part: str, index: int) -> str:
    """Names an image of a part, 'validation' or 'test', as in "test-1234"."""
    return f"{part}-{index}"


def parse_picture(text: str) -> Picture | None:
    """Finds the image that a text from outside names; returns None if it names none."""
    found = _NAME.fullmatch(text)
    if found is None or int(found[2]) >= PARTS[found[1]]:
        return None
    return Picture(found[1], int(found[2]))
