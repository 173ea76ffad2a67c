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
from fmnist.confidence.sets import (
    LEVELS,
    PROMISE,
    SetRecord,
    SetRule,
    build_global_rule,
    build_rule,
    find_threshold,
    load_rule,
    measure_sets,
)
from fmnist.confidence.track_record import (
    NEIGHBOURS,
    TrackRecord,
    answered_data_set,
    find_track_record,
    load_answers,
)

__all__ = [
    "DIRECTIONS",
    "LEVELS",
    "MAX_FALSE_ALARMS",
    "NEIGHBOURS",
    "PROMISE",
    "Alarm",
    "SetRecord",
    "SetRule",
    "TrackRecord",
    "answered_data_set",
    "build_alarm",
    "build_global_rule",
    "build_rule",
    "choose_alarm",
    "compute_strangeness",
    "find_threshold",
    "find_track_record",
    "load_alarm",
    "load_answers",
    "load_rule",
    "measure_sets",
]
