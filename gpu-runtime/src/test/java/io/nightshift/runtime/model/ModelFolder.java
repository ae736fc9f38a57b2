package io.nightshift.runtime.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
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

  /**
   * Renames tensors of {@code model.safetensors}.
   *
   * @param names gives a tensor's new name; an empty one leaves the tensor out
   */
  public ModelFolder renameTensors(UnaryOperator<String> names) {
    Path path = folder.resolve("model.safetensors");
    try {
      ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
      int headerSize = Math.toIntExact(file.getLong(0));
      ObjectNode header = (ObjectNode) MAPPER.readTree(file.array(), Long.BYTES, headerSize);
      ObjectNode renamed = MAPPER.createObjectNode();
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      for (Map.Entry<String, JsonNode> entry : header.properties()) {
        String name = entry.getKey();
        String newName = name.equals("__metadata__") ? "" : names.apply(name);
        if (!newName.isEmpty()) {
          JsonNode offsets = entry.getValue().get("data_offsets");
          int begin = offsets.get(0).asInt();
          int size = offsets.get(1).asInt() - begin;
          ObjectNode tensor = entry.getValue().deepCopy();
          tensor.putArray("data_offsets").add(data.size()).add(data.size() + size);
          renamed.set(newName, tensor);
          data.write(file.array(), Long.BYTES + headerSize + begin, size);
        }
      }
      byte[] json = MAPPER.writeValueAsBytes(renamed);
      int padding = (Long.BYTES - json.length % Long.BYTES) % Long.BYTES;
      ByteBuffer written =
          ByteBuffer.allocate(Long.BYTES + json.length + padding + data.size())
              .order(ByteOrder.LITTLE_ENDIAN);
      written.putLong(json.length + padding).put(json);
      written.put(" ".repeat(padding).getBytes(StandardCharsets.UTF_8)).put(data.toByteArray());
      Files.write(path, written.array());
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sets an element of a tensor in {@code model.safetensors}.
   *
   * @param bits of its type, which has 16
   */
  public ModelFolder putElement(String tensor, int index, int bits) {
    Path path = folder.resolve("model.safetensors");
    try {
      ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
      int headerSize = Math.toIntExact(file.getLong(0));
      JsonNode header = MAPPER.readTree(file.array(), Long.BYTES, headerSize);
      int begin = header.get(tensor).get("data_offsets").get(0).asInt();
      file.putShort(Long.BYTES + headerSize + begin + index * Short.BYTES, (short) bits);
      Files.write(path, file.array());
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes the folder to what is saved of the model without its output projection. */
  public ModelFolder toBaseModel() {
    return renameTensors(name -> name.startsWith("model.") ? name.substring(6) : "");
  }
}
