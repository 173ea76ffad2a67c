"""The published models: names that point at runs, each with its description and its colour."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from fmnist.artifacts import files
from fmnist.artifacts.manifest import Manifest
from fmnist.artifacts.root import RESERVED_NAMES, ModelEntry, change_root, load_root, replace_root
from fmnist.artifacts.runs import MANIFEST, Run, identify_run, load_run
from fmnist.artifacts.values import Name, convert, show
from fmnist.errors import ArtifactError

# Okabe and Ito's palette, which stays distinct under every common form of colour blindness.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")


@dataclass(frozen=True)
class Model:
    """A published model: its entry in models.json and its run, so that nobody looks its name up again."""

    entry: ModelEntry
    run: Run

    @property
    def name(self) -> str:
        """Its name on pages and on the command line."""
        return self.entry.name

    @property
    def colour(self) -> str:
        """Its colour on every page, as #rrggbb."""
        return self.entry.colour

    @property
    def manifest(self) -> Manifest:
        """The manifest of its run."""
        return self.run.manifest


def list_models() -> list[ModelEntry]:
    """Lists the published models in their order; the first is the baseline.

    Raises:
        ArtifactError: If models.json is missing or damaged.
    """
    return list(load_root().models)


def load_entry(entry: ModelEntry) -> Model:
    """Loads the run that an entry of models.json points at.

    Raises:
        ArtifactError: If its manifest is missing or damaged.
    """
    run = load_run(entry.run, entry.run_sha256)
    if entry.run_sha256 is None and run.manifest.recipe != entry.name:
        raise ArtifactError(
            f"The model {entry.name} points at {run.name}, a run of {run.manifest.recipe}, and nothing "
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
    """Loads all published models, in order.

    Raises:
        ArtifactError: If one of them cannot be read.
    """
    return [load_entry(entry) for entry in list_models()]


def check_name(name: str) -> None:
    """Refuses a name that no model may have.

    Raises:
        ArtifactError: If it is one.
    """
    try:
        convert(name, Name)
    except ValueError as error:
        raise ArtifactError(
            "A name has at most 40 letters a to z, digits, - and _, and begins with a letter, as in "
            f"my-model. Received: {show(name)}."
        ) from error
    if name in RESERVED_NAMES:
        raise ArtifactError(f"A model may not be called {name}, which means every model.")


def identify_model(entry: ModelEntry) -> str:
    """Identifies an entry of models.json together with its run.json, without reading that file."""
    return f"{entry} {identify_run(entry.run)}"


def point(name: str, run: Run, description: str = "") -> Model:
    """Points a model name at a run; a new name gets a colour of its own and the description.

    Readers see the old run or the new one, never a mixture, even if this is interrupted.

    Raises:
        ArtifactError: If models.json or the run is damaged, or the name is not a valid model name.
    """
    with change_root() as root:
        # Inside the lock, so that the run cannot be deleted before the name points at it.
        run_sum = files.compute_sum(files.read(run.folder / MANIFEST, files.MAX_JSON_BYTES))
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


def unpublish(name: str) -> None:
    """Takes a model off the list; its run stays, and can be published again.

    The baseline stays, because the pages compare the others with it; point its name at another run instead.

    Raises:
        ArtifactError: If there is no such model, or it is the baseline.
    """
    with change_root() as root:
        entry = _find(root.models, name)
        if entry == root.models[0]:
            raise ArtifactError(
                f"The model {name} is the baseline, with which the others are compared, so it stays: publish "
                "another run under its name instead."
            )
        models = tuple(other for other in root.models if other.name != name)
        replace_root(msgspec.structs.replace(root, models=models))


def describe(name: str, description: str | None = None, colour: str | None = None) -> ModelEntry:
    """Changes the description and the colour of a published model; None leaves either unchanged.

    Raises:
        ArtifactError: If there is no such model, or the description or the colour is not valid.
    """
    changes = {"description": description, "colour": colour}
    changes = {key: value for key, value in changes.items() if value is not None}
    with change_root() as root:
        changed = msgspec.structs.replace(_find(root.models, name), **changes)
        models = tuple(changed if entry.name == name else entry for entry in root.models)
        replace_root(msgspec.structs.replace(root, models=models))
    return changed
