package io.nightshift.connectors.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No buffer is left after a whole job: source, network, operator, sink; failures included. */
class ArrowBatchJobITCase {
  private static final int BATCHES = 120;
  private static final AtomicBoolean FAILED = new AtomicBoolean();
  private static final AtomicLong CHARACTERS = new AtomicLong();

  enum Place {
    NOWHERE,
    SOURCE,
    OPERATOR,
    SINK
  }

  @BeforeEach
  void reset() {
    FAILED.set(false);
    CHARACTERS.set(0);
  }

  @ParameterizedTest
  @CsvSource({
    "STREAMING, NOWHERE",
    "STREAMING, SOURCE",
    "STREAMING, OPERATOR",
    "STREAMING, SINK",
    "BATCH, NOWHERE",
    "BATCH, OPERATOR"
  })
  void noBufferIsLeftOverAWholeJob(RuntimeExecutionMode mode, Place failure) throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
    env.setRuntimeMode(mode);
    env.fromSequence(0, BATCHES - 1)
        .map(new MakeBatch(failure))
        .rebalance()
        .map(new UpperCase(failure))
        .shuffle()
        .map(new UpperCase(Place.NOWHERE))
        .sinkTo(new ClosingSink(failure));
    env.execute();

    assertThat(FAILED.get()).isEqualTo(failure != Place.NOWHERE);
    assertThat(CHARACTERS.get()).isGreaterThanOrEqualTo(BATCHES * 10_000L);
    assertThat(ArrowMemory.allocator().getAllocatedMemory()).isZero();
  }

  private static void failOnce(Place here, Place failure, Object what) {
    if (here == failure && FAILED.compareAndSet(false, true)) {
      throw new IllegalStateException("told to fail in the " + here + " at " + what);
    }
  }

  private record MakeBatch(Place failure) implements MapFunction<Long, ArrowBatch> {
    @Override
    public ArrowBatch map(Long number) {
      ArrowBatch batch = TextBatches.of("a".repeat(10_000), null, "b" + number);
      if (number == BATCHES / 3) {
        try (batch) {
          failOnce(Place.SOURCE, failure, number);
          return TextBatches.of("c".repeat(10_000));
        }
      }
      return batch;
    }
  }

  private record UpperCase(Place failure) implements MapFunction<ArrowBatch, ArrowBatch> {
    @Override
    public ArrowBatch map(ArrowBatch batch) {
      try (batch) {
        String[] texts = TextBatches.texts(batch).toArray(String[]::new);
        if (Arrays.asList(texts).contains("b" + BATCHES / 2)) {
          failOnce(Place.OPERATOR, failure, texts[texts.length - 1]);
        }
        texts[0] = texts[0].toUpperCase(Locale.ROOT);
        return TextBatches.of(texts);
      }
    }
  }

  private record ClosingSink(Place failure) implements Sink<ArrowBatch> {
    @Override
    public SinkWriter<ArrowBatch> createWriter(WriterInitContext context) {
      return new SinkWriter<>() {
        private int batches;

        @Override
        public void write(ArrowBatch batch, Context context) {
          try (batch) {
            if (++batches == BATCHES / 4) {
              failOnce(Place.SINK, failure, batches);
            }
            CHARACTERS.addAndGet(String.valueOf(TextBatches.texts(batch).get(0)).length());
          }
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
      };
    }
  }
}
