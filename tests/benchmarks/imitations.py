"""How much imitated photos look like prepared ones: `python -m tests.benchmarks.imitations DIR`, minutes.

The labelled photos in DIR are prepared as a visitor's would be, and imitations of the same classes are made
from validation images. Photos are measured only; nothing learns from them but the forest that tries to tell
the two apart, and that is thrown away.
"""

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import cv2
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from fmnist import data, synthesis
from fmnist.config import CLASS_NAMES
from fmnist.photos.labels import read_labels
from fmnist.pictures.decoding import decode
from fmnist.preprocessing import prepare

PER_PHOTO = 4  # imitations
TREES = 300
FOLDS = 5
INSIDE = 12  # a pixel brighter than this belongs to the garment
SATURATED = 250


def find_core(image):
    """Finds the garment without its outermost pixels, whose brightness tells of the outline: bool `(28, 28)`.

    If nothing is left of it, the whole garment.
    """
    inside = (image > INSIDE).astype(np.uint8)
    core = cv2.erode(inside, np.ones((3, 3), np.uint8), borderValue=0)
    return (core if core.any() else inside) > 0


def crop(image):
    """Cuts out the box of all pixels of the garment."""
    rows, columns = np.nonzero(image > INSIDE)
    return image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def symmetry(image):
    """Of the outline and its mirror image in the middle of its box: the common share of both, 0 to 1."""
    shape = crop(image) > INSIDE
    return (shape & shape[:, ::-1]).sum() / (shape | shape[:, ::-1]).sum()


def filled(image):
    """The garment's share of the 28 x 28 pixels."""
    return (image > INSIDE).mean()


def edges(image):
    """The mean gradient inside, in grey levels per pixel."""
    return np.hypot(*np.gradient(image.astype(float)))[find_core(image)].mean()


def texture(image):
    """The mean standard deviation in a window of 3 x 3 pixels inside, in grey levels."""
    values = image.astype(np.float32)
    mean, square = (cv2.blur(part, (3, 3)) for part in (values, values**2))
    return np.sqrt(np.maximum(square - mean**2, 0))[find_core(image)].mean()


def saturated(image):
    """The share of the garment's pixels that are (nearly) white."""
    return (image[image > INSIDE] >= SATURATED).mean()


def brightness(image):
    """The median inside, in grey levels."""
    return np.median(image[image > INSIDE])


def spread(image):
    """The standard deviation inside, in grey levels."""
    return image[image > INSIDE].std()


def parts(image):
    """The number of connected parts."""
    return cv2.connectedComponents((image > INSIDE).astype(np.uint8))[0] - 1


def aspect(image):
    """The width of the box divided by its height, as a logarithm, so that both directions count the same."""
    height, width = crop(image).shape
    return np.log(width / height)


def solidity(image):
    """The garment's share of its convex hull, 0 to 1."""
    inside = (image > INSIDE).astype(np.uint8)
    hull = cv2.convexHull(cv2.findNonZero(inside))
    return inside.sum() / cv2.fillConvexPoly(np.zeros_like(inside), hull, 1).sum()


STATISTICS = (
    symmetry,
    filled,
    edges,
    texture,
    saturated,
    brightness,
    spread,
    parts,
    aspect,
    solidity,
)


def measure(images):
    """Measures all statistics of images that show something: float `(n, statistics)`."""
    return np.array([[statistic(image) for statistic in STATISTICS] for image in images], float)


def compute_distances(photos, imitations):
    """Computes how far the means lie apart, in standard deviations: positive where imitations have more.

    Args:
        photos, imitations: float `(n, statistics)` of one class.

    Returns:
        float `(statistics,)`; 0 where both never vary.
    """
    deviation = np.sqrt((photos.var(axis=0) + imitations.var(axis=0)) / 2)
    return (imitations.mean(axis=0) - photos.mean(axis=0)) / np.where(deviation > 0, deviation, 1)


def compute_separability(photos, imitations):
    """Computes how well a forest tells imitations from photos: the cross-validated area under the ROC curve.

    Args:
        photos, imitations: float `(n, features)`.

    Returns:
        0.5 if it cannot tell them apart, 1 if it always can.
    """
    features = np.concatenate([photos, imitations])
    imitated = np.repeat([0, 1], [len(photos), len(imitations)])
    forest = RandomForestClassifier(TREES, min_samples_leaf=2, class_weight="balanced", random_state=0)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    guesses = cross_val_predict(forest, features, imitated, cv=folds, method="predict_proba")
    return roc_auc_score(imitated, guesses[:, 1])


def prepare_photo(path):
    """Prepares one photo in one process: uint8 `(28, 28)`."""
    cv2.setNumThreads(1)
    return prepare(decode(path.read_bytes())).image


def choose_sources(labels, wanted, random):
    """Chooses images of the wanted classes, `PER_PHOTO` for each: their indices."""
    chosen = [
        random.choice(np.flatnonzero(labels == label), PER_PHOTO * count)
        for label, count in enumerate(np.bincount(wanted))
    ]
    return np.concatenate(chosen)


def describe(photos, labels, imitations, imitated_labels):
    """Prints the distance of each statistic in each class, then how well a forest tells the two apart.

    Args:
        photos, imitations: uint8 `(n, 28, 28)`.
        labels, imitated_labels: int `(n,)`, their classes.
    """
    seen, made = measure(photos), measure(imitations)
    print(f"{len(photos)} photos, {len(imitations)} imitations; imitations less photos, standard deviations")
    print(f"{'':12}" + "".join(f"{statistic.__name__:>12}" for statistic in STATISTICS))
    rows = []
    for label in np.unique(labels):
        rows.append(compute_distances(seen[labels == label], made[imitated_labels == label]))
        print(f"{CLASS_NAMES[label]:12}" + "".join(f"{distance:+12.2f}" for distance in rows[-1]))
    print(f"{'mean size':12}" + "".join(f"{distance:12.2f}" for distance in np.abs(rows).mean(axis=0)))
    print(f"mean of all: {np.abs(rows).mean():.2f}")
    seen, made = np.column_stack([seen, labels]), np.column_stack([made, imitated_labels])
    print(f"AUC of a forest, class and statistics: {compute_separability(seen, made):.3f}")
    seen, made = (
        np.column_stack([features, images.reshape(len(images), -1)])
        for features, images in ((seen, photos), (made, imitations))
    )
    print(f"AUC of a forest, the pixels as well: {compute_separability(seen, made):.3f}")


def main(folder):
    """Prepares the photos, makes imitations of the same classes, and compares."""
    listed = read_labels(folder)
    labels = np.array([photo.label for photo in listed])
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        photos = np.stack(list(pool.map(prepare_photo, [photo.path for photo in listed])))
    validation, random = data.load_dataset().validation, np.random.default_rng(0)
    sources = choose_sources(validation.labels, labels, random)
    imitated_labels = validation.labels[sources]
    imitations = synthesis.imitate_photos(validation.images[sources], imitated_labels, random)
    describe(photos, labels, imitations, imitated_labels)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, metavar="DIR", help="labels.tsv and the photos")
    main(parser.parse_args().folder)
