"""The small programs that flashing runs on the chip itself.

Text for MicroPython; what they are for is in flash.py.
"""

NEW = "/new"  # where the files wait until all of them are there

LOOK = """
import json, sys
e = globals().get("evse")
c = e is not None and hasattr(e, "status") and bool(e.status()["contactor"])
print(json.dumps({"platform": sys.platform, "version": list(sys.implementation[1])[:2], "is_charging": c}))
"""
# `erase` takes a file or a folder, or nothing, away.
ERASE = """
import os
def erase(path):
    try:
        is_folder = os.stat(path)[0] & 0x4000
    except OSError:
        return
    if is_folder:
        for entry in list(os.ilistdir(path)):
            erase(path + "/" + entry[0])
        os.rmdir(path)
    else:
        os.remove(path)
"""
DIGEST = """
import binascii, hashlib, json
def digest(path):
    h = hashlib.sha256()
    with open(path, "rb") as file:
        while True:
            piece = file.read(512)
            if not piece:
                return binascii.hexlify(h.digest()).decode()
            h.update(piece)
print(json.dumps([digest(path) for path in {paths!r}]))
"""
# The package changes hands as a whole, so that no old file of it stays; each other file by one rename, which replaces.
SWITCH = """
erase("/old")
try:
    os.rename("/evse", "/old")
except OSError:
    pass
for name in os.listdir({new!r}):
    os.rename({new!r} + "/" + name, "/" + name)
erase({new!r})
erase("/old")
"""
