"""The only room that knows the file names under artifacts/: load, verify and publish.

Readers follow models.json -> run.json -> files, and each names the SHA-256 of the next. A run never
changes once it is published; a model name points at a run. models.json holds

    format                      the version of its format
    models                      a `ModelEntry` for each model, in the order of the pages
    photos_sha256               of photos.json, or null if there is none
    sha256                      of all the rest of models.json; see `root.compute_seal`

This reveals a changed bit, a file from another run, or two runs that were swapped. It guards against damage
and mix-ups. It is not a signature: whoever can write models.json can vouch for anything. An older
models.json contains only `models`, without checksums. It is still read, the files it leads to are accepted
unchecked, and the next save converts it to this format.

A run is a folder with run.json, its `Manifest`, and the files in the table `kinds.RUN_FILES`. photos.json
holds the models' figures on a folder of photos; a new one is first written to photos.next.json.
"""

from fmnist.artifacts.files import artifacts_dir, sync_folder
from fmnist.artifacts.kinds import HISTORY_COLUMNS, RUN_FILES
from fmnist.artifacts.manifest import Layer, Manifest, Metrics
from fmnist.artifacts.photos import (
    Band,
    Group,
    PhotoFigures,
    PhotosReport,
    identify_photos_report,
    load_photos_report,
    save_photos_report,
)
from fmnist.artifacts.publish import checkpoint_path, file_path, save_run, workspace, write_arrays
from fmnist.artifacts.registry import (
    Model,
    describe,
    identify_model,
    list_models,
    load_entry,
    load_model,
    load_models,
    point,
)
from fmnist.artifacts.root import ModelEntry
from fmnist.artifacts.runs import Run, list_runs, load_run

__all__ = [
    "HISTORY_COLUMNS",
    "RUN_FILES",
    "Band",
    "Group",
    "Layer",
    "Manifest",
    "Metrics",
    "Model",
    "ModelEntry",
    "PhotoFigures",
    "PhotosReport",
    "Run",
    "artifacts_dir",
    "checkpoint_path",
    "describe",
    "file_path",
    "identify_model",
    "identify_photos_report",
    "list_models",
    "list_runs",
    "load_entry",
    "load_model",
    "load_models",
    "load_photos_report",
    "load_run",
    "point",
    "save_photos_report",
    "save_run",
    "sync_folder",
    "workspace",
    "write_arrays",
]
