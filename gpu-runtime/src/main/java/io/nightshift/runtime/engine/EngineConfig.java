package io.nightshift.runtime.engine;

/**
 * Bounds of the engine's work. The number and the size of KV cache blocks belong to the model
 * runner.
 *
 * @param maxStepTokens most query tokens of a step; the runner's own limit holds as well
 * @param maxStepLogits most rows of logits of a step. A row takes 4 bytes for each token of the
 *     vocabulary in the runner's memory
 * @param maxRunningSequences most requests that have KV cache blocks at the same time
 * @param samplingThreads threads that turn logits into tokens while the device waits
 */
public record EngineConfig(
    int maxStepTokens, int maxStepLogits, int maxRunningSequences, int samplingThreads) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is less than 1
   */
  public EngineConfig {
    require("max step tokens", maxStepTokens);
    require("max step logits", maxStepLogits);
    require("max running sequences", maxRunningSequences);
    require("sampling threads", samplingThreads);
  }

  private static void require(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + ", must be at least 1");
    }
  }

  /**
   * The defaults: as many tokens a step as the runner takes, 512 rows of logits (100 MB for a
   * vocabulary of 49,152), 256 running requests, and a thread for each processor.
   */
  public static EngineConfig defaults() {
    return new EngineConfig(
        Integer.MAX_VALUE, 512, 256, Runtime.getRuntime().availableProcessors());
  }

  public EngineConfig withMaxStepTokens(int value) {
    return new EngineConfig(value, maxStepLogits, maxRunningSequences, samplingThreads);
  }

  public EngineConfig withMaxStepLogits(int value) {
    return new EngineConfig(maxStepTokens, value, maxRunningSequences, samplingThreads);
  }

  public EngineConfig withMaxRunningSequences(int value) {
    return new EngineConfig(maxStepTokens, maxStepLogits, value, samplingThreads);
  }

  public EngineConfig withSamplingThreads(int value) {
    return new EngineConfig(maxStepTokens, maxStepLogits, maxRunningSequences, value);
  }
}
