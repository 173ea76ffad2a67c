"""Training: the network, the epoch loop, its checkpoint, and the run that results.

Everything here imports Keras and TensorFlow, which never enter the process that serves pages, so nothing is
re-exported.
"""
