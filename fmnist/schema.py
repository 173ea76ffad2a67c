"""What models.json, run.json, history.csv and photos.json must look like; content in, ValueError out.

Whoever reads a file relies on these checks: a page never meets a missing key, a wrong type or a
number that is none. Only names and shapes are checked here; that the content is the published one is
shown by its SHA-256.
"""

import json
import math
import re
from dataclasses import fields

import numpy as np

from fmnist.config import CLASS_NAMES, IMAGE_SIZE, NUM_CLASSES, AugmentationPolicy

MAX_JSON_BYTES = 5_000_000

_NUMBER = (int, float)
_ENTRY = {"name": str, "run": str, "description": str, "colour": str}
_REPORT = {"test_accuracy": _NUMBER, "test_loss": _NUMBER}
_MANIFEST = {
    "format": int,
    "run": str,
    "model_name": str,
    "config": dict,
    "layers": list,
    "parameters": int,
    "split_sizes": dict,
    "epochs_run": int,
    "kept_epoch": int,
    "seconds": _NUMBER,
    "temperature": _NUMBER,
    "validation": dict,
    "test": dict,
    "files": dict,
}
_ALARM = {"threshold": _NUMBER, "false_alarms": _NUMBER, "caught": _NUMBER}
_LAYER = {"name": str, "type": str, "output_shape": list, "parameters": int}
_PART = {
    "size": int,
    "accuracy": _NUMBER,
    "accuracy_interval": list,
    "loss": _NUMBER,
    "confusion_matrix": list,
    "wrong": list,
}
_PHOTOS = {
    "format": int,
    "photos": int,
    "left_out": int,
    "runs": dict,
    "min_class_photos": int,
    "macro_classes": int,
    "variants": dict,
}
_FIGURES = {
    **_PART,
    "per_class": dict,
    "per_background": dict,
    "by_confidence": list,
    "calibration": dict,
}
_SHARE = {"photos": int, "accuracy": _NUMBER}
_BAND = {"low": _NUMBER, "high": _NUMBER, **_SHARE}
_CALIBRATION = {"ece": _NUMBER, "mean_confidence": _NUMBER}


def parse_json(content: bytes):
    """Parses JSON of bounded size whose numbers are all finite."""

    def refuse(constant):
        raise ValueError(f"it holds {constant}, which is no number")

    if len(content) > MAX_JSON_BYTES:
        raise ValueError(f"it has more than {MAX_JSON_BYTES // 1_000_000} MB")
    return json.loads(content, parse_constant=refuse)


def check_models(content) -> list[dict]:
    """Checks the content of models.json and returns its entries."""
    entries = _has(content, {"models": list}, "the file")["models"]
    for entry in entries:
        name = _has(entry, _ENTRY, "a model")["name"]
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", name):
            raise ValueError(f"{name!r} is no name for a model")
        if not re.fullmatch(r"#[0-9A-Fa-f]{6}", entry["colour"]):
            raise ValueError(f"the colour of {name} must be written as #rrggbb")
        if not re.fullmatch(r"[\w-]{1,80}", entry["run"]):
            raise ValueError(f"the run of {name} is no folder name")
        if entry.get("report") is not None:
            _has(entry["report"], _REPORT, f"the report of {name}")
        if extra := set(entry) - {*_ENTRY, "report"}:
            raise ValueError(f"{name} has unknown entries: {', '.join(sorted(extra))}")
    if len({entry["name"] for entry in entries}) < len(entries):
        raise ValueError("a name occurs twice")
    return entries


def check_manifest(manifest) -> dict:
    """Checks the content of a run.json of the format this program reads, and returns it."""
    _has(manifest, _MANIFEST, "the file")
    if not 1 <= manifest["kept_epoch"] <= manifest["epochs_run"]:
        raise ValueError("kept_epoch lies outside the run")
    if not manifest["temperature"] > 0:
        raise ValueError("temperature must be above zero")
    for layer in manifest["layers"]:
        _has(layer, _LAYER, "a layer")
    for part in ("validation", "test"):
        _check_part(_has(manifest[part], _PART, part), part)
    if "alarm" in manifest and set(_has(manifest["alarm"], _ALARM, "alarm")) != set(_ALARM):
        raise ValueError("alarm has unknown entries")
    if set(manifest["split_sizes"]) != {"train", "validation", "test"}:
        raise ValueError("split_sizes must name train, validation and test")
    policy = manifest["config"].get("augmentation")
    if policy is not None:
        _has(policy, {field.name: (*_NUMBER, bool) for field in fields(AugmentationPolicy)}, "augmentation")
    if not all(isinstance(value, str) for value in manifest["files"].values()):
        raise ValueError("files must hold a SHA-256 for each name")
    return manifest


def check_garment_space(space: np.ndarray) -> np.ndarray:
    """Checks what an alarm measures with: float `(1 + k, 784)`, all numbers; returns it."""
    if space.ndim != 2 or space.shape[1] != IMAGE_SIZE**2 or len(space) < 2 or space.dtype.kind != "f":
        raise ValueError("it must hold pictures of 784 numbers")
    if not np.isfinite(space).all():
        raise ValueError("it holds values that are no numbers")
    return space


def check_history(history, manifest: dict, columns: tuple[str, ...]):
    """Checks a training history, a pandas table, against its run, and returns it."""
    if tuple(history.columns) != columns:
        raise ValueError(f"its columns must be {', '.join(columns)}")
    if history["epoch"].tolist() != list(range(1, manifest["epochs_run"] + 1)):
        raise ValueError("its epochs are not those of the run")
    if not np.isfinite(history.to_numpy(dtype=float)).all():
        raise ValueError("it holds values that are no numbers")
    return history


def check_photos(report) -> dict:
    """Checks the content of a photos.json of the format this program reads, and returns it."""
    _has(report, _PHOTOS, "the file")
    runs, variants = report["runs"], report["variants"]
    if not runs or not all(isinstance(run, str) for run in runs.values()):
        raise ValueError("runs must hold a run for each model")
    if not variants:
        raise ValueError("it holds no variant")
    alarmed = report.get("alarmed", "missing")
    if alarmed is not None and not 0 <= _has(report, {"alarmed": _NUMBER}, "the file")["alarmed"] <= 1:
        raise ValueError("alarmed must lie between 0 and 1")
    for variant, by_model in variants.items():
        if set(_has(by_model, {}, variant)) != set(runs):
            raise ValueError(f"the models of {variant} are not those of runs")
        for name, figures in by_model.items():
            _check_figures(figures, f"{variant}, {name}", report["photos"], report["macro_classes"])
    return report


def _check_figures(figures, part, photos, macro_classes):
    """Checks the figures of one model and variant; `part` names them in an error."""
    _check_part(_has(figures, _FIGURES, part), part)
    if figures["size"] != photos:
        raise ValueError(f"{part} is of another number of photos")
    bands = [_has(band, _BAND, part) for band in figures["by_confidence"]]
    if sum(band["photos"] for band in bands) != photos:
        raise ValueError(f"the confidences of {part} are of another number of photos")
    shares = [*figures["per_class"].values(), *figures["per_background"].values(), *bands]
    calibration = _has(figures["calibration"], _CALIBRATION, part)
    fractions = [figures["accuracy"], *(calibration[key] for key in _CALIBRATION)]
    fractions += [_has(share, _SHARE, part)["accuracy"] for share in shares]
    if macro_classes:
        fractions.append(_has(figures, {"macro_accuracy": _NUMBER}, part)["macro_accuracy"])
    elif "macro_accuracy" not in figures or figures["macro_accuracy"] is not None:
        raise ValueError(f"{part} has a macro accuracy over no class")
    if not all(0 <= fraction <= 1 for fraction in fractions):
        raise ValueError(f"the fractions of {part} must lie between 0 and 1")
    support = np.sum(figures["confusion_matrix"], axis=1)
    counted = {CLASS_NAMES[label]: int(support[label]) for label in np.flatnonzero(support)}
    if {name: share["photos"] for name, share in figures["per_class"].items()} != counted:
        raise ValueError(f"the classes of {part} contradict the confusion matrix")


def _check_part(metrics, part):
    confusion = np.array(metrics["confusion_matrix"], dtype=object)
    if confusion.shape != (NUM_CLASSES, NUM_CLASSES):
        raise ValueError(f"the confusion matrix of {part} must be 10 x 10")
    counts = [*confusion.flat, *metrics["wrong"]]
    if not all(isinstance(count, int) and count >= 0 for count in counts):
        raise ValueError(f"the counts of {part} must be whole numbers")
    if confusion.sum() != metrics["size"] or len(metrics["wrong"]) != metrics["size"] - confusion.trace():
        raise ValueError(f"the counts of {part} contradict each other")
    interval = metrics["accuracy_interval"]
    if len(interval) != 2 or not all(isinstance(bound, _NUMBER) for bound in interval):
        raise ValueError(f"the interval of {part} must be two numbers")


def _has(content, kinds, what):
    """Checks that `content` is a dict with the keys of `kinds`, each of its kind, and returns it."""
    if not isinstance(content, dict):
        raise ValueError(f"{what} must be a set of named values")
    for key, kind in kinds.items():
        value = content.get(key)
        is_bool = isinstance(value, bool) and bool not in (kind if isinstance(kind, tuple) else (kind,))
        if not isinstance(value, kind) or is_bool:
            raise ValueError(f"{what} lacks a proper value for {key}")
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{key} is no finite number")
    return content
