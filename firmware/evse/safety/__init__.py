"""What may open, close or offer: the ring that must never be wrong. Imports nothing but itself."""
