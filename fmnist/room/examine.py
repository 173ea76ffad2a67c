"""Having a run from a stranger examined, before anything of it is kept."""

import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from fmnist.artifacts import NOT_IMPORTED
from fmnist.errors import ArtifactError
from fmnist.words import printable

MAX_SECONDS = 180  # of wall time; the process's own limit on processor time is shorter
PATIENCE = 60  # seconds to wait for another import
_MAX_REASON = 400  # characters
_KEPT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "LANG", "KERAS_BACKEND")
"""The variables that the process may see: no passwords, no tokens, no home."""
_OWN = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
    "CUDA_VISIBLE_DEVICES": "-1",  # a GPU takes more addresses than the limit on memory allows
}
_FATAL = (
    f"{NOT_IMPORTED} opening its models crashes or takes longer than is safe, so one of them is damaged or "
    "forged."
)
_CROWDED = "Another run is being examined at the moment: try again in a minute."

_turn = threading.Lock()  # an examination takes 1 GB of memory


def examine_run(content: bytes) -> None:
    """Opens all of a run in a zip in a process with limits, the Keras model in safe mode; takes ten seconds.

    The answer of a process that a forged model has taken over cannot be trusted, but all it can say is that
    this model is fine.

    Raises:
        ArtifactError: If a file is not what it should be, or crashes the process, or too many are waiting.
    """
    if not _turn.acquire(timeout=PATIENCE):
        raise ArtifactError(_CROWDED)
    try:
        reason = _ask(content)
    finally:
        _turn.release()
    if reason:
        raise ArtifactError(reason)


def _ask(content: bytes) -> str:
    """Returns the reason for refusing a run; empty if there is none."""
    root = Path(__file__).resolve().parents[2]
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    with tempfile.TemporaryDirectory() as folder:
        places = {
            "PYTHONPATH": str(root),
            "FMNIST_ARTIFACTS_DIR": folder,
            "KERAS_HOME": folder,
            "HOME": folder,
        }
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-m", "fmnist.room.examiner"], input=content, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, cwd=folder, env={**kept, **_OWN, **places}, timeout=MAX_SECONDS,
                start_new_session=True, check=True,
            )  # fmt: skip
            return printable(done.stdout.decode()[:_MAX_REASON])
        except (subprocess.SubprocessError, UnicodeDecodeError):
            return _FATAL
        except OSError:  # the system cannot start another process
            return _CROWDED
