"""models.json: the published models, and the sums of the files it leads to."""

import hashlib
import json

from fmnist.schema.values import (
    COLOUR,
    COUNT,
    FOLDER,
    LINE,
    LIST,
    LOSS,
    NAME,
    SHA256,
    SHARE,
    TABLE,
    has,
    has_only,
    or_null,
    show,
)

_ROOT = {"models": LIST}
_SEAL = {"format": COUNT, "photos_sha256": or_null(SHA256), "sha256": SHA256}
_ENTRY = {"name": NAME, "run": FOLDER, "description": LINE, "colour": COLOUR, "report": or_null(TABLE)}
_SUM = {"run_sha256": SHA256}
_REPORT = {"test_accuracy": SHARE, "test_loss": LOSS}


def compute_seal(root: dict) -> str:
    """Computes what models.json must hold as `sha256`: the SHA-256 of everything else in it.

    It is taken of the canonical form, so that blanks and the order of names do not count.
    """
    rest = {key: value for key, value in root.items() if key != "sha256"}
    canonical = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def check_models(root) -> dict:
    """Checks the content of models.json and returns it.

    A file without a format and without sums is of format 1, which vouches for nothing.
    """
    has(root, _ROOT, "the file")
    is_sealed = not root.keys().isdisjoint(_SEAL)
    if is_sealed:
        has_only(root, _ROOT | _SEAL, "the file")
    for entry in root["models"]:
        what = f"the model {show(has(entry, {}, 'a model').get('name'))}"
        has_only({"report": None} | entry, _ENTRY | (_SUM if is_sealed else {}), what)
        if entry.get("report") is not None:
            has(entry["report"], _REPORT, f"the report of {what}")
    if len({entry["name"] for entry in root["models"]}) < len(root["models"]):
        raise ValueError("a model occurs twice")
    if is_sealed and root["sha256"] != compute_seal(root):
        raise ValueError("something in it was changed, for it no longer fits its own SHA-256")
    return root
