"""Any bytes to an upright picture, through one safe door; zips of pictures; pictures of our own."""
