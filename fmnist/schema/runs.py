"""run.json and history.csv: the recipe, the network and the figures of a run."""

import math
from dataclasses import fields
from itertools import chain, pairwise

import numpy as np

from fmnist.config import NUM_CLASSES, AugmentationPolicy
from fmnist.schema.values import (
    COLOUR,
    COUNT,
    EPOCHS,
    FLAG,
    FOLDER,
    LINE,
    LIST,
    LOSS,
    MAX_EPOCHS,
    NAME,
    SECONDS,
    SHA256,
    SHARE,
    SIZE,
    TABLE,
    are_close,
    each,
    has,
    has_only,
    line,
    may_have,
    number,
    or_null,
    show,
    whole,
)

_MANIFEST = {
    "format": COUNT,
    "run": FOLDER,
    "model_name": NAME,
    "config": TABLE,
    "layers": LIST,
    "parameters": COUNT,
    "split_sizes": TABLE,
    "epochs_run": whole(1, MAX_EPOCHS),
    "kept_epoch": whole(1, MAX_EPOCHS),
    "seconds": SECONDS,
    "temperature": number(0.01, 100),
    "validation": TABLE,
    "test": TABLE,
    "files": each(SHA256),
}
_MANIFEST_EXTRAS = {
    "created": LINE,
    "seed": COUNT,
    "versions": each(LINE),
    "data_sha256": each(LINE),
    "split_sha256": LINE,
    "alarm": TABLE,
}
_CONFIG = {
    "model_name": NAME,
    "description": LINE,
    "colour": COLOUR,
    "seed": COUNT,
    "batch_size": SIZE,
    "learning_rate": LOSS,
    "decay": or_null(SHARE),
    "decay_patience": EPOCHS,
    "max_epochs": EPOCHS,
    "patience": EPOCHS,
    "augmentation": or_null(TABLE),
    "photo_share": SHARE,
    "batch_norm": FLAG,
    "dropout": SHARE,
    "label_smoothing": SHARE,
    "weight_decay": SHARE,
}
# No more than the sliders of the augmentation page can show.
_POLICY = {
    "flip": FLAG,
    "translation": number(0, 0.5),
    "rotation": number(0, 0.5),
    "zoom": number(0, 0.5),
    "contrast": number(0, 0.9),
}
_LAYER = {"name": line(100), "type": line(100), "output_shape": LIST, "parameters": COUNT}
_SPLIT = {"train": SIZE, "validation": SIZE, "test": SIZE}
_ALARM = {"threshold": number(0, 255), "false_alarms": SHARE, "caught": SHARE}
PART = {
    "size": SIZE,
    "accuracy": SHARE,
    "accuracy_interval": LIST,
    "loss": LOSS,
    "confusion_matrix": LIST,
    "wrong": LIST,
}
_PART_EXTRAS = {"ece": SHARE, "ece_calibrated": SHARE}

_Z = 1.959963984540054  # between minus and plus so many standard deviations lie 95 %


def check_manifest(manifest, model_name: str, run: str) -> dict:
    """Checks the content of a run.json of the format this program reads, and returns it.

    Args:
        manifest: The content.
        model_name, run: The model and the run folder it must belong to.
    """
    has(manifest, _MANIFEST, "the file")
    may_have(manifest, _MANIFEST_EXTRAS, "the file")
    if (manifest["model_name"], manifest["run"]) != (model_name, run):
        raise ValueError(f"it belongs to the run {manifest['run']} of {manifest['model_name']}")
    if manifest["kept_epoch"] > manifest["epochs_run"]:
        raise ValueError("kept_epoch lies outside the run")
    _check_config(manifest["config"], model_name)
    _check_layers(manifest["layers"], manifest["parameters"])
    sizes = has_only(manifest["split_sizes"], _SPLIT, "split_sizes")
    for part in ("validation", "test"):
        check_part(manifest[part], part)
        may_have(manifest[part], _PART_EXTRAS, part)
        if manifest[part]["size"] != sizes[part]:
            raise ValueError(f"the size of {part} is not the one in split_sizes")
    if "alarm" in manifest:
        has_only(manifest["alarm"], _ALARM, "alarm")
    return manifest


def _check_config(config, model_name):
    """Checks a recipe; an older one may lack what was not known then."""
    may_have(config, _CONFIG, "config")
    if config.get("model_name", model_name) != model_name:
        raise ValueError("config is of another model")
    if config.get("augmentation") is not None:
        # A transformation that came later is off by default, so an older policy need not name it.
        off = {field.name: field.default for field in fields(AugmentationPolicy) if not field.default}
        has_only(off | config["augmentation"], _POLICY, "augmentation")


def _check_layers(layers, parameters):
    for layer in layers:
        shape = has_only(layer, _LAYER, "a layer")["output_shape"]
        if not all(map(SIZE.holds, shape)):
            raise ValueError(f"the output_shape of a layer must hold sizes, received {show(shape)}")
    if sum(layer["parameters"] for layer in layers) != parameters:
        raise ValueError("its parameters are not those of its layers")


def check_part(metrics, part: str) -> None:
    """Checks what `evaluation.compute_metrics` returned; `part` names it in an error."""
    confusion, wrong = has(metrics, PART, part)["confusion_matrix"], metrics["wrong"]
    rows = [row for row in confusion if isinstance(row, list) and len(row) == NUM_CLASSES]
    if not len(rows) == len(confusion) == NUM_CLASSES:
        raise ValueError(f"the confusion matrix of {part} must be 10 x 10")
    if not all(map(COUNT.holds, chain(wrong, *rows))):
        raise ValueError(f"the counts of {part} must be whole numbers")
    right, size = sum(rows[label][label] for label in range(NUM_CLASSES)), metrics["size"]
    if sum(map(sum, rows)) != size or len(wrong) != size - right:
        raise ValueError(f"the counts of {part} contradict each other")
    if any(first >= second for first, second in pairwise([*wrong, size])):
        raise ValueError(f"the wrong answers of {part} must be rising positions below its size")
    if metrics["accuracy"] != right / size:
        raise ValueError(f"the accuracy of {part} contradicts its confusion matrix")
    interval = metrics["accuracy_interval"]
    if not all(map(SHARE.holds, interval)) or not are_close(interval, _wilson_interval(right, size)):
        raise ValueError(f"the interval of {part} contradicts its accuracy")


def _wilson_interval(right, size):
    """Computes the 95 % interval of a share; as SciPy does, which takes half a second to import."""
    middle, shrink = (right + _Z**2 / 2) / size, 1 + _Z**2 / size
    reach = _Z * math.sqrt(right * (size - right) / size + _Z**2 / 4) / size
    return [(middle - reach) / shrink, (middle + reach) / shrink]


def check_history(history, manifest: dict, columns: tuple[str, ...]):
    """Checks a training history, a pandas table of numbers, against its run, and returns it."""
    if tuple(history.columns) != columns:
        raise ValueError(f"its columns must be {', '.join(columns)}")
    if history["epoch"].tolist() != list(range(1, manifest["epochs_run"] + 1)):
        raise ValueError("its epochs are not those of the run")
    values = history.to_numpy(dtype=float)
    if not (np.isfinite(values).all() and (values >= 0).all()):
        raise ValueError("it holds values that are below zero or no numbers")
    if not (history[["accuracy", "val_accuracy"]] <= 1).all(axis=None):
        raise ValueError("its accuracies must lie between 0 and 1")
    return history
