package io.nightshift.job.options;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;

/** Options of the inference engine of each task. */
public final class EngineOptions {
  private EngineOptions() {}

  public static final ConfigOption<MemorySize> KV_CACHE_MEMORY =
      ConfigOptions.key("engine.kv-cache-memory")
          .memoryType()
          .noDefaultValue()
          .withDescription(
              "Device memory for the KV cache, of each GPU. A row's prompt and answer have to fit it: an "
                  + "answer that fills it is cut, with finish_reason length. Without it: 1 GiB on "
                  + "the CPU, and on a GPU all memory that weights and activations leave free.");

  public static final ConfigOption<MemorySize> HOST_KV_CACHE_MEMORY =
      ConfigOptions.key("engine.host-kv-cache-memory")
          .memoryType()
          .noDefaultValue()
          .withDescription(
              "Main memory of each engine for what does not fit its KV cache: prefixes that later "
                  + "rows share, and rows that had to make room for others. On a GPU it is pinned, "
                  + "and copied to and from while steps run. Without it: none. With model.device "
                  + "cpu, the KV cache itself can have this memory, which is better.");

  public static final ConfigOption<Boolean> FP8_KV_CACHE =
      ConfigOptions.key("engine.fp8-kv-cache")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether the KV cache stores keys and values in 8 bits, with a scale for each "
                  + "token and head, and so holds twice as many tokens. Only with model.device cuda.");

  public static final ConfigOption<String> GPUS =
      ConfigOptions.key("engine.gpus")
          .stringType()
          .defaultValue("all")
          .withDescription(
              "GPUs of a host that engines use: all, the number of the first ones, or a list of "
                  + "indexes such as [0, 2] among those that CUDA_VISIBLE_DEVICES shows. In one "
                  + "process (bin/nightshift run), there is an engine for each of them, or for each "
                  + "group of engine.tensor-parallel. On a cluster, each task takes those of its host "
                  + "that no other engine holds; if GPUs are an external resource of Flink "
                  + "(external-resource.gpu.*, see docs/deployment.md), it takes GPUs of its "
                  + "TaskManager instead. Only with model.device cuda.");

  public static final ConfigOption<Integer> TENSOR_PARALLEL =
      ConfigOptions.key("engine.tensor-parallel")
          .intType()
          .defaultValue(1)
          .withDescription(
              "Number of GPUs that share the model of an engine: each has a part of the heads and of "
                  + "the feed-forward network of every layer, and of the KV cache. For models that "
                  + "do not fit one GPU with room for a KV cache; the command plan says how many they "
                  + "need. A model that does fit is answered faster by an engine on each GPU (the "
                  + "default), which exchange nothing. It must divide the model's attention heads. "
                  + "The GPUs must be alike and connected (NVLink or PCI Express). With model.device "
                  + "cpu, groups of threads share the model, which saves nothing and is for tests.");

  public static final ConfigOption<Boolean> MIXED_DEVICES =
      ConfigOptions.key("engine.mixed-devices")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether TaskManagers may answer with another device or precision than "
                  + "model.device and model.dtype, as their own configuration of Flink says "
                  + "(nightshift.model.device, nightshift.model.dtype; see docs/deployment.md). "
                  + "Which rows are computed with which is left to chance, and near-ties may fall "
                  + "out differently on each. Options that only one device has apply to the engines "
                  + "on that device. Not with engine.slot- options.");

  public static final ConfigOption<Double> SLOT_CPU_CORES =
      ConfigOptions.key("engine.slot-cpu-cores")
          .doubleType()
          .noDefaultValue()
          .withDescription(
              "CPU cores of the slot that each task of the infer job requests from Flink "
                  + "(fine-grained resource management), for clusters whose TaskManagers differ. "
                  + "Needs the other two engine.slot- options. With model.device cuda, the slot also "
                  + "has the GPUs of an engine. Without these options, a task takes any slot.");

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
              "Task off-heap memory of that slot: the value of engine.memory-limit plus 512 MB.");

  public static final ConfigOption<MemorySize> MEMORY_LIMIT =
      ConfigOptions.key("engine.memory-limit")
          .memoryType()
          .noDefaultValue()
          .withDescription(
              "Maximum native memory for weights, KV cache, engine.host-kv-cache-memory and "
                  + "activations together; a model that does not fit is refused. Only used with model.device cpu. Without it: no "
                  + "limit.");

  public static final ConfigOption<Integer> BLOCK_SIZE =
      ConfigOptions.key("engine.block-size")
          .intType()
          .defaultValue(16)
          .withDescription("Number of tokens per KV cache block; a power of two from 4 to 256.");

  public static final ConfigOption<Integer> MAX_STEP_TOKENS =
      ConfigOptions.key("engine.max-step-tokens")
          .intType()
          .noDefaultValue()
          .withDescription(
              "Maximum number of tokens per engine step. Without it: 1,024 on the CPU, 16,384 "
                  + "on a GPU.");

  public static final ConfigOption<Integer> MAX_RUNNING_SEQUENCES =
      ConfigOptions.key("engine.max-running-sequences")
          .intType()
          .noDefaultValue()
          .withDescription(
              "Maximum number of rows that are answered at the same time. Without it: 256 on "
                  + "the CPU, 2,048 on a GPU.");

  public static final ConfigOption<Integer> THREADS =
      ConfigOptions.key("engine.threads")
          .intType()
          .noDefaultValue()
          .withDescription("Number of threads of the CPU runner. Without it: one for each core.");

  public static final ConfigOption<Boolean> FORCED_TOKENS =
      ConfigOptions.key("engine.forced-tokens")
          .booleanType()
          .defaultValue(true)
          .withDescription(
              "Whether text that a regular expression or a JSON Schema leaves without alternative, "
                  + "such as the names of properties, is appended as the model's tokenizer writes "
                  + "it, without asking the model. It saves steps. A model that would write the "
                  + "same text with other tokens may go on in another way.");
}
