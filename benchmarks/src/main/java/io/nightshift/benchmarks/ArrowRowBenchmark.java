package io.nightshift.benchmarks;

import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One row out of an Arrow batch for the sort, and back: two strings and two numbers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-opens=java.base/java.nio=ALL-UNNAMED"})
public class ArrowRowBenchmark {
  private static final int ROWS = 1024;
  private static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.nullable("id", new ArrowType.Int(64, true)),
              Field.nullable("subject", ArrowType.Utf8.INSTANCE),
              Field.nullable("body", ArrowType.Utf8.INSTANCE),
              Field.nullable("score", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE))));

  private final BufferAllocator allocator = new RootAllocator();
  private final VectorSchemaRoot source = VectorSchemaRoot.create(SCHEMA, allocator);
  private final VectorSchemaRoot target = VectorSchemaRoot.create(SCHEMA, allocator);
  private final ArrowRowCodec codec = new ArrowRowCodec(SCHEMA);
  private final byte[][] encoded = new byte[ROWS][];
  private int next;

  @Setup
  public void fill() {
    byte[] subject = "No heating since Monday".getBytes(StandardCharsets.UTF_8);
    byte[] body = "The flat has been cold. ".repeat(20).getBytes(StandardCharsets.UTF_8);
    for (int row = 0; row < ROWS; row++) {
      ((BigIntVector) source.getVector(0)).setSafe(row, row);
      ((VarCharVector) source.getVector(1)).setSafe(row, subject);
      ((VarCharVector) source.getVector(2)).setSafe(row, body, 0, body.length - row % 400);
      ((Float8Vector) source.getVector(3)).setSafe(row, row / 7.0);
    }
    source.setRowCount(ROWS);
    for (int row = 0; row < ROWS; row++) {
      encoded[row] = codec.encode(source, row);
    }
  }

  @Benchmark
  public byte[] encode() {
    return codec.encode(source, next++ & ROWS - 1);
  }

  /** Rows go into a batch in ascending order, which begins anew once it is full. */
  @Benchmark
  public void decode() {
    int row = next++ & ROWS - 1;
    if (row == 0) {
      target.clear();
    }
    codec.decode(encoded[row], target, row);
  }

  @TearDown
  public void close() {
    source.close();
    target.close();
    allocator.close();
  }
}
