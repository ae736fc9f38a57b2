"""Prints what independent readers find in files.

    python read_files.py READER=FILE ...

READER is pyarrow, duckdb or polars for Parquet, arrow for Arrow IPC. Each argument gives one line of
JSON: the rows of the file, in the form that write_parquet_fixtures.py describes.
"""

import json
import sys

import pyarrow as pa
import write_parquet_fixtures as fixtures


def read_arrow(path):
    return pa.ipc.open_file(path).read_all()


READERS = {
    "arrow": read_arrow,
    "duckdb": fixtures.read_duckdb,
    "polars": fixtures.read_polars,
    "pyarrow": fixtures.read_pyarrow,
}


def rows(table):
    columns = [pa.concat_arrays(column.chunks) for column in table.columns]
    return [[fixtures.value_of(column, i) for column in columns] for i in range(table.num_rows)]


for argument in sys.argv[1:]:
    reader, file = argument.split("=", 1)
    print(json.dumps(rows(READERS[reader](file)), ensure_ascii=True))
