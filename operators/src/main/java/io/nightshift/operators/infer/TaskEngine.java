package io.nightshift.operators.infer;

import io.nightshift.runtime.engine.LlmEngine;

/**
 * An engine and what has to stay open as long as it runs.
 *
 * @param engine answers requests
 * @param resources are closed after the engine: its tokenizer, its model files
 */
public record TaskEngine(LlmEngine engine, AutoCloseable resources) implements AutoCloseable {

  @Override
  public void close() throws Exception {
    try (resources) {
      engine.close();
    }
  }
}
