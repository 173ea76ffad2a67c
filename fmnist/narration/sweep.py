"""Sentences about a sweep while it runs."""

from fmnist.events import SweepEvent, SweepStarted, TrialFailed, TrialFinished, TrialProgressed
from fmnist.words import count, duration


def describe_sweep_event(event: SweepEvent) -> str:
    """Describes an event of a sweep in one line."""
    match event:
        case SweepStarted(name, trials, finished, dropped):
            left = f"; {count(dropped, 'trial')} it no longer asks for left its table" if dropped else ""
            return f"sweep {name}: {finished} of {count(trials, 'trial')} finished{left}"
        case TrialProgressed(trial, row, max_epochs, seconds_left):
            left = f"  all the rest takes at most {duration(seconds_left)}" if seconds_left else ""
            return (
                f"{trial}  epoch {row['epoch']}/{max_epochs}  val_loss {row['val_loss']:.4f}"
                f"  val_accuracy {row['val_accuracy']:.4f}  {row['seconds']:.0f} s{left}"
            )
        case TrialFinished(trial, finished, trials, seconds_left):
            left = f"; at most {duration(seconds_left)} left" if seconds_left else ""
            return (
                f"finished {trial.trial}: validation accuracy {trial.val_accuracy:.4f}, loss "
                f"{trial.val_loss:.4f}, kept epoch {trial.kept_epoch} of {trial.epochs_run}, "
                f"{duration(trial.seconds)} ({finished} of {trials}{left})"
            )
        case TrialFailed(trial, reason):
            return f"failed {trial}: {reason}"
