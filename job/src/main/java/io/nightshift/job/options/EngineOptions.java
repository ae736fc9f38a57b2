package io.nightshift.job.options;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;

/** The inference engine of one task. */
public final class EngineOptions {
  private EngineOptions() {}

  public static final ConfigOption<MemorySize> KV_CACHE_MEMORY =
      ConfigOptions.key("engine.kv-cache-memory")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(1024))
          .withDescription("Device memory for the KV cache.");

  public static final ConfigOption<MemorySize> MEMORY_LIMIT =
      ConfigOptions.key("engine.memory-limit")
          .memoryType()
          .noDefaultValue()
          .withDescription(
              "Most native memory that weights, KV cache and activations may take together; a model"
                  + " that does not fit is refused. Without it: no limit.");

  public static final ConfigOption<Integer> BLOCK_SIZE =
      ConfigOptions.key("engine.block-size")
          .intType()
          .defaultValue(16)
          .withDescription("Tokens of one KV cache block; a power of two from 1 to 256.");

  public static final ConfigOption<Integer> MAX_STEP_TOKENS =
      ConfigOptions.key("engine.max-step-tokens")
          .intType()
          .defaultValue(1024)
          .withDescription("Most tokens that one step of the engine computes.");

  public static final ConfigOption<Integer> MAX_RUNNING_SEQUENCES =
      ConfigOptions.key("engine.max-running-sequences")
          .intType()
          .defaultValue(256)
          .withDescription("Most rows that are answered at the same time.");

  public static final ConfigOption<Integer> THREADS =
      ConfigOptions.key("engine.threads")
          .intType()
          .noDefaultValue()
          .withDescription("Threads of the CPU runner. Without it: one for each core.");
}
