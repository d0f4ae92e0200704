"""The virtual board that several test files plug their tools into.

Knows no test.
"""

from collections.abc import Iterator

import pytest

from host_tests.tools.board_process import BoardProcess


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardProcess]:
    """`make board` for one file's tests."""
    process = BoardProcess(tmp_path_factory.mktemp("board"))
    yield process
    process.close()
