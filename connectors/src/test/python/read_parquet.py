"""Prints what independent readers find in Parquet files.

    python read_parquet.py READER=FILE ...

READER is pyarrow, duckdb or polars. Each argument gives one line of JSON: the rows
of the file, in the form that write_parquet_fixtures.py describes.
"""

import json
import sys

import pyarrow as pa
import write_parquet_fixtures as fixtures


def rows(table):
    columns = [pa.concat_arrays(column.chunks) for column in table.columns]
    return [[fixtures.value_of(column, i) for column in columns] for i in range(table.num_rows)]


for argument in sys.argv[1:]:
    reader, file = argument.split("=", 1)
    print(json.dumps(rows(getattr(fixtures, "read_" + reader)(file)), ensure_ascii=True))
