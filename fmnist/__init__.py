"""See how Fashion-MNIST image classifiers learn, where they err, and why."""
