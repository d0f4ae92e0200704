"""What the grid does: sums of a burst become watts, and whether they can be believed."""
