"""Find, download, verify and decode the data set, and split it, always in the same way.

The data set is looked for in the folder that FMNIST_DATA_DIR names, else in the Keras cache, which is also
where downloads go. A folder named by the user is only ever read.
"""

from fmnist.data.files import FILES, cache_dir, data_dir, is_present
from fmnist.data.mirrors import download
from fmnist.data.split import Dataset, Split, load_dataset, load_test, split_indices, take_share

__all__ = [
    "FILES",
    "Dataset",
    "Split",
    "cache_dir",
    "data_dir",
    "download",
    "is_present",
    "load_dataset",
    "load_test",
    "split_indices",
    "take_share",
]
