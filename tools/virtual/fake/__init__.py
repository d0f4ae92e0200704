"""Stand-ins for modules of MicroPython's ESP32 port; on the VM these files lie flat on sys.path."""
