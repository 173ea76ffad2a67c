"""A worker of the room: opens one picture after another until its input ends.

Run as `python -m fmnist.room.worker`; it limits itself before it reads anything.
"""

import os
import sys

MAX_MEMORY = 800_000_000  # bytes of address space; an AVIF of 48 megapixels needs 790 million, a HEIC 700
MAX_CPU_SECONDS = 5  # per job; the largest picture needs 2
MAX_JOB_BYTES = 60_000_000  # a zip is the largest thing sent here


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # it exists on POSIX only; elsewhere the time limit remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow_cpu_seconds() -> None:
    """Lets the system end this process if the next job takes too long, even if the server is gone."""
    try:
        import resource
    except ImportError:
        return
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used) + MAX_CPU_SECONDS + 1, hard))


def main() -> None:
    """Answers jobs from standard input on standard output."""
    jobs, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library's output must not mix with the answers

    import cv2

    from fmnist.room import wire
    from fmnist.room.jobs import do

    cv2.setNumThreads(1)
    _limit_memory()
    while True:
        try:
            header, bodies = wire.receive(jobs, MAX_JOB_BYTES)
        except EOFError:
            return
        _allow_cpu_seconds()
        reply, parts = do(header, bodies)
        wire.send(answers, reply, *parts)


if __name__ == "__main__":
    main()
