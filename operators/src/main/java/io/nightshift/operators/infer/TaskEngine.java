package io.nightshift.operators.infer;

import io.nightshift.runtime.engine.LlmEngine;

/**
 * An engine, and the resources that must stay open while it runs.
 *
 * @param engine the engine
 * @param resources closed after the engine: its tokenizer, its model files
 */
public record TaskEngine(LlmEngine engine, AutoCloseable resources) implements AutoCloseable {

  @Override
  public void close() throws Exception {
    try (resources) {
      engine.close();
    }
  }
}
