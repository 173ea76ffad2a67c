"""When to trust an answer: how often such confident answers are right, and whether the image is a garment.

Everything is chosen on the validation images. Numbers in, numbers out.
"""

from fmnist.confidence.alarm import (
    DIRECTIONS,
    MAX_FALSE_ALARMS,
    Alarm,
    build_alarm,
    choose_alarm,
    compute_strangeness,
    load_alarm,
)
from fmnist.confidence.track_record import NEIGHBOURS, TrackRecord, find_track_record, load_answers

__all__ = [
    "DIRECTIONS",
    "MAX_FALSE_ALARMS",
    "NEIGHBOURS",
    "Alarm",
    "TrackRecord",
    "build_alarm",
    "choose_alarm",
    "compute_strangeness",
    "find_track_record",
    "load_alarm",
    "load_answers",
]
