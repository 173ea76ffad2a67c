"""Changes artifacts as a forger or a wrong program would: with sums that fit."""

import hashlib
import json
from pathlib import Path

from fmnist import artifacts
from fmnist.artifacts.root import compute_seal


def compute_sum(path: Path) -> str | None:
    """Computes the SHA-256 of a file in hexadecimal; None where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def reseal() -> None:
    """Lets models.json vouch for itself and for whatever lies beside it now."""
    folder = artifacts.artifacts_dir()
    root = json.loads((folder / "models.json").read_text())
    for entry in root["models"]:
        entry["run_sha256"] = compute_sum(folder / "runs" / entry["run"] / "run.json")
    root["photos_sha256"] = compute_sum(folder / "photos.json")
    (folder / "models.json").write_text(json.dumps({**root, "sha256": compute_seal(root)}))


def edit(path: Path, *keys, value) -> None:
    """Sets a value deep in a JSON file, and lets models.json vouch for the result."""
    content = json.loads(path.read_text())
    inner = content
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    path.write_text(json.dumps(content))
    reseal()


def replace_file(run: artifacts.Run, kind: str, content: bytes) -> None:
    """Replaces a file of a run, and lets its manifest and models.json vouch for the result."""
    name = artifacts.RUN_FILES[kind].name
    (run.folder / name).write_bytes(content)
    edit(run.folder / "run.json", "files", name, value=hashlib.sha256(content).hexdigest())
