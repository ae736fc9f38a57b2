package io.nightshift.runtime.model;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The tiny models that {@code tiny_models.py} made. */
public final class ModelResources {
  private static final Path MODELS = models();

  private ModelResources() {}

  /**
   * Path of a tiny model.
   *
   * @param name a folder such as {@code tiny-llama}, or a file such as {@code tiny-llama.gguf}
   */
  public static Path tiny(String name) {
    Path model = MODELS.resolve(name);
    if (!Files.exists(model)) {
      throw new AssertionError("there is no tiny model " + name);
    }
    return model;
  }

  private static Path models() {
    try {
      URI models = requireNonNull(ModelResources.class.getResource("/models")).toURI();
      return models.getScheme().equals("jar") ? copyOutOf(models) : Path.of(models);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** Other modules see these classes as a jar, and weights are mapped from files. */
  private static Path copyOutOf(URI models) throws IOException {
    Path copy = Files.createTempDirectory("nightshift-tiny-models");
    try (FileSystem jar = FileSystems.newFileSystem(models, Map.of());
        Stream<Path> entries = Files.walk(jar.getPath("/models"))) {
      for (Path entry : entries.toList()) {
        Path target = copy.resolve(jar.getPath("/models").relativize(entry).toString());
        if (!target.equals(copy)) {
          Files.copy(entry, target);
        }
      }
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(copy)));
    return copy;
  }

  private static void delete(Path folder) {
    try (Stream<Path> entries = Files.walk(folder)) {
      List<Path> files = entries.toList();
      for (int i = files.size() - 1; i >= 0; i--) {
        Files.delete(files.get(i));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
