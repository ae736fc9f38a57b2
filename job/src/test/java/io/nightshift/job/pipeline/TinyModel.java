package io.nightshift.job.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A Llama of some thousand weights, for jobs whose answers do not matter. */
public final class TinyModel {
  private static final List<String> FILES =
      List.of("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors");

  private TinyModel() {}

  /** Lays the model's folder down. */
  public static Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String file : FILES) {
      try (InputStream in =
          Objects.requireNonNull(
              TinyModel.class.getResourceAsStream("/models/tiny-llama/" + file), file)) {
        Files.copy(in, folder.resolve(file));
      }
    }
    return folder;
  }
}
