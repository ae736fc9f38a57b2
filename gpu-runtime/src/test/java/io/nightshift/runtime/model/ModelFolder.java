package io.nightshift.runtime.model;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A copy of a tiny model's folder, to be changed in one place. */
public final class ModelFolder {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final Path folder;

  private ModelFolder(Path folder) {
    this.folder = folder;
  }

  /** Copies the named tiny model to {@code target}. */
  public static ModelFolder copyOf(String name, Path target) {
    Path original = ModelResources.tiny(name);
    try (Stream<Path> entries = Files.list(original)) {
      List<Path> files = entries.toList();
      Files.createDirectories(target);
      for (Path file : files) {
        Files.copy(file, target.resolve(original.relativize(file)));
      }
      return new ModelFolder(target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path path() {
    return folder;
  }

  public ModelFolder delete(String file) {
    try {
      Files.delete(folder.resolve(file));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ModelFolder write(String file, String content) {
    try {
      Files.writeString(folder.resolve(file), content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ModelFolder edit(String jsonFile, Consumer<ObjectNode> change) {
    Path path = folder.resolve(jsonFile);
    try {
      ObjectNode json = (ObjectNode) MAPPER.readTree(Files.readAllBytes(path));
      change.accept(json);
      Files.write(path, MAPPER.writeValueAsBytes(json));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ModelFolder damage(String file, Consumer<DamagedFile> damage) {
    DamagedFile copy = DamagedFile.copyOf(folder.resolve(file));
    damage.accept(copy);
    copy.write(folder.resolve(file));
    return this;
  }
}
