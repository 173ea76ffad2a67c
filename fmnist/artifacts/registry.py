"""models.json: which run each published model points at. Read by everyone, replaced in one step."""

import contextlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from fmnist.artifacts import files
from fmnist.artifacts.manifest import Manifest
from fmnist.artifacts.runs import MANIFEST, Run, load_run
from fmnist.artifacts.values import (
    Colour,
    Folder,
    Loss,
    Name,
    Record,
    Sha256,
    Share,
    convert,
    parse_json,
    show,
)
from fmnist.errors import ArtifactError

FORMAT = 2
"""Version of the format of models.json; format 1 did not say so."""
RESERVED_NAMES = ("all",)
"""What pages and commands call something else than a model."""
# Okabe and Ito's palette, which stays distinct under every common colour blindness.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_REMOVE = "Restore it with `git checkout -- artifacts`, or remove it and train the models again."


class ReportFigures(Record, frozen=True, kw_only=True):
    """What the course report said of the same recipe."""

    test_accuracy: Share
    test_loss: Loss


class ModelEntry(Record, frozen=True, kw_only=True):
    """A line of models.json: a published model.

    Attributes:
        name: What pages and command line call it.
        run: The run folder the name points at.
        description: One line for the reader.
        colour: Its colour on every page, as #rrggbb.
        report: What the course report said of the same recipe, if it has it.
        run_sha256: The SHA-256 of the run's run.json, or None where an older models.json holds none.
    """

    name: Name
    run: Folder
    description: str
    colour: Colour
    report: ReportFigures | None = None
    run_sha256: Sha256 | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a name that means something else."""
        if self.name in RESERVED_NAMES:
            raise ValueError(f"a model may not be called {show(self.name)}, which means every model")


class Root(Record, frozen=True, kw_only=True):
    """The content of models.json.

    Attributes:
        models: In the order of the pages; the first is the baseline.
        photos_sha256: Of photos.json, or None where there is none.
        sha256: See `compute_seal`; None in format 1, which vouches for nothing.
    """

    models: tuple[ModelEntry, ...]
    photos_sha256: Sha256 | None = None
    sha256: Sha256 | None = None


@dataclass(frozen=True)
class Model:
    """A published model: its line in models.json and its run; its name need not be looked up again."""

    entry: ModelEntry
    run: Run

    @property
    def name(self) -> str:
        """What pages and command line call it."""
        return self.entry.name

    @property
    def colour(self) -> str:
        """Its colour on every page, as #rrggbb."""
        return self.entry.colour

    @property
    def manifest(self) -> Manifest:
        """What its run says of itself."""
        return self.run.manifest


def list_models() -> list[ModelEntry]:
    """Lists the published models in their order; the first is the baseline.

    Raises:
        ArtifactError: If models.json is missing or cannot be understood.
    """
    return list(load_root().models)


def load_entry(entry: ModelEntry) -> Model:
    """Loads the run that a line of models.json points at.

    Raises:
        ArtifactError: If its manifest is missing or damaged.
    """
    run = load_run(entry.run, entry.run_sha256)
    if entry.run_sha256 is None and run.manifest.recipe != entry.name:
        raise ArtifactError(
            f"The model {entry.name} points at a run of {run.manifest.recipe}, {run.name}, and nothing "
            f"vouches for that. {files.RESTORE}"
        )
    return Model(entry, run)


def load_model(name: str) -> Model:
    """Loads a published model by its name.

    Raises:
        ArtifactError: If there is no such model, or its manifest is missing or damaged.
    """
    return load_entry(_find(list_models(), name))


def _find(entries: Sequence[ModelEntry], name: str) -> ModelEntry:
    by_name = {entry.name: entry for entry in entries}
    if name not in by_name:
        raise ArtifactError(
            f"There is no model {name[:40]!r}. Published models: {', '.join(by_name) or 'none'}."
        )
    return by_name[name]


def load_models() -> list[Model]:
    """Loads every published model, in their order.

    Raises:
        ArtifactError: If one of them cannot be read.
    """
    return [load_entry(entry) for entry in list_models()]


def identify_model(entry: ModelEntry) -> str:
    """Tells a line of models.json and its run.json from any other, without reading the file."""
    return f"{entry} {files.identify(files.at('runs', entry.run, MANIFEST))}"


def point(name: str, run: Run, description: str = "") -> Model:
    """Lets a model name point at a run; a new name gets a colour of its own and the description.

    Readers see the old run or the new one, never a mixture, whenever this is interrupted.

    Raises:
        ArtifactError: If models.json or the run is damaged, or the name cannot be one.
    """
    run_sum = files.compute_sum(files.read(run.folder / MANIFEST, files.MAX_JSON_BYTES))
    with change_root() as root:
        entries = {entry.name: entry for entry in root.models}
        if name in entries:
            entry = msgspec.structs.replace(entries[name], run=run.name, run_sha256=run_sum)
        else:
            used = {entry.colour for entry in root.models}
            free = [colour for colour in PALETTE if colour not in used] or PALETTE
            entry = ModelEntry(
                name=name, run=run.name, description=description, colour=free[0], run_sha256=run_sum
            )
        entries[name] = entry
        replace_root(msgspec.structs.replace(root, models=tuple(entries.values())))
    return Model(entry, run)


def describe(name: str, description: str | None = None, colour: str | None = None) -> ModelEntry:
    """Changes what the pages say of a published model, and its colour; None leaves either as it is.

    Raises:
        ArtifactError: If there is no such model, or the words or the colour are none.
    """
    changes = {"description": description, "colour": colour}
    changes = {key: value for key, value in changes.items() if value is not None}
    with change_root() as root:
        changed = msgspec.structs.replace(_find(root.models, name), **changes)
        models = tuple(changed if entry.name == name else entry for entry in root.models)
        replace_root(msgspec.structs.replace(root, models=models))
    return changed


def compute_seal(root: dict[str, Any]) -> str:
    """Computes what models.json must hold as `sha256`: the SHA-256 of everything else in it.

    It is taken of the canonical form, so that blanks and the order of names do not count.
    """
    rest = {key: value for key, value in root.items() if key != "sha256"}
    canonical = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return files.compute_sum(canonical.encode("ascii"))


def parse_root(content: Any) -> Root:
    """Turns the content of models.json into its typed form.

    A file without a format and without sums is of format 1, which vouches for nothing.

    Raises:
        ValueError: If a value is missing, unknown or not of its type, or it does not fit its own seal.
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
        raise ValueError("something in it was changed, for it no longer fits its own SHA-256")
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
    """Gives the content of models.json, with all its sums, to whoever will replace it; locks it meanwhile.

    Where there are no sums yet, they are those of the files as they are.
    """
    from filelock import FileLock

    files.artifacts_dir().mkdir(parents=True, exist_ok=True)
    with FileLock(files.at("models.lock")), files.explained("The models cannot be listed"):
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
    """Writes models.json with its seal; readers see the old one or the new one.

    Raises:
        ValueError: If readers would refuse it.
    """
    content = {"format": FORMAT, **msgspec.to_builtins(root)}
    content["sha256"] = compute_seal(content)
    parse_root(parse_json(files.encode(content)))
    temporary = files.at(f".models.{os.getpid()}.json")
    files.write_synced(temporary, files.encode(content))
    files.sync_folder(files.artifacts_dir())  # what it leads to survives a loss of power before it does
    os.replace(temporary, files.at("models.json"))
    files.sync_folder(files.artifacts_dir())
