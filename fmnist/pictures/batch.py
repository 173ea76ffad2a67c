"""Many pictures at once, loose files or one zip from strangers: the bytes of each, or why it is refused.

Limits are checked here before anything is opened.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from fmnist.errors import InvalidImageError
from fmnist.pictures.archive import MAX_MEMBERS, MAX_ZIP_BYTES, ZIP_START, Member, list_members, unpack_member
from fmnist.pictures.labels import MAX_LABEL_BYTES, Labels, is_labels_file, label_pictures, read_labels
from fmnist.words import display_name

__all__ = ["MAX_MEMBERS", "MAX_PICTURES", "MAX_ZIP_BYTES", "Batch", "Item", "collect"]

MAX_PICTURES = 50


@dataclass(frozen=True)
class Item:
    """One picture of a batch: its name for display, and its bytes or why there are none.

    Attributes:
        file: The uploaded file: the picture itself, or the zip that holds it.
        member: Where and how it lies in the zip; None for a loose file.
        reason: Why it is refused, or empty.
        path: Its name as it came, with its folders in a zip; not safe to show.
        true_class: The index of its class, if the batch has a label for it.
    """

    name: str
    file: bytes = b""
    member: Member | None = None
    reason: str = ""
    path: str = ""
    true_class: int | None = None

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


@dataclass(frozen=True)
class Batch:
    """The pictures of an upload.

    Attributes:
        items: In order; a refused one has a reason.
        left_out: How many pictures came beyond MAX_PICTURES, and are no items.
        labels: What the labels file says, if there is one.
        unmatched: How many of its lines name no picture.
    """

    items: list[Item]
    left_out: int = 0
    labels: Labels | None = None
    unmatched: int = 0


def collect(
    files: list[tuple[str, bytes]], list_zip: Callable[[bytes], list[Member]] = list_members
) -> Batch:
    """Lists the pictures of an upload, up to 50 loose files or one zip, with the labels they came with.

    Args:
        files: Name and content of each uploaded file.
        list_zip: Reads the directory of a zip.
    """
    found = [_describe(name, content) for name, content in files]
    loose = [item for item in found if not is_labels_file(item.path)]
    if len(loose) == 1 and loose[0].file.startswith(ZIP_START):
        members = _open_zip(loose[0], list_zip)
        pictures = [item for item in members if not is_labels_file(item.path)]
        left_out, found = 0, found + members
    else:
        pictures = [_refuse_zip(item) for item in loose[:MAX_PICTURES]]
        left_out = len(loose) - len(pictures)
    file = next((item for item in found if is_labels_file(item.path)), None)
    labels = _read_labels(file) if file else None
    classes, unmatched = label_pictures([item.path for item in pictures], labels)
    items = [replace(item, true_class=index) for item, index in zip(pictures, classes, strict=True)]
    return Batch(items, left_out, labels, unmatched)


def _describe(name: str, content: bytes) -> Item:
    return Item(display_name(name), content, path=name)


def _open_zip(file: Item, list_zip: Callable[[bytes], list[Member]]) -> list[Item]:
    try:
        return [
            Item(member.name, file.file, member, member.reason, member.path) for member in list_zip(file.file)
        ]
    except InvalidImageError as error:
        return [replace(file, file=b"", reason=str(error))]


def _refuse_zip(item: Item) -> Item:
    if not item.file.startswith(ZIP_START):
        return item
    return replace(item, file=b"", reason="A zip must be uploaded alone: remove the other files.")


def _read_labels(item: Item) -> Labels:
    """Reads a labels file; one in a zip is unpacked here, since its size is limited and it is only text."""
    size = item.member.size if item.member else len(item.file)
    if size > MAX_LABEL_BYTES:
        return Labels(item.name, fault=f"{item.name} is larger than {MAX_LABEL_BYTES // 1_000_000} MB.")
    try:
        return read_labels(item.path, item.unpack())
    except InvalidImageError as error:
        return Labels(item.name, fault=f"{item.name} cannot be used. {error}")
