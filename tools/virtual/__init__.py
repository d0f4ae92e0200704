"""A virtual charger: fake ESP32, pilot circuit, car, contactor, house and sun, and a judge.

Runs on CPython and inside the MicroPython VM under the name `virtual`; imports nothing of the firmware.
"""
