"""How well the models do on photos: a folder of labelled photos in, figures and a contact sheet out.

The report contains only figures; thumbnails of the photos appear only on the sheet.
"""

from fmnist.photos.benchmark import AUTOMATIC_VARIANT, ONE_MASK_VARIANT, VARIANTS, measure, report
from fmnist.photos.labels import LABEL_COLUMNS, LABELS_FILE, read_labels
from fmnist.photos.report import (
    COMBINED,
    CONFIDENCE_BANDS,
    MIN_CLASS_PHOTOS,
    SECOND_OPINION,
    compute_figures,
    compute_report,
    find_band,
    find_opinion_band,
    find_sets,
    get_automatic_figures,
    list_failures,
)
from fmnist.photos.sheet import check_sheet_path, draw_sheet, save_sheet
from fmnist.photos.tuning import Tuned, tune
from fmnist.photos.types import Failure, LabelledPhoto, Measurement

__all__ = [
    "AUTOMATIC_VARIANT",
    "COMBINED",
    "CONFIDENCE_BANDS",
    "LABELS_FILE",
    "LABEL_COLUMNS",
    "MIN_CLASS_PHOTOS",
    "ONE_MASK_VARIANT",
    "SECOND_OPINION",
    "VARIANTS",
    "Failure",
    "LabelledPhoto",
    "Measurement",
    "Tuned",
    "check_sheet_path",
    "compute_figures",
    "compute_report",
    "draw_sheet",
    "find_band",
    "find_opinion_band",
    "find_sets",
    "get_automatic_figures",
    "list_failures",
    "measure",
    "read_labels",
    "report",
    "save_sheet",
    "tune",
]
