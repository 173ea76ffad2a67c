"""Trials whose accuracies are written by hand."""

import hashlib

from fmnist import artifacts


def build_trial(recipe="simple", seed=1, accuracies=(0.5, 0.75), losses=None, **changes) -> artifacts.Trial:
    """A finished trial with these validation accuracies; by default each epoch has a lower loss."""
    losses = losses or [1 / (number + 1) for number in range(len(accuracies))]
    kept = min(range(len(losses)), key=losses.__getitem__)
    history = tuple(
        artifacts.EpochRow(
            epoch=number, loss=1.0, accuracy=0.5, val_loss=loss, val_accuracy=accuracy, learning_rate=0.001,
            seconds=2.0,
        )
        for number, (loss, accuracy) in enumerate(zip(losses, accuracies, strict=True), 1)
    )  # fmt: skip
    values = {
        "recipe": recipe,
        "strength": None if recipe == "simple" else 1.0,
        "train_share": 1.0,
        "seed": seed,
        "overrides": "{}",
        "history": history,
        "kept_epoch": kept + 1,
        "epochs_run": len(history),
        "val_loss": losses[kept],
        "val_accuracy": accuracies[kept],
        "best_val_accuracy": max(accuracies),
        "best_accuracy_epoch": accuracies.index(max(accuracies)) + 1,
        "validation_answers": bytes([seed % 10, 9, 3, 3]),
        "seconds": 4.0,
        "images_per_second": 100.0,
        "backend": "abacus 1.0, wood",
    } | changes
    identity = repr((values["recipe"], values["strength"], values["train_share"], seed, values["overrides"]))
    key = hashlib.sha256(identity.encode()).hexdigest()
    return artifacts.Trial(**{"key": key, "trial": f"{recipe}-seed{seed}-{key[:8]}"} | values)


def build_trials(recipe, finals, **changes) -> list[artifacts.Trial]:
    """A trial for each final accuracy, seeds from 1, with that accuracy on test, too."""
    return [
        build_trial(recipe, seed, (0.5, final), test_accuracy=final, test_loss=0.5, **changes)
        for seed, final in enumerate(finals, 1)
    ]


def save_sweep(name, trials, planned=()) -> None:
    """Saves trials as the table of a sweep, complete unless `planned` names others, with a plan."""
    artifacts.save_sweep(artifacts.Sweep(name, (*(t.trial for t in trials), *planned), tuple(trials)))
    artifacts.save_plan(name, f"name = '{name}'\n")
