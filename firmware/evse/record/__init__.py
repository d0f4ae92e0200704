"""What happened, and who is accountable. Sees facts, changes nothing."""
