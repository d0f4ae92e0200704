"""Who is asked in which order, what a person wished, and the charger's face."""
