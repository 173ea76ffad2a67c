"""Names and numbers that every module shares."""

CLASS_NAMES = (
    "t-shirt",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
NUM_CLASSES = len(CLASS_NAMES)
IMAGE_SIZE = 28  # pixels per side
TRAIN_SIZE = 48_000
VALIDATION_SIZE = 12_000
TEST_SIZE = 10_000
