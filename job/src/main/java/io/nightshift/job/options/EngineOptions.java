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
          .noDefaultValue()
          .withDescription(
              "Device memory for the KV cache. Without it: 1 GiB on the CPU, and on a GPU all that"
                  + " weights and activations leave free.");

  public static final ConfigOption<Boolean> FP8_KV_CACHE =
      ConfigOptions.key("engine.fp8-kv-cache")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether the KV cache keeps keys and values in 8 bits, with a scale for each token and"
                  + " head, and so holds twice the tokens. Only with model.device cuda.");

  public static final ConfigOption<Integer> GPU =
      ConfigOptions.key("engine.gpu")
          .intType()
          .defaultValue(0)
          .withDescription(
              "Number of the GPU, among those that CUDA_VISIBLE_DEVICES shows, where Flink does not"
                  + " count GPUs. Where it does (external-resource.gpu.*, see docs/deployment.md), a"
                  + " task takes one of those that its TaskManager has, and this is left out of"
                  + " account. A GPU serves one task.");

  public static final ConfigOption<Double> SLOT_CPU_CORES =
      ConfigOptions.key("engine.slot-cpu-cores")
          .doubleType()
          .noDefaultValue()
          .withDescription(
              "With the other two engine.slot- options: cores of the slot that each task of the infer"
                  + " job asks Flink for (fine-grained resources), on clusters whose TaskManagers"
                  + " differ. With model.device cuda a slot has one gpu, too. Without them a task"
                  + " takes any slot.");

  public static final ConfigOption<MemorySize> SLOT_HEAP_MEMORY =
      ConfigOptions.key("engine.slot-heap-memory")
          .memoryType()
          .noDefaultValue()
          .withDescription("Task heap memory of that slot.");

  public static final ConfigOption<MemorySize> SLOT_OFF_HEAP_MEMORY =
      ConfigOptions.key("engine.slot-off-heap-memory")
          .memoryType()
          .noDefaultValue()
          .withDescription(
              "Task off-heap memory of that slot: what engine.memory-limit allows, and 512 MB.");

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
          .withDescription("Tokens of one KV cache block; a power of two from 4 to 256.");

  public static final ConfigOption<Integer> MAX_STEP_TOKENS =
      ConfigOptions.key("engine.max-step-tokens")
          .intType()
          .noDefaultValue()
          .withDescription(
              "Most tokens that one step of the engine computes. Without it: 1,024 on the CPU, 16,384"
                  + " on a GPU.");

  public static final ConfigOption<Integer> MAX_RUNNING_SEQUENCES =
      ConfigOptions.key("engine.max-running-sequences")
          .intType()
          .noDefaultValue()
          .withDescription(
              "Most rows that are answered at the same time. Without it: 256 on the CPU, 2,048 on a"
                  + " GPU.");

  public static final ConfigOption<Integer> THREADS =
      ConfigOptions.key("engine.threads")
          .intType()
          .noDefaultValue()
          .withDescription("Threads of the CPU runner. Without it: one for each core.");
}
