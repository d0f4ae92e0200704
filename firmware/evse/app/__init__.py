"""The carrying ring: builds the charger, owns the tick, the store and the console."""
