"""The deciding ring: pure integers, time as an argument, imports nothing but itself."""
