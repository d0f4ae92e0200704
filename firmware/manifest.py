"""For people who build MicroPython themselves, with the firmware frozen in: FROZEN_MANIFEST=.../firmware/manifest.py.

Frozen modules lie in flash and need no heap for their code. What stands here is for boards/reference; for another board
name its folder below, and put its contactor's pin into the first line of boot.py, which flashing else does.
"""

include("$(PORT_DIR)/boards/manifest.py")  # the port's own: it mounts the file system
module("board.py", base_path="../boards/reference")
module("boot.py")
module("main.py")
package("evse")
