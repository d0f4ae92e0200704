"""What is best for sun and car: following, switching, waking. It may ask for less, never for more than safety gives."""
