"""The picture of the meter's bench: each reading's error over its apparent power, one field a reference.

Knows points and limits' shape; does not know how they were measured.
"""

from __future__ import annotations

from typing import BinaryIO

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402  the backend is chosen first

Points = dict[str, list[tuple[float, float]]]


def write(out: BinaryIO, points: Points) -> None:
    """Write the PNG."""
    figure, fields = pyplot.subplots(2, 2, figsize=(12, 8), sharex=True)
    for field, (name, pairs) in zip(fields.flat, points.items(), strict=False):
        permille, watts = (15, 10) if name == "transformer" else (30, 25)
        line = [100 * 1.05**step for step in range(106)]
        most = [max(va * permille / 1000, watts) for va in line]
        errors = [error for _, error in pairs]
        field.plot([va for va, _ in pairs], errors, ".", markersize=2, color="#2563eb", alpha=0.4)
        field.plot(line, most, color="#b91c1c", linewidth=1)
        field.plot(line, [-watt for watt in most], color="#b91c1c", linewidth=1)
        field.set_xscale("log")
        field.set_yscale("symlog", linthresh=50)
        field.set_title(name)
        field.set_xlabel("apparent power, VA")
        field.set_ylabel("error of a 1 s reading, W")
        field.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(out, dpi=110)
    pyplot.close(figure)
