package io.nightshift.runtime.model;

import java.nio.file.Files;
import java.nio.file.Path;

/** The small real model that {@code tools/fetch-model} puts into the cache folder. */
public final class RealModel {
  private RealModel() {}

  /** SmolLM2-135M-Instruct as Q4_1 GGUF. */
  public static Path smolLm2() {
    String configured = System.getenv("NIGHTSHIFT_CACHE");
    Path cache =
        configured == null
            ? Path.of(System.getProperty("user.home"), ".cache", "nightshift")
            : Path.of(configured);
    Path model = cache.resolve("models").resolve("SmolLM2-135M-Instruct.Q4_1.gguf");
    if (!Files.exists(model)) {
      throw new AssertionError(model + " is missing: run tools/fetch-model");
    }
    return model;
  }
}
