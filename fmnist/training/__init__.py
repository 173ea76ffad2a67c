"""Training: the network, the epoch loop, its checkpoint, its events, and the run that comes of it.

Everything here but `events` imports Keras and TensorFlow, which never enter the process that serves pages,
so nothing is re-exported.
"""
