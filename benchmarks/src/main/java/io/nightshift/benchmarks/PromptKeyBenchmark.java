package io.nightshift.benchmarks;

import io.nightshift.operators.tokenize.PromptKey;
import io.nightshift.operators.tokenize.PromptKeyTypeInformation;
import io.nightshift.runtime.bench.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeComparator;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One comparison of the plan's sort, of serialized prompts: those of LABEL share 512 tokens, those
 * of GENERATE 64, and most of DOCQA none.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PromptKeyBenchmark {
  private static final int ROWS = 256;

  @Param({"LABEL", "DOCQA", "GENERATE"})
  private Workload workload = Workload.LABEL;

  private final TypeComparator<PromptKey> comparator =
      new PromptKeyTypeInformation().createComparator(true, new ExecutionConfig());
  private final List<DataInputDeserializer> keys = new ArrayList<>();
  private final List<byte[]> bytes = new ArrayList<>();
  private int next;

  @Setup
  public void fill() {
    TypeSerializer<PromptKey> serializer =
        new PromptKeyTypeInformation().createSerializer(new SerializerConfigImpl());
    workload.generate(
        49_152,
        ROWS,
        row -> {
          DataOutputSerializer output = new DataOutputSerializer(4096);
          try {
            serializer.serialize(
                new PromptKey(row.promptTokens(), "rows.parquet", row.row()), output);
          } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
          }
          bytes.add(output.getCopyOfBuffer());
          keys.add(new DataInputDeserializer());
        });
  }

  @Benchmark
  public int compareSerialized() throws IOException {
    int first = next++ & ROWS - 1;
    int second = next & ROWS - 1;
    keys.get(first).setBuffer(bytes.get(first));
    keys.get(second).setBuffer(bytes.get(second));
    return comparator.compareSerialized(keys.get(first), keys.get(second));
  }
}
