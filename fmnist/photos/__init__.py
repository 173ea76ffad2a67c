"""How well the models do on photos: a folder of labelled photos in, figures and a contact sheet out.

The report contains only figures; thumbnails of the photos appear only on the sheet.
"""

from fmnist.photos.benchmark import AUTOMATIC_VARIANT, VARIANTS, measure
from fmnist.photos.labels import LABEL_COLUMNS, LABELS_FILE, read_labels
from fmnist.photos.report import (
    CONFIDENCE_BANDS,
    MIN_CLASS_PHOTOS,
    compute_figures,
    compute_report,
    find_band,
    find_sets,
    get_automatic_figures,
    list_failures,
)
from fmnist.photos.sheet import check_sheet_path, draw_sheet, save_sheet
from fmnist.photos.types import Failure, LabelledPhoto, Measurement

__all__ = [
    "AUTOMATIC_VARIANT",
    "CONFIDENCE_BANDS",
    "LABELS_FILE",
    "LABEL_COLUMNS",
    "MIN_CLASS_PHOTOS",
    "VARIANTS",
    "Failure",
    "LabelledPhoto",
    "Measurement",
    "check_sheet_path",
    "compute_figures",
    "compute_report",
    "draw_sheet",
    "find_band",
    "find_sets",
    "get_automatic_figures",
    "list_failures",
    "measure",
    "read_labels",
    "save_sheet",
]
