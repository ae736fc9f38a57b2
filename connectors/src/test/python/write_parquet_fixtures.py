"""Writes the Parquet files that the conformance tests read, and what is in them.

    python write_parquet_fixtures.py ../resources/parquet

Every file is written by one of pyarrow, DuckDB and polars and read back by another of them; what
that reader finds is stored beside it as NAME.json, one list of columns a row:

    null, true, 12, "text"      nothing, booleans, integers, strings
    {"date": days}              since 1970-01-01
    {"time": nanos}             of the day
    {"timestamp": nanos}        since 1970-01-01T00:00 (in UTC, where the type says so)
    {"float": "bits"}           of the value as a double, 16 hexadecimal digits; "nan"
    {"decimal": "1.50"}
    {"bytes": "00ff"}          also of a text that is no UTF-8
    {"interval": [months, days, nanos]}
    {"repeat": [character, times]}   a long text
    {"struct": {...}}, [...], {"map": [[key, value], ...]}
"""

import datetime
import decimal
import json
import math
import pathlib
import random
import struct
import sys
import uuid

import duckdb
import polars
import pyarrow as pa
import pyarrow.parquet as pq

OUT = pathlib.Path(sys.argv[1])
ROWS = 61


# ---------------------------------------------------------------- what a reader found


def value_of(array, i):
    kind = array.type
    if isinstance(array, pa.ExtensionArray):
        value = value_of(array.storage, i)
        as_bool = kind.extension_name == "arrow.bool8" and value is not None
        return bool(value) if as_bool else value
    if pa.types.is_dictionary(kind):
        return value_of(array.dictionary_decode(), i)
    if pa.types.is_null(kind) or not array[i].is_valid:
        return None
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        values = array[i].values
        return [value_of(values, k) for k in range(len(values))]
    if pa.types.is_map(kind):
        entries = array[i].values
        keys, items = entries.field(0), entries.field(1)
        return {"map": [[value_of(keys, k), value_of(items, k)] for k in range(len(entries))]}
    if pa.types.is_struct(kind):
        names = [kind.field(k).name for k in range(kind.num_fields)]
        return {"struct": {name: value_of(array.field(k), i) for k, name in enumerate(names)}}
    if pa.types.is_date(kind):
        days = array[i].value
        return {"date": days if pa.types.is_date32(kind) else days // 86_400_000}
    if pa.types.is_time(kind):
        return {"time": array[i].value * nanos(kind.unit)}
    if pa.types.is_timestamp(kind):
        return {"timestamp": array[i].value * nanos(kind.unit)}
    if pa.types.is_interval(kind):
        return {"interval": list(array[i].as_py())}
    value = array[i].as_py()
    if pa.types.is_floating(kind):
        value = float(value)
        return {"float": "nan" if math.isnan(value) else struct.pack(">d", value).hex()}
    if isinstance(value, decimal.Decimal):
        return {"decimal": format(value, "f")}
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, str) and len(value) > 1000 and value == value[0] * len(value):
        return {"repeat": [value[0], len(value)]}
    return value


def nanos(unit):
    return {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}[unit]


def read_duckdb(path):
    connection = duckdb.connect(config={"arrow_lossless_conversion": True})
    connection.execute("set timezone='UTC'")
    return connection.sql(f"from read_parquet('{path}')").to_arrow_table()


def read_polars(path):
    return polars.read_parquet(path, use_pyarrow=False).to_arrow()


def read_pyarrow(path):
    # Its own choice for INT96, nanoseconds, overflows in the years 1 and 9999.
    return pq.ParquetFile(path, coerce_int96_timestamp_unit="us").read()


def expect(name, reader):
    table = reader(OUT / f"{name}.parquet")
    columns = [column.combine_chunks() for column in table.columns]
    columns = [c.chunk(0) if isinstance(c, pa.ChunkedArray) and c.num_chunks else c for c in columns]
    rows = [[value_of(column, i) for column in columns] for i in range(table.num_rows)]
    with open(OUT / f"{name}.json", "w") as file:
        file.write('{"columns": ' + json.dumps(table.column_names))
        file.write(f', "reader": "{reader.__name__[5:]}", "rows": [\n')
        file.write(",\n".join(json.dumps(row, ensure_ascii=True) for row in rows))
        file.write("\n]}\n")


def by_pyarrow(name, table, reader=read_duckdb, **options):
    pq.write_table(table, OUT / f"{name}.parquet", **options)
    expect(name, reader)


def by_duckdb(name, query, options="", reader=read_pyarrow):
    connection = duckdb.connect()
    connection.execute("set timezone='UTC'")
    connection.execute("set threads=1")
    connection.execute(f"copy ({query}) to '{OUT / name}.parquet' (format parquet{options})")
    expect(name, reader)


def by_polars(name, frame, reader=read_duckdb, **options):
    frame.write_parquet(OUT / f"{name}.parquet", **options)
    expect(name, reader)


# ---------------------------------------------------------------- data

RANDOM = random.Random(3)


def with_nulls(values, every=5):
    return [None if i % every == every - 1 else value for i, value in enumerate(values)]


def integers(bits, signed):
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    return [low, high, 0] + [RANDOM.randint(low, high) for _ in range(ROWS - 3)]


def words():
    alphabet = ["", "a", "ß", "日本語", "🙂", "line\nbreak", '"quoted"', "\u0000", "e\u0301"]
    return [RANDOM.choice(alphabet) + str(i % 7) for i in range(ROWS)]


def decimals(digits, scale):
    limit = 10**digits - 1
    values = [limit, -limit, 0] + [RANDOM.randint(-limit, limit) for _ in range(ROWS - 3)]
    with decimal.localcontext() as context:
        context.prec = 80
        return [decimal.Decimal(value).scaleb(-scale) for value in values]


def column(values, kind, nullable=True):
    return pa.array(with_nulls(values) if nullable else values, kind)


def numbers_table():
    columns = {"bool": column([i % 3 == 0 for i in range(ROWS)], pa.bool_())}
    for bits in (8, 16, 32, 64):
        columns[f"int{bits}"] = column(integers(bits, True), getattr(pa, f"int{bits}")())
        columns[f"uint{bits}"] = column(integers(bits, False), getattr(pa, f"uint{bits}")())
    edges = [0.0, -0.0, math.inf, -math.inf, math.nan, 1.5]
    floats = edges + [RANDOM.uniform(-1e6, 1e6) for _ in range(ROWS - len(edges))]
    columns["float"] = column(floats, pa.float32())
    columns["double"] = column(floats, pa.float64())
    return pa.table(columns)


def decimals_table():
    return pa.table(
        {
            "int32": column(decimals(9, 2), pa.decimal128(9, 2)),
            "int64": column(decimals(18, 6), pa.decimal128(18, 6)),
            "digits38": column(decimals(38, 10), pa.decimal128(38, 10)),
            "scale0": column(decimals(20, 0), pa.decimal128(20, 0)),
        }
    )


def times_table():
    seconds = [RANDOM.randint(-(10**9), 4 * 10**9) for _ in range(ROWS)]
    day = 86_400
    return pa.table(
        {
            "date": column([s // day for s in seconds], pa.date32()),
            "time_ms": column([s % day * 1000 + 7 for s in seconds], pa.time32("ms")),
            "time_us": column([s % day * 10**6 + 7 for s in seconds], pa.time64("us")),
            "ms": column([s * 1000 + 7 for s in seconds], pa.timestamp("ms")),
            "us": column([s * 10**6 + 7 for s in seconds], pa.timestamp("us")),
            "ns": column([s * 10**9 + 7 for s in seconds], pa.timestamp("ns")),
            "ms_utc": column([s * 1000 + 7 for s in seconds], pa.timestamp("ms", "UTC")),
            "us_utc": column([s * 10**6 + 7 for s in seconds], pa.timestamp("us", "UTC")),
        }
    )


def bytes_table():
    return pa.table(
        {
            "string": column(words(), pa.string()),
            "large_string": column(words(), pa.large_string()),
            "binary": column([word.encode() for word in words()], pa.binary()),
            "fixed": column([RANDOM.randbytes(5) for _ in range(ROWS)], pa.binary(5)),
            "required": column(words(), pa.string(), nullable=False),
        },
        schema=pa.schema(
            [
                ("string", pa.string()),
                ("large_string", pa.large_string()),
                ("binary", pa.binary()),
                ("fixed", pa.binary(5)),
                pa.field("required", pa.string(), nullable=False),
            ]
        ),
    )


def nested_table():
    inner = pa.struct([("code", pa.int32()), ("texts", pa.list_(pa.string()))])
    kinds = {
        "struct": pa.struct([("a", pa.int64()), ("b", pa.struct([("c", pa.string())]))]),
        "list": pa.list_(pa.int32()),
        "lists": pa.list_(pa.list_(pa.string())),
        "map": pa.map_(pa.string(), pa.float64()),
        "structs": pa.list_(inner),
        "maps": pa.list_(pa.map_(pa.string(), inner)),
        "deep": pa.map_(pa.string(), pa.list_(pa.map_(pa.int32(), pa.list_(inner)))),
    }

    def make(kind, depth=0):
        if depth > 0 and RANDOM.random() < 0.2:
            return None
        if pa.types.is_struct(kind):
            return {field.name: make(field.type, depth + 1) for field in kind}
        if pa.types.is_map(kind):
            keys = RANDOM.sample(range(9), RANDOM.randint(0, 3))
            text = pa.types.is_string(kind.key_type)
            return [(f"k{k}" if text else k, make(kind.item_type, depth + 1)) for k in keys]
        if pa.types.is_list(kind):
            return [make(kind.value_type, depth + 1) for _ in range(RANDOM.randint(0, 3))]
        if pa.types.is_string(kind):
            return RANDOM.choice(["", "x", "日本", "yy"])
        if pa.types.is_floating(kind):
            return RANDOM.random()
        return RANDOM.randint(-5, 5)

    columns = {
        name: pa.array([make(kind, 1) for _ in range(ROWS)], kind) for name, kind in kinds.items()
    }
    return pa.table(columns)


def encodings_table():
    ints = [i * 3 - (i % 5) * 1000 for i in range(ROWS)]
    return pa.table(
        {
            "plain32": column(ints, pa.int32()),
            "delta32": column(ints, pa.int32()),
            "delta64": column([i * 10**10 for i in ints], pa.int64()),
            "split32": column(ints, pa.int32()),
            "split64": column([i * 10**10 for i in ints], pa.int64()),
            "split_float": column([i / 7 for i in ints], pa.float32()),
            "split_double": column([i / 7 for i in ints], pa.float64()),
            "delta_length": column(words(), pa.string()),
            "delta_bytes": column([f"prefix/{i // 4}/{i}" for i in range(ROWS)], pa.string()),
            "rle": column([i % 11 < 6 for i in range(ROWS)], pa.bool_()),
        }
    )


ENCODINGS = {
    "plain32": "PLAIN",
    "delta32": "DELTA_BINARY_PACKED",
    "delta64": "DELTA_BINARY_PACKED",
    "split32": "BYTE_STREAM_SPLIT",
    "split64": "BYTE_STREAM_SPLIT",
    "split_float": "BYTE_STREAM_SPLIT",
    "split_double": "BYTE_STREAM_SPLIT",
    "delta_length": "DELTA_LENGTH_BYTE_ARRAY",
    "delta_bytes": "DELTA_BYTE_ARRAY",
    "rle": "RLE",
}


def all_null(table):
    return pa.table([pa.nulls(ROWS, field.type) for field in table.schema], table.schema)


# ---------------------------------------------------------------- files


def pyarrow_files():
    numbers, times, texts, nested = numbers_table(), times_table(), bytes_table(), nested_table()
    by_pyarrow("pyarrow-numbers", numbers, compression="snappy")
    by_pyarrow("pyarrow-numbers-v2", numbers, data_page_version="2.0", compression="zstd")
    by_pyarrow("pyarrow-decimals", decimals_table())
    by_pyarrow("pyarrow-decimals-integer", decimals_table(), store_decimal_as_integer=True)
    wide = pa.table({"digits76": column(decimals(76, 20), pa.decimal256(76, 20))})
    by_pyarrow("pyarrow-decimals-wide", wide, read_pyarrow)
    by_pyarrow("pyarrow-times", times, coerce_timestamps=None)
    nanos_of_day = pa.table(
        {"time_ns": column([RANDOM.randrange(86_400 * 10**9) for _ in range(ROWS)], pa.time64("ns"))}
    )
    by_pyarrow("pyarrow-time-nanos", nanos_of_day, read_polars)
    old = pa.table({"int96": times["us"], "utc": times["us_utc"]})
    by_pyarrow("pyarrow-int96", old, use_deprecated_int96_timestamps=True)
    by_pyarrow("pyarrow-bytes", texts)
    by_pyarrow("pyarrow-plain-v2", texts, use_dictionary=False, data_page_version="2.0")
    halves = pa.array(with_nulls([i / 8 for i in range(ROWS)]), pa.float16())
    by_pyarrow("pyarrow-float16", pa.table({"half": halves}), read_polars)
    by_pyarrow("pyarrow-null", pa.table({"nothing": pa.nulls(ROWS), "n": list(range(ROWS))}))
    by_pyarrow("pyarrow-nested", nested)
    by_pyarrow("pyarrow-nested-v2", nested, data_page_version="2.0", use_compliant_nested_type=False,
               data_page_size=64, compression="zstd")
    for version in ("1.0", "2.0"):
        by_pyarrow(
            f"pyarrow-encodings-{version[0]}",
            encodings_table(),
            use_dictionary=False,
            column_encoding=ENCODINGS,
            data_page_version=version,
            write_page_checksum=True,
        )
    fixed = {"use_dictionary": False, "column_encoding": {"fixed": "BYTE_STREAM_SPLIT"}}
    by_pyarrow("pyarrow-split-fixed", texts.select(["fixed"]), read_pyarrow, **fixed)
    for codec in ("none", "snappy", "gzip", "zstd", "lz4"):
        by_pyarrow(f"pyarrow-codec-{codec}", texts.select(["string", "fixed"]), compression=codec)
    brotli = texts.select(["string"])
    pq.write_table(brotli, OUT / "brotli-is-refused.parquet", compression="brotli")
    pq.write_table(pa.table({"n": range(3)}).select([]), OUT / "pyarrow-no-columns-is-refused.parquet")
    by_pyarrow("pyarrow-row-groups", texts.select(["string", "required"]), row_group_size=4)
    by_pyarrow("pyarrow-pages", pa.concat_tables([texts] * 4), data_page_size=50, write_batch_size=7)
    by_pyarrow("pyarrow-all-null", all_null(nested))
    by_pyarrow("pyarrow-empty", nested.slice(0, 0))
    large = pa.table({"text": ["x" * 300_000, None, "日" * 50_000, ""], "n": [1, 2, 3, 4]})
    by_pyarrow("pyarrow-large-strings", large, compression="zstd")
    with pq.ParquetWriter(OUT / "pyarrow-empty-row-groups.parquet", texts.schema) as writer:
        for length in (0, 5, 0, 0, 7, 0):
            writer.write_table(texts.slice(0, length))
    expect("pyarrow-empty-row-groups", read_duckdb)
    broken = pa.array([b"\xff\xfe", None, b"ok \xc3"], pa.binary()).view(pa.string())
    by_pyarrow("pyarrow-invalid-utf8", pa.table({"text": broken}), read_as_bytes)


def read_as_bytes(path):
    """Text that is no UTF-8 cannot become a Python string."""
    return pa.table({"text": read_pyarrow(path)["text"].combine_chunks().view(pa.binary())})


def duckdb_files():
    numbers = """
        select (case when i % 5 = 4 then null else i * 1000 - 300 end)::{0} as small,
               (i * 7919 * 7919 * 100003)::bigint as large, i::utinyint as u8, i::usmallint as u16,
               (i * 70000000)::uinteger as u32, i::ubigint * 300000000000000000 as u64,
               i / 7 as double, (i / 7)::float as float, i % 3 = 0 as bool
        from range(61) t(i)""".format("integer")
    by_duckdb("duckdb-numbers", numbers)
    by_duckdb("duckdb-numbers-v2", numbers, ", parquet_version v2, compression zstd")
    types = """
        select uuid, t::time as time, d as date, ts, tz, ns, mood::mood as mood, j, blob,
               (i / 3)::decimal(9, 3) as dec9, (i / 3)::decimal(18, 4) as dec18,
               (i / 3)::decimal(38, 5) as dec38
        from (select i, case when i % 5 = 4 then null else i end as n,
                     ('00000000-0000-4000-8000-0000000000' || lpad(i::varchar, 2, '0'))::uuid as uuid,
                     to_seconds(n * 100)::interval + time '00:00:01.5' as t,
                     date '1969-12-01' + n::integer as d,
                     timestamp '1969-12-31 23:59:00.123456' + to_minutes(n) as ts,
                     timestamptz '1999-12-31 23:59:00.5+00' + to_hours(n) as tz,
                     make_timestamp_ns(n * 1000000007) as ns,
                     ['sad', 'ok', 'happy'][1 + i % 3] as mood,
                     json_object('n', n) as j, ('\\xAA\\x00' || i)::blob as blob
              from range(61) t(i))"""
    connection = duckdb.connect()
    connection.execute("create type mood as enum ('sad', 'ok', 'happy')")
    connection.execute("set timezone='UTC'")
    for version in ("v1", "v2"):
        name = f"duckdb-types-{version}"
        connection.execute(
            f"copy ({types}) to '{OUT / name}.parquet' (format parquet, parquet_version {version})"
        )
        expect(name, read_pyarrow)
    intervals = "select case when i % 5 = 4 then null else to_months(i) + to_days(i * 2) + \
        to_milliseconds(i * 1001) end as interval from range(61) t(i)"
    by_duckdb("duckdb-interval", intervals, reader=read_duckdb_interval)
    nested = """
        select case when i % 6 = 5 then null else {'a': i, 'b': {'c': 'x' || i}} end as struct,
               case when i % 7 = 6 then null else list_transform(range(i % 4), lambda x: [x, null, i]) end
                 as lists,
               case when i % 5 = 4 then null else map {'k' || i: [{'v': i}], 'l': null} end as map
        from range(61) t(i)"""
    for codec in ("uncompressed", "snappy", "gzip", "zstd", "lz4_raw"):
        by_duckdb(f"duckdb-nested-{codec}", nested, f", compression {codec}, row_group_size 2048")
    by_duckdb("duckdb-empty", "select 1 as a, 'x' as b where false")


def read_duckdb_interval(path):
    """pyarrow reads an interval as its 12 bytes: three little-endian integers."""
    raw = read_pyarrow(path)["interval"].to_pylist()
    parts = [None if value is None else struct.unpack("<III", value) for value in raw]
    values = [None if p is None else pa.MonthDayNano([p[0], p[1], p[2] * 10**6]) for p in parts]
    return pa.table({"interval": pa.array(values, pa.month_day_nano_interval())})


def polars_files():
    texts = bytes_table()
    frame = polars.from_arrow(pa.table({
        "text": texts["string"], "bytes": texts["binary"],
        "n": numbers_table()["int64"], "u": numbers_table()["uint8"],
        "f": numbers_table()["float"], "b": numbers_table()["bool"],
        "date": times_table()["date"], "ms": times_table()["ms"], "ns": times_table()["ns"],
        "utc": times_table()["us_utc"], "dec": decimals_table()["digits38"],
        "list": nested_table()["lists"], "struct": nested_table()["struct"],
        "structs": nested_table()["structs"],
    }))
    for codec in ("uncompressed", "snappy", "gzip", "zstd", "lz4"):
        by_polars(f"polars-{codec}", frame, compression=codec, row_group_size=20)
    category = polars.DataFrame({"c": with_nulls(["x", "y", "x"] * 20)}, {"c": polars.Categorical})
    by_polars("polars-categorical", category)
    by_polars("polars-empty", frame.clear(), read_pyarrow)


def folders():
    """key=value folders, hidden files among them."""
    base = OUT / "folders"
    for day, city, n in ((1, "Aix%20en%20P", 3), (2, "Bonn", 2), (10, "__HIVE_DEFAULT_PARTITION__", 1)):
        folder = base / f"day={day:02d}" / f"city={city}"
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table({"n": [day * 10 + i for i in range(n)]}), folder / "part-0.parquet")
        (folder / "_SUCCESS").write_text("")
        (folder / ".part-0.parquet.crc").write_text("not Parquet")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    pyarrow_files()
    duckdb_files()
    polars_files()
    folders()
