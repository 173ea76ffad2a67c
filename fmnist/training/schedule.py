"""The learning rates that a recipe plans ahead: of each epoch, or of each step."""

import math

import keras
from keras.optimizers.schedules import LearningRateSchedule

from fmnist.errors import TrainingError
from fmnist.recipes import TrainingConfig


def build_rate(config: TrainingConfig, steps_per_epoch: int) -> float | LearningRateSchedule:
    """Builds what the optimizer takes as its learning rate.

    Without a warm-up that is the initial rate, which the epoch loop then changes between epochs.

    Args:
        config: The recipe's values.
        steps_per_epoch: Steps in each epoch, at least 1.

    Raises:
        TrainingError: If the recipe asks for a warm-up and for a rate that follows the validation loss.
    """
    if not config.warmup_epochs:
        return config.learning_rate
    if config.decay is not None:
        raise TrainingError(
            "After a warm-up the learning rate falls along a cosine, so decay must be off. "
            f"Received: {config.decay:g}."
        )
    return _plan_steps(config, steps_per_epoch)


def compute_rate(config: TrainingConfig, epoch: int) -> float:
    """Computes the rate that is recorded for an epoch, for recipes without `decay`.

    Args:
        config: The recipe's values.
        epoch: Finished epochs before this one, from 0.

    Returns:
        The rate of all its steps; with a warm-up, the rate in its middle.
    """
    if config.warmup_epochs:
        return float(_plan_steps(config, steps_per_epoch=2)(2 * epoch + 1))
    return float(config.learning_rate * (1 + math.cos(math.pi * epoch / config.max_epochs)) / 2)


def _plan_steps(config: TrainingConfig, steps_per_epoch: int) -> LearningRateSchedule:
    """Plans a straight line from zero to `learning_rate`, then half a cosine to zero after `max_epochs`.

    Reference: Loshchilov, Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts", arXiv
    1608.03983.
    """
    rising = config.warmup_epochs * steps_per_epoch
    falling = max(config.max_epochs * steps_per_epoch - rising, 1)
    return keras.optimizers.schedules.CosineDecay(
        0.0, falling, warmup_target=config.learning_rate, warmup_steps=rising
    )
