"""A comparison as one HTML file to keep: it opens without a network and asks nobody for anything.

Numbers, answers and pictures in, text out. Everything is drawn here, in HTML and SVG: a plotly figure would
bring along a library of megabytes.
"""

from fmnist.report.comparison import MOST_PICTURES, Side, build_report

__all__ = ["MOST_PICTURES", "Side", "build_report"]
