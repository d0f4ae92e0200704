"""The touching ring: one thin class a part; decides nothing."""
