"""The engine on Ray: the same trials on the machines of a cluster, or as workers on this one.

The driver sends the program and, once, the data; a trial's results come back to it, so that no disk need be
shared. Ray starts a trial whose worker is lost again, on another machine if need be. Each machine keeps the
checkpoint of a trial on its own disk until the driver has the result, so that a driver that is killed while a
result is under way costs no epoch; what it can then not tell them to forget stays in their temporary folders.
"""

import importlib
import logging
import os
import secrets
import shutil
import socket
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from fmnist import artifacts
from fmnist.data import Dataset, Split
from fmnist.errors import FmnistError, TrainingError
from fmnist.training.sweep.grid import Resources
from fmnist.training.sweep.local import limit_threads
from fmnist.training.sweep.task import TRIAL, Engine, Failed, Finished, Report, Task
from fmnist.words import count

LOCAL = "local"
"""The address that starts workers on this machine."""

_RETRIES = 5  # starts of a trial whose worker was lost
_PATIENCE = 60.0  # seconds for a trial's lost process to end
_LISTENS_WITHIN = 10.0  # seconds
_PASSED_ON = (
    "KERAS_BACKEND",
    "TF_CPP_MIN_LOG_LEVEL",
    "TF_ENABLE_ONEDNN_OPTS",
    "JAX_PLATFORMS",
    "XLA_FLAGS",
    "XLA_PYTHON_CLIENT_PREALLOCATE",
    "XLA_PYTHON_CLIENT_MEM_FRACTION",
)
"""Environment variables that workers have as the driver does."""


def run_on_cluster(
    address: str, dataset: Dataset, resources: Resources, cores: int | None = None, program: str = TRIAL
) -> Engine:
    """Builds an engine that trains on Ray.

    Args:
        address: That of a cluster, such as "10.0.0.1:6379" or "auto", or "local".
        dataset: The split data set, which is sent to the cluster once.
        resources: What each trial occupies.
        cores: How many of this machine's cores "local" uses; all of them by default.
        program: The module that trains a trial.

    Raises:
        TrainingError: If Ray is not installed. The engine raises it if there is no cluster at the address,
            or no machine with such resources.
    """
    ray = _import_ray(address)

    def run(tasks: list[Task]) -> Iterator[Report]:
        _connect(ray, address, cores, resources)
        try:
            yield from _run(ray, tasks, dataset, resources, program)
        finally:
            ray.shutdown()

    return run


def _import_ray(address: str) -> Any:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    if address == LOCAL:  # only this program may give work to its workers; Ray reads this when it is imported
        os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    try:
        return importlib.import_module("ray")
    except ImportError as error:
        raise TrainingError(
            "--address needs Ray: install it with `pip install -r requirements-cluster.txt`."
        ) from error


def _check_address(address: str) -> None:
    """Refuses an address where nothing listens, which Ray would try for minutes."""
    if address in (LOCAL, "auto"):
        return
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), _LISTENS_WITHIN).close()
    except (OSError, ValueError, OverflowError) as error:
        raise TrainingError(
            f"There is no Ray cluster at {address}: the address is that of its head, such as 10.0.0.1:6379, "
            f'or "auto" for the one that this machine belongs to, or "{LOCAL}".'
        ) from error


def _connect(ray: Any, address: str, cores: int | None, resources: Resources) -> None:
    _check_address(address)
    package = Path(__file__).resolve().parents[2]
    own = {"num_cpus": cores, "include_dashboard": False} if address == LOCAL else {}
    variables = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    if not resources.gpus:
        variables |= limit_threads(max(1, int(resources.cpus)))
    try:
        ray.init(
            address=address,
            log_to_driver=False,
            logging_level=logging.ERROR,
            runtime_env={"py_modules": [str(package)], "env_vars": variables},
            **own,
        )
    except Exception as error:  # Ray raises nearly anything
        if "InvalidAuthToken" in "".join(traceback.format_exception(error)):
            reason = "it wants a token, see RAY_AUTH_MODE and RAY_AUTH_TOKEN in Ray's documentation"
        else:
            reason = _first_line(error)
        raise TrainingError(f"The Ray cluster at {address} cannot be used: {reason}.") from error
    machines = [machine["Resources"] for machine in ray.nodes() if machine["Alive"]]
    wanted = {"CPU": resources.cpus, "GPU": resources.gpus, "memory": resources.memory or 0}
    if not any(all(has.get(kind, 0) >= much for kind, much in wanted.items()) for has in machines):
        ray.shutdown()
        told = ", ".join(f"{kind} {much:g}" for kind, much in wanted.items() if much)
        raise TrainingError(
            f"None of the cluster's {count(len(machines), 'machine')} has what a trial needs ({told}): "
            "change [resources] in the sweep's file."
        )


def _run(
    ray: Any, tasks: list[Task], dataset: Dataset, resources: Resources, program: str
) -> Iterator[Report]:
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    data = ray.put([(part.images, part.labels) for part in (dataset.train, dataset.validation, dataset.test)])
    train = ray.remote(
        num_cpus=resources.cpus,
        num_gpus=resources.gpus,
        memory=resources.memory,
        max_calls=1,  # a process of its own for each trial, as on one machine
        max_retries=_RETRIES,
    )(_train_there)
    forget = ray.remote(num_cpus=0)(_forget_there)
    running = {train.remote(program, msgspec.json.encode(task), data): task for task in tasks}
    forgetting = []
    while running:
        (ready, *_), _ = ray.wait(list(running), num_returns=1)
        task = running.pop(ready)
        try:
            result = ray.get(ready)
            report = _receive(task, result)
            if isinstance(report, Finished):
                there = NodeAffinitySchedulingStrategy(result["machine"], soft=False)
                forgetting.append(forget.options(scheduling_strategy=there).remote(task.sweep, task.trial))
        except ray.exceptions.RayError as error:
            report = Failed(
                task.trial, f"Its worker was lost too often, or cannot start: {_first_line(error)}"
            )
        del ready  # so that the cluster may forget the result
        yield report
    if forgetting:
        ray.wait(forgetting, num_returns=len(forgetting), timeout=_PATIENCE)


def _receive(task: Task, result: dict[str, Any]) -> Report:
    """Keeps on this machine's disk what a trial sent."""
    if "failed" in result:
        return Failed(task.trial, result["failed"])
    trial = msgspec.json.decode(result["trial"], type=artifacts.Trial)
    with artifacts.trial_workspace(task.sweep, task.trial) as folder:
        if result["manifest"] is not None:
            artifacts.write_trial_run(folder, result["files"])
        return Finished(artifacts.keep_trial(folder, task.sweep, trial, result["manifest"]))


def _train_there(program: str, encoded: bytes, data: list[tuple[Any, Any]]) -> dict[str, Any]:
    """Trains one trial in a worker.

    Returns:
        Plain values: the trial as JSON, the manifest of its run, the files of its run and the name that
        Ray gives the machine, or a sentence under "failed".
    """
    task = msgspec.json.decode(encoded, type=Task)
    _use_own_folder()
    train, validation, test = (Split(images, labels) for images, labels in data)
    dataset = Dataset(train, validation, test, task.split_sha256)
    try:
        with artifacts.trial_workspace(task.sweep, task.trial, _PATIENCE) as folder:
            outcome = importlib.import_module(program).run_trial(task, dataset, folder)
            files = artifacts.read_trial_run(folder) if outcome.manifest is not None else {}
    except FmnistError as error:
        return {"failed": str(error)}
    except Exception as error:
        return {"failed": f"{type(error).__name__}: {_first_line(error)}"}
    trial = msgspec.json.encode(outcome.trial)
    machine = importlib.import_module("ray").get_runtime_context().get_node_id()
    return {"trial": trial, "manifest": outcome.manifest, "files": files, "machine": machine}


def _forget_there(sweep: str, trial: str) -> None:
    """Removes what a trial has left on a machine, once the driver has its result."""
    _use_own_folder()
    with artifacts.trial_workspace(sweep, trial, _PATIENCE) as folder:
        shutil.rmtree(folder)


def _use_own_folder() -> None:
    """Lets a worker keep its trials on its machine's own disk."""
    owner = os.getuid() if hasattr(os, "getuid") else "all"
    os.environ["FMNIST_ARTIFACTS_DIR"] = os.path.join(tempfile.gettempdir(), f"fmnist-sweeps-{owner}")


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
