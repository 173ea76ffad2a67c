"""Sentences about a training run, while it runs and when it has ended."""

from fmnist.artifacts import Manifest
from fmnist.events import EpochFinished, Event, Progress, Resumed, RunSaved
from fmnist.words import count


def describe_event(event: Event) -> str:
    """Describes an event of a training run: one line, or a few at the end."""
    match event:
        case Resumed(epoch):
            return f"resuming after epoch {epoch}"
        case Progress(epoch, step, steps):
            return f"epoch {epoch}, step {step:,} of {steps:,}"
        case EpochFinished():
            return describe_epoch(event)
        case RunSaved(run):
            return describe_run(run.manifest)


def describe_epoch(event: EpochFinished) -> str:
    """Says how an epoch ended and how long the rest may take."""
    row = event.row
    mark = "  best so far" if event.is_best else ""
    return (
        f"epoch {row['epoch']}/{event.max_epochs}"
        f"  loss {row['loss']:.4f}  accuracy {row['accuracy']:.4f}"
        f"  val_loss {row['val_loss']:.4f}  val_accuracy {row['val_accuracy']:.4f}"
        f"  {row['seconds']:.0f} s, at most {event.seconds_left / 60:.0f} min left"
        f" (stops after {count(event.patience_left, 'more epoch')} without improvement){mark}"
    )


def describe_run(manifest: Manifest) -> str:
    """Says in a few lines how a finished run ended."""
    test, validation = manifest.test, manifest.validation
    low, high = test.accuracy_interval
    return (
        f"{manifest.recipe}: {manifest.epochs_run} epochs in "
        f"{manifest.seconds / 60:.1f} minutes, kept epoch {manifest.kept_epoch}\n"
        f"  validation accuracy {validation.accuracy:.4f}, loss {validation.loss:.4f}, "
        f"calibration error {validation.ece:.4f}, {validation.ece_calibrated:.4f} at "
        f"temperature {manifest.temperature:.2f}\n"
        f"  test accuracy {test.accuracy:.4f} (95% interval {low:.4f} to {high:.4f}), "
        f"loss {test.loss:.4f}\n"
        f"  saved as {manifest.run}"
    )
