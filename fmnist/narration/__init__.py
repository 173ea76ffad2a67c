"""Plain English from numbers and facts: what a chart shows, in words.

Numbers in, text out; no files, no figures. One file per page.
"""

from fmnist.narration.augmentation import describe_draws, describe_policies
from fmnist.narration.batch import describe_batch, describe_strangers
from fmnist.narration.classify import (
    describe_alarm,
    describe_alarm_record,
    describe_answers,
    describe_evidence,
    describe_forced_answers,
    describe_track_record,
    list_tops,
)
from fmnist.narration.confusion import describe_class_changes, describe_confusion
from fmnist.narration.curves import (
    describe_best,
    describe_harder_training,
    describe_overfitting,
    describe_second_look,
)
from fmnist.narration.home import describe_comparison, describe_networks, describe_report
from fmnist.narration.photos import describe_alarmed, describe_photo_runs, describe_photos
from fmnist.narration.preparation import (
    ORIGINAL,
    RESULT,
    describe_result,
    describe_stage,
    describe_stages,
    name_stage,
)
from fmnist.narration.training import describe_event

__all__ = [
    "ORIGINAL",
    "RESULT",
    "describe_alarm",
    "describe_alarm_record",
    "describe_alarmed",
    "describe_answers",
    "describe_batch",
    "describe_best",
    "describe_class_changes",
    "describe_comparison",
    "describe_confusion",
    "describe_draws",
    "describe_event",
    "describe_evidence",
    "describe_forced_answers",
    "describe_harder_training",
    "describe_networks",
    "describe_overfitting",
    "describe_photo_runs",
    "describe_photos",
    "describe_policies",
    "describe_report",
    "describe_result",
    "describe_second_look",
    "describe_stage",
    "describe_stages",
    "describe_strangers",
    "describe_track_record",
    "list_tops",
    "name_stage",
]
