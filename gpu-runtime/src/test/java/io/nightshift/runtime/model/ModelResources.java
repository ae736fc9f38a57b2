package io.nightshift.runtime.model;

import static java.util.Objects.requireNonNull;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** The tiny models that {@code tiny_models.py} made. */
public final class ModelResources {
  private ModelResources() {}

  /**
   * Path of a tiny model.
   *
   * @param name a folder such as {@code tiny-llama}, or a file such as {@code tiny-llama.gguf}
   */
  public static Path tiny(String name) {
    URL resource = requireNonNull(ModelResources.class.getResource("/models/" + name), name);
    try {
      return Path.of(resource.toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
