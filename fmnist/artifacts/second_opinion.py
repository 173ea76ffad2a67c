"""The second opinion: a network from elsewhere, its licence, and what its classes mean, verified like a run.

The folder second_opinion/ holds second_opinion.json, which names the SHA-256 of the other files. models.json
names that of second_opinion.json, and holds the powers of the combination, which may change alone.
"""

from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from fmnist.artifacts import files
from fmnist.artifacts.root import Combination, SecondOpinionEntry, change_root, load_root, replace_root
from fmnist.artifacts.values import Line, Record, Sha256, Share, convert, parse_json
from fmnist.config import CLASS_NAMES
from fmnist.errors import ArtifactError

FORMAT = 1
_FOLDER, _MANIFEST, _MODEL, _LICENCE = "second_opinion", "second_opinion.json", "model.tflite", "LICENSE.txt"
_MOST_CLASSES = 100_000
_IMPORT = (
    "Restore it with `git checkout -- artifacts`, or import it again with "
    "`python -m fmnist import-second-opinion`."
)


class ImageNetClass(Record, frozen=True, kw_only=True):
    """A class of the network that names garments.

    Attributes:
        index: Its position among the network's outputs.
        name: What ImageNet calls it.
        garments: The share of its probability that goes to each of our classes, 0 to 1; at most 1 in all.
    """

    index: Annotated[int, Meta(ge=0, lt=_MOST_CLASSES)]
    name: Line
    garments: dict[str, Share]

    def __post_init__(self) -> None:
        """Raises ValueError for unknown garments, or for more than the whole."""
        if unknown := [name for name in self.garments if name not in CLASS_NAMES]:
            raise ValueError(f"{unknown[0][:40]!r} is none of the ten classes")
        if sum(self.garments.values()) > 1 + 1e-9:
            raise ValueError(f"the shares of {self.name} are more than 1 together")


class SecondOpinionManifest(Record, frozen=True, kw_only=True):
    """The content of second_opinion.json.

    Attributes:
        name: What the network is called.
        learned_from: The photos that it has learned from, in a few words.
        licence: The short name of the licence of its weights.
        package, version, package_sha256: The file from which the weights were taken.
        outputs: How many classes it knows.
        classes: Those that name garments.
        files: The SHA-256 of each other file of the folder.
    """

    name: Line
    learned_from: Line
    licence: Line
    package: Line
    version: Line
    package_sha256: Sha256
    outputs: Annotated[int, Meta(ge=1, le=_MOST_CLASSES)]
    classes: tuple[ImageNetClass, ...]
    files: dict[str, Sha256]

    def __post_init__(self) -> None:
        """Raises ValueError if a class is no output, or the files are not those that there must be."""
        if any(known.index >= self.outputs for known in self.classes):
            raise ValueError("a class is none of the outputs")
        if self.files.keys() != {_MODEL, _LICENCE}:
            raise ValueError(f"files must be {_MODEL} and {_LICENCE}")


@dataclass(frozen=True)
class SecondOpinionFiles:
    """The manifest, the content of the LiteRT file, and how to combine it with a model, if that is known."""

    manifest: SecondOpinionManifest
    model: bytes
    combination: Combination | None


def load_second_opinion() -> SecondOpinionFiles | None:
    """Loads the second opinion, or returns None if there is none.

    Raises:
        ArtifactError: If a file of it is missing or damaged.
    """
    entry = load_root().second_opinion
    if entry is None:
        return None
    path = files.at(_FOLDER, _MANIFEST)
    content = files.read(path, files.MAX_JSON_BYTES, _IMPORT)
    files.check_sum(path, content, entry.sha256, _IMPORT)
    with files.named(path, _IMPORT):
        manifest = _parse(content)
    model = files.at(_FOLDER, _MODEL)
    found = files.read(model, files.MAX_FILE_BYTES, _IMPORT)
    files.check_sum(model, found, manifest.files[_MODEL], _IMPORT)
    return SecondOpinionFiles(manifest, found, entry.combination)


def identify_second_opinion() -> str:
    """Identifies the second opinion and what vouches for it, without reading them."""
    names = (("models.json",), (_FOLDER, _MANIFEST), (_FOLDER, _MODEL))
    return " ".join(files.identify(files.at(*name)) for name in names)


def _parse(content: bytes) -> SecondOpinionManifest:
    parsed = parse_json(content)
    files.check_format(files.at(_FOLDER, _MANIFEST), parsed, FORMAT, "import it again")
    if isinstance(parsed, dict):
        parsed = {key: value for key, value in parsed.items() if key != "format"}
    return convert(parsed, SecondOpinionManifest)


def save_second_opinion(model: bytes, licence: str, values: dict[str, Any]) -> None:
    """Saves a second opinion in place of the one there was; how to combine it is then to be chosen again.

    Args:
        model: The content of the LiteRT file.
        licence: The text of the licence.
        values: Those of `SecondOpinionManifest` without files.

    Raises:
        ArtifactError: If models.json is damaged, or readers would refuse the values.
    """
    contents = {_MODEL: model, _LICENCE: licence.encode()}
    sums = {name: files.compute_sum(content) for name, content in contents.items()}
    manifest = files.encode({"format": FORMAT, **values, "files": sums})
    with files.explained("The second opinion cannot be saved"):
        _parse(manifest)
    with change_root() as root:
        files.at(_FOLDER).mkdir(exist_ok=True)
        for name, content in {**contents, _MANIFEST: manifest}.items():
            files.replace(files.at(_FOLDER, name), content)
        entry = SecondOpinionEntry(sha256=files.compute_sum(manifest))
        replace_root(msgspec.structs.replace(root, second_opinion=entry))


def save_combination(combination: Combination) -> None:
    """Saves how to combine the second opinion with a model.

    Raises:
        ArtifactError: If there is no second opinion, or models.json is damaged.
    """
    with change_root() as root:
        if root.second_opinion is None:
            raise ArtifactError("There is no second opinion: run `python -m fmnist import-second-opinion`.")
        entry = msgspec.structs.replace(root.second_opinion, combination=combination)
        replace_root(msgspec.structs.replace(root, second_opinion=entry))
