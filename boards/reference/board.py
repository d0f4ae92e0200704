"""The reference board: an ESP32-DevKitC on a carrier with a +-12 V pilot, three meter channels and a one-shot.

Data only; the wiring is in README.md beside this file, the meaning of every key in firmware/evse/app/boards.py.
"""

BOARD = {
    "name": "reference",
    "mcu": "esp32",
    "max_ma": 32000,
    "phases": 1,
    "fuse_ma": 35000,  # main fuse of the house: write down yours
    "pins": {
        "pilot_pwm": 25,  # high = +12 V, so that a reset (low or floating) never offers current
        "pilot_adc": 32,
        "pilot_open": 27,  # high = pilot disconnected from the car
        "grid_adc": 33,
        "phase_adc": 34,
        "car_adc": 35,
        "proximity_adc": 36,
        "temperature_adc": 39,
        "contactor": 26,  # PWM at 0 or 100 %: a soft reset forces PWM pins low
        "alive": 4,  # every edge buys the coil one more one_shot_ms
        "contactor_readback": 19,  # high = main contacts closed (mirror contact)
        "residual_trip": 18,  # high = tripped; the same signal cuts the coil in hardware
        "residual_test": 23,
        "status_led": 13,
        "button": 21,  # low = pressed
        "fan": None,
    },
    "one_shot_ms": 65,
    "nominal_v": 230,
    "grid_gain_ppm": 1000000,  # correction of the clamp; negative: it is on backwards
    "car_gain_ppm": 1000000,
    # Pilot front end 330 k from CP, 68 k to 3.3 V, 56 k to ground: 12 V -> 2385 mV, 0 V -> 1364 mV, -12 V -> 342 mV.
    "pilot_offset_uv": 1363500,
    "pilot_gain_ppm": 85100,
    "cable_ma": None,  # rating of a tethered cable; None: the socket reads the plug's proximity resistor
    "proximity_pullup_ohm": 1000,
    "proximity_supply_mv": 3300,
    "temperature_offset_mv": 500,  # MCP9700A: 500 mV at 0 C, 10 mV a degree
    "temperature_uv_per_cdeg": 100,
    "meter_bias_mv": 1300,
    "ct_turns": 2000,
    "ct_burden_mohm": 22000,  # 65 A of 15 kW are 1.01 V of peak: a part 9 % too high still fits
    "reference": "transformer",  # what phase_adc sees: "transformer", "opto", "inverter" (its clamp), or None
    "phase_uv_per_v": 3000,  # mains transformer and divider: 230 V rms -> 690 mV rms at the pin
}
