"""A tiny data set for tests that really train."""

import numpy as np

from fmnist import data
from fmnist.samples import draw_samples


def build_tiny_dataset() -> data.Dataset:
    """Builds a few hundred shifted and dimmed copies of the drawn samples, shaped like the data set."""

    def split(copies, seed):
        random = np.random.default_rng(seed)
        labels = np.tile(np.arange(10, dtype=np.uint8), copies)
        images = [
            np.roll(image, random.integers(-2, 3, 2), (0, 1)) * random.uniform(0.5, 1.0)
            for image in draw_samples()[labels]
        ]
        return data.Split(np.stack(images).astype(np.uint8), labels)

    return data.Dataset(split(20, 1), split(6, 2), split(5, 3), split_sha256="tiny")
