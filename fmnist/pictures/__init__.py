"""From any bytes to an upright picture, through one safe door; zips of pictures; our own drawings."""
