"""Writes Parquet files of values that are unusual, and that the format lets be, into the current folder.

Prints the names of the files, one a line.
"""

import array
import decimal

import duckdb
import polars
import pyarrow as pa
import pyarrow.parquet as pq

MAX32, MIN32 = 2**31 - 1, -(2**31)
MAX64, MIN64 = 2**63 - 1, -(2**63)


def put(name, columns, **options):
    pq.write_table(pa.table(columns), name + ".parquet", **options)
    print(name + ".parquet")


def decimals(kind, *values):
    """Decimals by their integers, which no function of pyarrow checks against the precision."""
    width = kind.bit_width // 8
    data = b"".join(value.to_bytes(width, "little", signed=True) for value in values)
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(data)])


def bits(kind, code, *values):
    data = pa.py_buffer(array.array(code, values).tobytes())
    return pa.Array.from_buffers(kind, len(values), [None, data])


times = {
    "ms": bits(pa.time32("ms"), "i", 86_400_000, -1, MAX32, MIN32, 0),
    "us": bits(pa.time64("us"), "q", 86_400_000_000, -1, MAX64, MIN64, 0),
}
put("times", times)
put("times-ns", {"ns": bits(pa.time64("ns"), "q", 86_400_000_000_000, -1, MAX64, MIN64, 0)})
put("dates", {"d": bits(pa.date32(), "i", MAX32, MIN32, 0, -719_529, 2_932_897)})
stamps = {}
for unit in ("ms", "us", "ns"):
    for zone in (None, "UTC"):
        kind = pa.timestamp(unit, zone)
        stamps[f"{unit}-{zone}"] = bits(kind, "q", MAX64, MIN64, 0, -1, 253_402_300_800_000)
put("timestamps", stamps)
years = pa.array([253_402_300_799_999_999, -62_135_596_800_000_000, 0], pa.timestamp("us"))
put("int96", {"t": years}, use_deprecated_int96_timestamps=True)

nan = float("nan")
extremes = [nan, -nan, float("inf"), -float("inf"), -0.0, 0.0, 1e-5]
put("floats", {str(kind): pa.array(extremes, kind) for kind in (pa.float16(), pa.float32(), pa.float64())})

put("decimals-38", {"d": decimals(pa.decimal128(38, 2), 2**127 - 1, -(2**127), 10**38 - 1, 0)})
put("decimals-76", {"d": decimals(pa.decimal256(76, 76), 2**255 - 1, -(2**255), 1 - 10**76, 0)})
digits = [10**4, -(10**4), 2**23 - 1, -(2**23)]
put("decimals-beyond-their-precision", {"d": decimals(pa.decimal128(3, 3), 999, 2**11 - 1, -(2**11), 0)})
put("decimals-small", {"d": decimals(pa.decimal128(5, 2), *digits)})
as_integers = {"d9": decimals(pa.decimal128(9, 9), MAX32, MIN32), "d18": decimals(pa.decimal128(18, 0), MAX64, MIN64)}
put("decimals-as-integers", as_integers, store_decimal_as_integer=True)

unsigned = {f"u{n}": pa.array([2**n - 1, 0, 2 ** (n - 1)], getattr(pa, f"uint{n}")()) for n in (8, 16, 32, 64)}
put("unsigned", unsigned)
signed = {f"i{n}": pa.array([2 ** (n - 1) - 1, -(2 ** (n - 1))], getattr(pa, f"int{n}")()) for n in (8, 16, 32, 64)}
put("signed", signed)

text = pa.array([b"\xc3\x28", b"", b"\xed\xa0\x80", b"a\x00b"], pa.binary())
put("bytes", {"b": text, "f": pa.array([b"\x00\xff", None, b"ab", b"\n\r"], pa.binary(2))})
words = pa.array(["a", None, "b", "a"]).dictionary_encode()
put("dictionaries", {"w": words, "l": pa.ListArray.from_arrays([0, 2, 2, 4, 4], words)})
put("views", {"s": pa.array(["a", None, "x" * 40], pa.string_view()), "l": pa.array([[1], [], None], pa.large_list(pa.int8()))})
put("fixed-lists", {"v": pa.array([[1.0, None], None, [nan, 0.0]], pa.list_(pa.float32(), 2))})
put("nothing", {"n": pa.nulls(3), "l": pa.array([[], [None], None], pa.list_(pa.null()))})

inner = pa.struct([("x", pa.list_(pa.int8())), ("m", pa.map_(pa.date32(), pa.binary()))])
deep = pa.list_(pa.list_(pa.map_(pa.string(), inner)))
value = {"x": [1, None], "m": [(0, b"\xff")]}
put("deep", {"deep": pa.array([[[[("k", value), ("k", None)], []], None, []], [], None], deep)})
repeated = pa.array([[("k", 1), ("k", 2), ("k", None)], [], None], pa.map_(pa.string(), pa.int64()))
put("doubled-keys", {"m": repeated})
nested_null = pa.array([{"a": None}, None, {"a": {"b": None}}], pa.struct([("a", pa.struct([("b", pa.int8())]))]))
put("null-structs", {"s": nested_null})
put("uuids", {"u": pa.array([b"\x00" * 16, b"\xff" * 16, None], pa.uuid())})
put("json", {"j": pa.array(['{"a":1}', "not json", None], pa.json_())})
put("bool8", {"b": pa.array([True, None, False])})
required = pa.schema([pa.field("i", pa.int8(), nullable=False)])
pq.write_table(pa.table([[1, 2]], schema=required), "required.parquet")
print("required.parquet")

duckdb.sql(
    """copy (select 'infinity'::date d, '-infinity'::timestamp t, 'infinity'::timestamptz z,
    '24:00:00'::time tm, 'inf'::double f, 340282366920938463463374607431768211455::uhugeint u,
    '101'::bit b, [1, 2]::int[2] a, union_value(k := 1) v, 'a'::enum('a', 'b') e, {'x': []} s,
    '550e8400-e29b-41d4-a716-446655440000'::uuid id, 9.99::decimal(3, 2) d3,
    123456789012.5::decimal(18, 1) d18) to 'duckdb.parquet'"""
)
print("duckdb.parquet")
duckdb.sql("copy (select {'a': 1, 'b': [null, 'x']}::variant v) to 'duckdb-variant.parquet'")
print("duckdb-variant.parquet")
frame = polars.DataFrame(
    {
        "c": polars.Series(["x", None], dtype=polars.Categorical),
        "d": polars.Series([decimal.Decimal("1.5"), None], dtype=polars.Decimal(38, 10)),
        "a": polars.Series([[1, 2], None], dtype=polars.Array(polars.Int16, 2)),
        "n": polars.Series([None, None], dtype=polars.Null),
        "s": polars.Series([{"x": []}, {"x": None}], dtype=polars.Struct({"x": polars.List(polars.Time)})),
    }
)
frame.write_parquet("polars.parquet")
print("polars.parquet")
