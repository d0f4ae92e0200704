import machine; machine.Pin(26, machine.Pin.OUT, value=0)  # noqa: E702  the contactor opens first
# The pin above is a literal that flashing writes from the board file; nothing may come before it.
# A soft reset from a tool runs no main.py: a charger forgotten that way comes back after ten minutes.
if machine.reset_cause() == machine.SOFT_RESET:
    machine.WDT(timeout=600000)
