"""models.json: the run that each published model points at, under a seal; replaced in one step."""

import contextlib
import json
import os
from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from fmnist.artifacts import files
from fmnist.artifacts.runs import MANIFEST
from fmnist.artifacts.values import (
    Colour,
    Folder,
    Loss,
    Name,
    Record,
    Sha256,
    Share,
    Size,
    convert,
    parse_json,
    show,
)

FORMAT = 2
"""Version of the format of models.json; format 1 did not state its version."""
RESERVED_NAMES = ("all", "combined", "second-opinion")
"""Names that mean something other than a model on pages and on the command line."""
_REMOVE = "Restore it with `git checkout -- artifacts`, or remove it and train the models again."


Power = Annotated[float, Meta(ge=0, le=10)]


class ReportFigures(Record, frozen=True, kw_only=True):
    """The course report's figures for the same recipe."""

    test_accuracy: Share
    test_loss: Loss


class ModelEntry(Record, frozen=True, kw_only=True):
    """An entry of models.json: a published model.

    Attributes:
        name: Its name on pages and on the command line.
        run: The run folder that the name points at.
        description: One line for readers.
        colour: Its colour on every page, as #rrggbb.
        report: The course report's figures for the same recipe, if there are any.
        run_sha256: The SHA-256 of the run's run.json, or None if an older models.json holds none.
    """

    name: Name
    run: Folder
    description: str
    colour: Colour
    report: ReportFigures | None = None
    run_sha256: Sha256 | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a reserved name."""
        if self.name in RESERVED_NAMES:
            raise ValueError(f"a model may not be called {show(self.name)}, which means something else")


class Combination(Record, frozen=True, kw_only=True):
    """How the second opinion is combined with a model; see `second_opinion.combine`.

    Attributes:
        model: The name of that model.
        run: The run that it was at the time; for another one the powers were not chosen.
        weights: The powers of the model, of the view of the photo's middle, and of the view of the garment.
        photos: How many labelled photos chose them.
    """

    model: Name
    run: Folder
    weights: tuple[Power, Power, Power]
    photos: Size


class SecondOpinionEntry(Record, frozen=True, kw_only=True):
    """What models.json says about the second opinion: the sum of second_opinion.json, how to combine it."""

    sha256: Sha256
    combination: Combination | None = None


class Root(Record, frozen=True, kw_only=True):
    """The content of models.json.

    Attributes:
        models: In the order of the pages; the first is the baseline.
        photos_sha256: The SHA-256 of photos.json, or None if there is none.
        second_opinion: About the second opinion, or None if there is none.
        sha256: See `compute_seal`; None in format 1, which vouches for nothing.
    """

    models: tuple[ModelEntry, ...]
    photos_sha256: Sha256 | None = None
    second_opinion: SecondOpinionEntry | None = None
    sha256: Sha256 | None = None


def compute_seal(root: dict[str, Any]) -> str:
    """Computes the `sha256` of models.json: the SHA-256 of everything else in it.

    It covers the canonical form, so that white space and the order of names do not matter.
    """
    rest = {key: value for key, value in root.items() if key != "sha256"}
    canonical = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return files.compute_sum(canonical.encode("ascii"))


def parse_root(content: Any) -> Root:
    """Turns the content of models.json into its typed form.

    A file without a format and without checksums has format 1, which vouches for nothing.

    Raises:
        ValueError: If a value is missing, unknown or of the wrong type, or the seal does not match.
    """
    sealed = ("format", "photos_sha256", "sha256")
    is_sealed = isinstance(content, dict) and not content.keys().isdisjoint(sealed)
    if is_sealed:
        if missing := [key for key in sealed if key not in content]:
            raise ValueError(f"the file lacks {missing[0]}")
        if type(content["format"]) is not int:
            raise ValueError(f"format of the file must be a whole number, received {show(content['format'])}")
        typed = convert({key: value for key, value in content.items() if key != "format"}, Root)
        for entry in typed.models:
            if entry.run_sha256 is None:
                raise ValueError(f"the model {show(entry.name)} lacks run_sha256")
    else:
        typed = convert(content, Root)
    if len({entry.name for entry in typed.models}) < len(typed.models):
        raise ValueError("a model occurs twice")
    if is_sealed and typed.sha256 != compute_seal(content):
        raise ValueError("something in it was changed, because it no longer matches its own SHA-256")
    return typed


def load_root() -> Root:
    """Loads models.json.

    Raises:
        ArtifactError: If it is missing or damaged.
    """
    path = files.at("models.json")
    content = files.read(path, files.MAX_JSON_BYTES)
    with files.named(path, _REMOVE):
        parsed = parse_json(content)
        files.check_format(path, parsed, FORMAT, "set FMNIST_ARTIFACTS_DIR to another folder")
        return parse_root(parsed)


@contextlib.contextmanager
def change_root() -> Iterator[Root]:
    """Yields the content of models.json, with all checksums, to be replaced; locks the file meanwhile.

    Missing checksums are computed from the files as they are.
    """
    locked = files.lock("models.lock", "The list of models is being changed")
    with locked, files.explained("The models cannot be listed"):
        root = load_root() if files.at("models.json").exists() else Root(models=())
        if root.sha256 is None:
            root = _add_sums(root)
        yield root


def _add_sums(root: Root) -> Root:
    models = []
    for entry in root.models:
        content = files.read(files.at("runs", entry.run, MANIFEST), files.MAX_JSON_BYTES)
        models.append(msgspec.structs.replace(entry, run_sha256=files.compute_sum(content)))
    photos, photos_sum = files.at("photos.json"), None
    if os.path.lexists(photos):
        photos_sum = files.compute_sum(files.read(photos, files.MAX_JSON_BYTES))
    return Root(models=tuple(models), photos_sha256=photos_sum)


def replace_root(root: Root) -> None:
    """Writes models.json with its seal; readers see the old file or the new one.

    Raises:
        ValueError: If readers would refuse it.
    """
    content = {"format": FORMAT, **msgspec.to_builtins(root)}
    content["sha256"] = compute_seal(content)
    parse_root(parse_json(files.encode(content)))
    files.replace(files.at("models.json"), files.encode(content))
