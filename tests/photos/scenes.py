"""Photos and answers to make folders and reports of."""

import numpy as np
from PIL import Image, ImageDraw

HEADING = "file\tclass_index\tclass_name\tbackground\tworn\tsource\tlicence"


def draw_trousers(width=60):
    image = Image.new("RGB", (160, 200), "white")
    pen = ImageDraw.Draw(image)
    pen.polygon([(50, 20), (50 + width, 20), (60 + width, 180), (40 + width, 180), (80, 60)], fill="navy")
    pen.polygon([(50, 20), (50 + width, 20), (80, 60), (60, 180), (40, 180)], fill="navy")
    return image


def write_labels(folder, *lines, heading=HEADING):
    (folder / "labels.tsv").write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")


def sure(label, confidence=0.82):
    """Ten probabilities of an answer with this confidence, the rest shared evenly."""
    answer = np.full(10, (1 - confidence) / 9)
    answer[label] = confidence
    return answer
