package io.nightshift.operators.infer;

import io.nightshift.runtime.engine.LlmEngine;
import java.util.function.IntFunction;

/**
 * An engine, and the resources that must stay open while it runs.
 *
 * @param engine the engine
 * @param tokenTexts the text of a token of its vocabulary by the id; thread-safe
 * @param resources closed after the engine: its tokenizer, its model files
 */
public record TaskEngine(LlmEngine engine, IntFunction<String> tokenTexts, AutoCloseable resources)
    implements AutoCloseable {

  @Override
  public void close() throws Exception {
    try (resources) {
      engine.close();
    }
  }
}
