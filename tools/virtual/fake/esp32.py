"""`esp32`: the part of it that a plain ESP32 charger may use."""

from virtual import current as _current


class NVS:
    """Non-volatile storage; kept for the life of the process, a commit stalls like any flash write."""

    _stored: dict = {}  # type: ignore[type-arg]  # Any is typing's

    def __init__(self, namespace: str) -> None:
        self._values = NVS._stored.setdefault(namespace, {})

    def set_i32(self, key: str, value: int) -> None:
        """Store a 32-bit integer under a key of at most 15 characters."""
        if len(key) > 15:
            raise OSError(-0x1109, "ESP_ERR_NVS_KEY_TOO_LONG")
        self._values[key] = value

    def get_i32(self, key: str) -> int:
        """The integer stored; OSError if there is none."""
        if key not in self._values:
            raise OSError(-0x1102, "ESP_ERR_NVS_NOT_FOUND")
        return self._values[key]  # type: ignore[no-any-return]  # as above

    def commit(self) -> None:
        """Write to flash."""
        _current.world.flash_seen()
        _current.world.flash_commit(0)
