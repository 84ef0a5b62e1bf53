"""Loaders of the data sets: each yields plain Python lists, and says where the files are expected."""

import os
import pathlib

# The intent of what none of a set's intents answers.
OUT_OF_SCOPE = "out_of_scope"


def data_folder(name: str) -> pathlib.Path:
    """Folder of a data set below NEARSHELF_DATA (default: ../shared/data beside the project)."""
    default = pathlib.Path(__file__).parents[4] / "shared" / "data"
    folder = pathlib.Path(os.environ.get("NEARSHELF_DATA", default)) / name
    if not folder.is_dir():
        raise SystemExit(f"{folder} is not there: set NEARSHELF_DATA to the folder of the data sets")
    return folder
