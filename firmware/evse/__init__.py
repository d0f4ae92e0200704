"""Rouse, an EV charger's firmware: core decides, drivers touch pins, app carries values between them."""

VERSION = "0.1.0"
