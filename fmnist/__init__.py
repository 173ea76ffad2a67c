"""See how Fashion-MNIST image classifiers learn, where they err, and why."""

__version__ = "1.0.0"
