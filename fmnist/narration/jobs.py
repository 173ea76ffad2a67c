"""Train a model: what is asked for, how far it is, what changed in the pictures, and warnings."""

import numpy as np

from fmnist.augmentation import TRANSFORMS
from fmnist.config import CLASS_NAMES, NUM_CLASSES
from fmnist.jobs import Job, Request, Speed
from fmnist.recipes import RECIPES, TrainingConfig
from fmnist.words import count, duration, percent

_WAITED = 5  # epochs without a lower validation loss that are worth a word
_JUST_NOW = 600  # seconds


def describe_request(request: Request) -> str:
    """Says what is trained and what differs from the recipe, in one line."""
    config, recipe = request.config, RECIPES.get(request.recipe)
    said = [f"{request.recipe} on {describe_share(config.train_share)} of the images"]
    if recipe and config.augmentation != recipe.config.augmentation:
        said.append(describe_policy(config))
    return ", ".join([*said, f"up to {count(config.max_epochs, 'epoch')}", f"seed {config.seed}"])


def describe_share(share: float) -> str:
    """Writes a share of the training images: '10%', 'all'."""
    return "all" if share >= 1 else percent(share, 0)


def describe_policy(config: TrainingConfig) -> str:
    """Says how the training images are changed at random: 'flip, shift 7%', or 'nothing changed'."""
    policy = config.augmentation
    if policy is None:
        return "no random changes"
    said = []
    for name, transform in TRANSFORMS.items():
        if strength := getattr(policy, name):
            if transform.slider is None:
                said.append(name)
            else:
                unit = " degrees" if name == "rotation" else "%"
                said.append(f"{name} {strength / transform.slider.unit:.3g}{unit}")
    return " + ".join(said)


def describe_estimate(speed: Speed, config: TrainingConfig, now: float) -> str:
    """Says how long a training will take at a measured speed.

    Args:
        speed: What was measured.
        config: Of the training.
        now: In seconds since 1970.
    """
    when = "just now" if now - speed.measured < _JUST_NOW else "some time ago"
    return (
        f"About **{duration(speed.seconds_per_epoch * config.max_epochs)}** for "
        f"{count(config.max_epochs, 'epoch')} (measured {when}: "
        f"{_round(speed.images_per_second):,} images a second), and a moment to begin and to save."
    )


def _round(number: float) -> int:
    """Rounds to two digits, since a measurement of a few seconds is worth no more."""
    digits = max(0, len(str(int(number))) - 2)
    return max(1, round(number / 10**digits) * 10**digits)


def describe_progress(job: Job) -> str:
    """Says where a running training is, how long it may still take, and its learning rate."""
    state, config = job.state, job.request.config
    if job.is_stopping:
        return "**Stopping**: the best epoch so far is being saved."
    if state.stage == "starting":
        return "**Starting**: the program that trains is being loaded."
    if state.stage == "saving":
        return "**Saving** the run, with the weights of its best epoch."
    said = [f"**Epoch {len(state.epochs) + 1} of {config.max_epochs}**"]
    if state.epochs:
        said.append(f"at most {duration(job.seconds_left)} left")
        said.append(f"learning rate {state.epochs[-1].learning_rate:.3g}")
    if job.share_done == 1:
        said.append("now answering the validation images")
    return " · ".join(said)


def list_warnings(job: Job) -> list[str]:
    """Lists what somebody who watches a training should know, in plain words."""
    epochs, config = job.state.epochs, job.request.config
    said = []
    waited = len(epochs) - job.kept_epoch
    if waited >= _WAITED and job.phase == "running":
        limit = f"; training ends by itself after {config.patience}" if config.patience > waited else ""
        said.append(
            f"No better for {waited} epochs: validation loss was lowest in epoch {job.kept_epoch}{limit}."
        )
    if since := job.memorises_from:
        last = epochs[-1]
        said.append(
            f"It starts to memorise here, in epoch {since}: {percent(last.accuracy, 0)} of its training "
            f"images are right, but only {percent(last.val_accuracy, 0)} of new ones."
        )
    return said


def describe_pictures(job: Job) -> str:
    """Says how many of the watched pictures are right, and while it runs which of them have changed last."""
    epochs = [epoch for epoch in job.state.epochs if epoch.answers]
    if job.phase != "running" and job.kept_epoch:
        epochs = [epoch for epoch in epochs if epoch.epoch == job.kept_epoch]
    if not epochs:
        return "Twenty images that it never trains on. Its answers appear after the first epoch."
    now = np.array(epochs[-1].answers)
    truth = np.arange(len(now)) % NUM_CLASSES
    said = f"**{np.count_nonzero(now == truth)} of {len(now)}** are right after epoch {epochs[-1].epoch}."
    if len(epochs) == 1:
        return said
    before = np.array(epochs[-2].answers)
    won, lost = (now == truth) & (before != truth), (now != truth) & (before == truth)
    return f"{said} {_describe_change(before, now, won, lost)}"


def _describe_change(before: np.ndarray, now: np.ndarray, won: np.ndarray, lost: np.ndarray) -> str:
    """Points at one picture whose answer has changed, and counts the others."""
    if won.any():
        place, others = won.argmax(), np.count_nonzero(won) - 1
        counted = [f"{others} more turned right"] if others else []
        counted += [f"{lost.sum()} turned wrong"] if lost.any() else []
        rest = f" ({', '.join(counted)})" if counted else ""
        return f"Look: {_name(place)} was {_article(before[place])} before{rest}."
    if lost.any():
        place, others = lost.argmax(), np.count_nonzero(lost) - 1
        rest = f", and {others} more turned wrong" if others else ""
        return f"Look: {_name(place)} became {_article(now[place])}{rest}."
    if (now != before).any():
        place = (now != before).argmax()
        return f"{_name(place).capitalize()} became {_article(now[place])}, which is wrong too."
    return "No answer has changed."


def _name(place: np.intp) -> str:
    row = ("first", "second")[place // NUM_CLASSES]
    return f"the {row} {CLASS_NAMES[place % NUM_CLASSES]}"


def _article(label: np.integer) -> str:
    name = CLASS_NAMES[label]
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def describe_end(job: Job) -> str:
    """Says how a training that runs no more and has not failed has ended, and what can be done."""
    state, reached = job.state, ""
    if job.kept_epoch:
        kept = state.epochs[job.kept_epoch - 1]
        reached = (
            f" Its best epoch was {kept.epoch} of {len(state.epochs)}: then "
            f"{percent(kept.val_accuracy, 1)} of the validation images were right."
        )
    match job.phase:
        case "interrupted":
            after = count(len(state.epochs), "whole epoch")
            return f"Interrupted after {after}, because the program that trained it was ended. It can go on."
        case "stopped" if not state.run:
            return "Stopped before its first epoch ended, so nothing was kept."
        case "stopped":
            return f"Stopped, and the best so far was kept.{reached}"
        case _:
            return f"Finished.{reached}"


def describe_model(request: Request) -> str:
    """Describes a model for the list of published ones, in one line without capital letter and full stop."""
    return f"trained on this page: {describe_request(request)}"
