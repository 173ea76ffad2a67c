"""The only room that knows the file names under artifacts/: load, verify and publish.

Readers follow models.json -> run.json -> files, and each names the SHA-256 of the next. A run never
changes once it is published; a model name points at a run. models.json holds

    format                      the version of its format
    models                      a `ModelEntry` for each model, in the order of the pages
    photos_sha256               of photos.json, or null if there is none
    second_opinion              about the second opinion, or null if there is none; see `second_opinion`
    sha256                      of all the rest of models.json; see `root.compute_seal`

This reveals a changed bit, a file from another run, or two runs that were swapped. It guards against damage
and mix-ups. It is not a signature: whoever can write models.json can vouch for anything. An older
models.json contains only `models`, without checksums. It is still read, the files it leads to are accepted
unchecked, and the next save converts it to this format.

A run is a folder with run.json, its `Manifest`, and the files in the table `kinds.RUN_FILES`. photos.json
holds the models' figures on a folder of photos; a new one is first written to photos.next.json. A sweep is a
folder with a table of its trials; see `sweeps`.
"""

from fmnist.artifacts.events import write_events
from fmnist.artifacts.files import artifacts_dir, sync_folder
from fmnist.artifacts.jobs import (
    JOB_FILES,
    hold,
    is_held,
    job_path,
    list_job_names,
    make_job,
    remove_job,
    remove_leftovers,
    replace_file,
    speeds_path,
    training_place,
    worker_log_path,
)
from fmnist.artifacts.kinds import HISTORY_COLUMNS, RUN_FILES, parse_array
from fmnist.artifacts.manifest import Layer, Manifest, Metrics
from fmnist.artifacts.notes import Note, load_notes, load_titles, save_note
from fmnist.artifacts.photos import (
    Band,
    Group,
    PhotoFigures,
    PhotosReport,
    SetFigures,
    identify_photos_report,
    load_photos_report,
    save_photos_report,
)
from fmnist.artifacts.publish import checkpoint_path, file_path, save_run, workspace, write_arrays
from fmnist.artifacts.registry import (
    PALETTE,
    Model,
    check_name,
    describe,
    identify_model,
    list_models,
    load_entry,
    load_model,
    load_models,
    point,
    unpublish,
)
from fmnist.artifacts.root import Combination, ModelEntry
from fmnist.artifacts.runs import Run, identify_run, list_runs, load_run, name_runs
from fmnist.artifacts.second_opinion import (
    ImageNetClass,
    SecondOpinionFiles,
    SecondOpinionManifest,
    identify_second_opinion,
    load_second_opinion,
    save_combination,
    save_second_opinion,
)
from fmnist.artifacts.store import delete_run, load_runs
from fmnist.artifacts.sweeps import (
    SWEEP_START,
    identify_sweep,
    keep_trial,
    list_sweeps,
    load_plan,
    load_sweep,
    load_trial,
    name_plan,
    read_trial_run,
    save_plan,
    save_sweep,
    sweep_workspace,
    trial_run_folder,
    trial_workspace,
    write_trial_run,
)
from fmnist.artifacts.transfer import NOT_IMPORTED, export_run, import_run, unpack_run
from fmnist.artifacts.trials import EpochRow, Sweep, Trial
from fmnist.artifacts.values import Folder, Name

__all__ = [
    "HISTORY_COLUMNS",
    "JOB_FILES",
    "NOT_IMPORTED",
    "PALETTE",
    "RUN_FILES",
    "SWEEP_START",
    "Band",
    "Combination",
    "EpochRow",
    "Folder",
    "Group",
    "ImageNetClass",
    "Layer",
    "Manifest",
    "Metrics",
    "Model",
    "ModelEntry",
    "Name",
    "Note",
    "PhotoFigures",
    "PhotosReport",
    "Run",
    "SecondOpinionFiles",
    "SecondOpinionManifest",
    "SetFigures",
    "Sweep",
    "Trial",
    "artifacts_dir",
    "check_name",
    "checkpoint_path",
    "delete_run",
    "describe",
    "export_run",
    "file_path",
    "hold",
    "identify_model",
    "identify_photos_report",
    "identify_run",
    "identify_second_opinion",
    "identify_sweep",
    "import_run",
    "is_held",
    "job_path",
    "keep_trial",
    "list_job_names",
    "list_models",
    "list_runs",
    "list_sweeps",
    "load_entry",
    "load_model",
    "load_models",
    "load_notes",
    "load_photos_report",
    "load_plan",
    "load_run",
    "load_runs",
    "load_second_opinion",
    "load_sweep",
    "load_titles",
    "load_trial",
    "make_job",
    "name_plan",
    "name_runs",
    "parse_array",
    "point",
    "read_trial_run",
    "remove_job",
    "remove_leftovers",
    "replace_file",
    "save_combination",
    "save_note",
    "save_photos_report",
    "save_plan",
    "save_run",
    "save_second_opinion",
    "save_sweep",
    "save_trial",
    "speeds_path",
    "sweep_workspace",
    "sync_folder",
    "training_place",
    "trial_run_folder",
    "trial_workspace",
    "unpack_run",
    "unpublish",
    "worker_log_path",
    "workspace",
    "write_arrays",
    "write_events",
    "write_trial_run",
]
