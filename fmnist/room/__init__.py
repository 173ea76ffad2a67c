"""The room in which untrusted pictures and runs are opened: a few worker processes with limits.

A picture that takes too long or too much memory costs a worker, never the server, and the worker is
replaced. Requests wait in line; large jobs run one at a time and do not keep small ones waiting. A worker's
answer is read as plain numbers and text, so that a worker taken over by a picture can lie about that
picture and nothing else.

multiprocessing and the pools built on it are not used: they send objects that run code when they are
read, and their processes start by running the program's main module, which in a Streamlit server is a
page.

Runs from strangers are opened in a process of their own, which ends with each; see `examine_run`.

Reference: Pillow's security handbook, first recommendation.
"""

from fmnist.room.examine import examine_run
from fmnist.room.room import Room, shared_room

__all__ = ["Room", "examine_run", "shared_room"]
