package io.nightshift.operators.infer;

import io.nightshift.runtime.energy.EnergyMeter;
import io.nightshift.runtime.engine.LlmEngine;
import java.util.List;
import java.util.function.IntFunction;

/**
 * An engine, and the resources that must stay open while it runs.
 *
 * @param engine the engine
 * @param constraints compiles what answers must conform to
 * @param tokenTexts the text of a token of its vocabulary by the id; thread-safe
 * @param description what it computes on
 * @param energy of its devices
 * @param resources closed after the engine: its tokenizer, its model files
 */
public record TaskEngine(
    LlmEngine engine,
    ConstraintCompiler constraints,
    IntFunction<String> tokenTexts,
    EngineDescription description,
    EnergyMeter energy,
    AutoCloseable resources)
    implements AutoCloseable {

  /**
   * An engine without a tokenizer, for free text and choices: the texts of tokens are their ids.
   */
  public TaskEngine(LlmEngine engine, AutoCloseable resources) {
    this(
        engine,
        specification -> {
          throw new UnsupportedOperationException("needs a tokenizer: " + specification);
        },
        String::valueOf,
        EngineDescription.NONE,
        new EnergyMeter(List.of()),
        resources);
  }

  @Override
  public void close() throws Exception {
    try (resources) {
      engine.close();
    }
  }
}
