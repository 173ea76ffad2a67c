"""What preparation costs in accuracy: `python -m tests.benchmarks.backgrounds`, half an hour on two cores.

All 10,000 test pictures, of which the answer is known, are put before other grounds, sent through
the preparation an upload gets, and answered by every model.
"""

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import cv2
import numpy as np
from PIL import Image

from fmnist import artifacts, data
from fmnist.inference import Classifier
from fmnist.pictures.decoding import Picture
from fmnist.preprocessing import prepare

SIDE = 280
SATURATED = {
    "red": (255, 0, 0),
    "orange": (255, 128, 0),
    "yellow": (255, 255, 0),
    "lime": (128, 255, 0),
    "green": (0, 255, 0),
    "mint": (0, 255, 128),
    "cyan": (0, 255, 255),
    "azure": (0, 128, 255),
    "blue": (0, 0, 255),
    "violet": (128, 0, 255),
    "magenta": (255, 0, 255),
    "pink": (255, 0, 128),
}
LIGHT = {
    "white": (255, 255, 255),
    "light grey": (220, 220, 220),
    "cream": (250, 240, 215),
    "sky": (205, 225, 250),
}


def enlarge(image):
    return Image.fromarray(image).resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def paste(image, ground, garment):
    """Takes the picture's intensity as opacity of a garment of one colour on a ground of another."""
    opacity = np.asarray(enlarge(image), float)[..., np.newaxis] / 255
    mixed = opacity * np.array(garment) + (1 - opacity) * np.array(ground)
    return Image.fromarray(mixed.round().astype(np.uint8))


CASES = {
    "unchanged": Image.fromarray,
    "inverted": lambda image: Image.fromarray(255 - image),
    f"enlarged to {SIDE} x {SIDE}": enlarge,
    **{f"white garment on {n}": partial(paste, ground=c, garment=(255,) * 3) for n, c in SATURATED.items()},
    **{f"black garment on {n}": partial(paste, ground=c, garment=(0,) * 3) for n, c in LIGHT.items()},
}


def prepare_all(case, images):
    """Prepares pictures in one process: uint8 `(n, 28, 28)`."""
    cv2.setNumThreads(1)
    changed = (CASES[case](image) for image in images)
    return np.stack([prepare(Picture(image, None, image.size)).image for image in changed])


def main():
    """Prints the accuracy of every model for each case, and the change against clean in points."""
    test = data.load_test()
    count = int(sys.argv[1]) if len(sys.argv) > 1 else len(test.images)
    images, labels = test.images[:count], test.labels[:count]
    classifiers = {
        entry.name: Classifier.from_run(artifacts.load_model(entry.name).run)
        for entry in artifacts.list_models()
    }
    clean = {}
    print(f"{count:,} test pictures; accuracy and change against clean in points")
    print(f"{'':32}" + "".join(f"{name:>20}" for name in classifiers))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for case in CASES:
            parts = pool.map(prepare_all, [case] * 40, np.array_split(images, 40))
            prepared = np.concatenate(list(parts))
            line = f"{case:32}"
            for name, classifier in classifiers.items():
                accuracy = np.mean(classifier.predict_proba(prepared).argmax(axis=1) == labels)
                clean.setdefault(name, accuracy)
                line += f"{accuracy:12.4f}{100 * (accuracy - clean[name]):+8.2f}"
            print(line, flush=True)


if __name__ == "__main__":
    main()
