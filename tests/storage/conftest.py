"""A folder for tests in which another user takes part."""

import tempfile
from pathlib import Path

import pytest


@pytest.fixture
def open_path():
    """Yield an empty folder that other users can enter, since they cannot enter that of pytest."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
