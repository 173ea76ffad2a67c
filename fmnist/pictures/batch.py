"""Many pictures at once, loose files or one zip from strangers: the bytes of each, or why it is refused.

Limits are checked here before anything is opened.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fmnist.errors import InvalidImageError
from fmnist.pictures.archive import MAX_MEMBERS, ZIP_START, Member, list_members, unpack_member
from fmnist.words import display_name

__all__ = ["MAX_MEMBERS", "MAX_PICTURES", "Item", "collect"]

MAX_PICTURES = 50


@dataclass(frozen=True)
class Item:
    """One picture of a batch: its name for display, and its bytes or why there are none.

    Attributes:
        file: The uploaded file: the picture itself, or the zip that holds it.
        member: Where and how it lies in the zip; None for a loose file.
        reason: Why it is refused, or empty.
    """

    name: str
    file: bytes = b""
    member: Member | None = None
    reason: str = ""

    @property
    def content(self) -> bytes:
        """Its bytes; for a member of a zip, the packed ones."""
        return self.member.packed(self.file) if self.member else self.file

    def unpack(self) -> bytes:
        """Returns the bytes of the picture.

        Raises:
            InvalidImageError: If it is refused, or damaged inside the zip.
        """
        if self.reason:
            raise InvalidImageError(self.reason)
        return unpack_member(self.content, **self.member.packing()) if self.member else self.content


def collect(
    files: list[tuple[str, bytes]], list_zip: Callable[[bytes], list[Member]] = list_members
) -> Iterator[Item]:
    """Lists the pictures of an upload: up to 50 loose files, or one zip.

    Args:
        files: Name and content of each uploaded file.
        list_zip: Reads the directory of a zip.

    Yields:
        An Item for each file or zip member, in order; a refused one has a reason.
    """
    if len(files) == 1 and files[0][1].startswith(ZIP_START):
        name, content = files[0]
        try:
            for member in list_zip(content):
                yield Item(member.name, content, member, member.reason)
        except InvalidImageError as error:
            yield Item(display_name(name), reason=str(error))
        return
    for index, (name, content) in enumerate(files):
        if index >= MAX_PICTURES:
            yield Item(display_name(name), reason=f"Only {MAX_PICTURES} pictures are answered at a time.")
        elif content.startswith(ZIP_START):
            yield Item(display_name(name), reason="A zip must be uploaded alone: remove the other files.")
        else:
            yield Item(display_name(name), content)
