"""Networks and data as JSON files: see `network`."""

from refnn.interchange.json_file import FormatError
from refnn.interchange.network import load, load_data, save

__all__ = ["FormatError", "load", "load_data", "save"]
