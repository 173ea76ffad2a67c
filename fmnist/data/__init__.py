"""Find, download, verify and decode the data set, and split it: always the same way.

The look-up order: the folder in FMNIST_DATA_DIR, else the Keras cache, which is also where a
download goes. A folder named by the user is only ever read.
"""

from fmnist.data.files import FILES, data_dir, is_present
from fmnist.data.mirrors import download
from fmnist.data.split import Dataset, Split, load_dataset, load_test, split_indices

__all__ = [
    "FILES",
    "Dataset",
    "Split",
    "data_dir",
    "download",
    "is_present",
    "load_dataset",
    "load_test",
    "split_indices",
]
