"""Opens a run from a stranger, in a process of its own that may crash, hang or eat memory without harm.

`examine_run` starts it as `python -m fmnist.room.examiner` in an empty folder, with a zip on standard input.
Its answer on standard output is the reason for refusing the run, or nothing. It limits itself before it opens
anything.
"""

import os
import sys
from pathlib import Path

MAX_MEMORY = 8_000_000_000  # bytes of address space, of which TensorFlow reserves 3 billion on two cores
MAX_CPU_SECONDS = 120  # importing TensorFlow and both models take 8
MAX_FILE_BYTES = 100_000_000
_IMAGES = 16
_TOLERANCE = 1e-3  # between the answers of the two model files; rounding makes them differ by 1e-6


def _limit() -> None:
    try:
        import resource
    except ImportError:  # it exists on POSIX only; elsewhere the limit of time remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE_BYTES, MAX_FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def examine(content: bytes, folder: Path) -> None:
    """Opens all files of a run in a zip as those who use them do.

    Args:
        content: The zip.
        folder: An artifacts folder where the program looks now, and which may be lost.

    Raises:
        ArtifactError: If a file is not what it should be, or contradicts another.
    """
    import numpy as np

    from fmnist.artifacts import NOT_IMPORTED, unpack_run
    from fmnist.config import IMAGE_SIZE
    from fmnist.errors import ArtifactError
    from fmnist.inference import Classifier

    unpacked = unpack_run(content)
    unpacked.check()
    run = unpacked.write(folder / "runs" / unpacked.manifest.run)
    try:
        classifier = Classifier(run.read("litert"))
    except ArtifactError as error:
        raise ArtifactError(f"{NOT_IMPORTED} LiteRT cannot use its model.") from error
    try:
        model = run.load_keras()
    except ArtifactError as error:
        raise ArtifactError(
            f"{NOT_IMPORTED} Keras refuses to load its model, which is damaged or contains code."
        ) from error
    if model.count_params() != run.manifest.parameters:
        raise ArtifactError(f"{NOT_IMPORTED} its Keras model has another number of parameters than it says.")
    images = np.random.default_rng(0).integers(0, 256, (_IMAGES, IMAGE_SIZE, IMAGE_SIZE), np.uint8)
    try:
        apart = np.abs(np.asarray(model(images)) - classifier.predict_proba(images)).max()
    except Exception as error:  # Keras and NumPy raise nearly anything on inputs that do not fit
        raise ArtifactError(f"{NOT_IMPORTED} its Keras model is no classifier of 28x28 images.") from error
    if not apart < _TOLERANCE:  # holds for "not a number" too
        raise ArtifactError(f"{NOT_IMPORTED} its two models give different answers to the same images.")


def main() -> None:
    """Examines the run on standard input."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library's output must not mix with the answer

    from fmnist.errors import ArtifactError

    _limit()
    try:
        examine(sys.stdin.buffer.read(), Path.cwd())
    except ArtifactError as error:
        answers.write(str(error).encode())
    answers.close()


if __name__ == "__main__":
    main()
