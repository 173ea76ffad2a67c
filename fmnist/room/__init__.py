"""The room in which untrusted pictures are opened: a few worker processes with limits.

A picture that takes too long or too much memory costs a worker, never the server, and the worker is
replaced. Whoever asks waits in line; large work, of which one is done at a time, keeps no small one
waiting. What a worker says is read as plain numbers and text, so that one that a picture has taken
over can lie about that picture and nothing else.

multiprocessing and the pools built on it are not used: they send objects that run code when they are
read, and their processes begin by running the program's main module, which in a Streamlit server is a
page.

Reference: Pillow's security handbook, first recommendation.
"""

from fmnist.room.room import Room, shared_room

__all__ = ["Room", "shared_room"]
