"""A conversation kept outside the kernel; for now as one JSON file."""

from .document import Saved
from .file import read, write

__all__ = ["Saved", "read", "write"]
