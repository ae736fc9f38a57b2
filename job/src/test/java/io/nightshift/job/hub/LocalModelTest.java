package io.nightshift.job.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.job.storage.Sha256;
import io.nightshift.runtime.model.ModelFolder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tells models on this machine from each other. */
class LocalModelTest {
  private static final String DESCRIPTION = "model.path (configuration and tokenizer)";
  private static final String WEIGHTS = "model.path (weights)";

  @TempDir private Path folder;

  @Test
  void weightsOfEqualSizeAreAnotherModel() throws Exception {
    Path model = ModelFolder.copyOf("tiny-llama", folder.resolve("model")).path();
    Map<String, String> before = identity(model);
    Path weights = model.resolve("model.safetensors");
    FileTime time = Files.getLastModifiedTime(weights);

    change(weights, Files.size(weights) / 2, 1);
    Files.setLastModifiedTime(weights, time);

    assertThat(identity(model)).containsEntry(DESCRIPTION, before.get(DESCRIPTION));
    assertThat(identity(model).get(WEIGHTS)).isNotEqualTo(before.get(WEIGHTS));
  }

  @Test
  void everyFileThatIsReadBesideWeightsCounts() throws Exception {
    Path model = ModelFolder.copyOf("tiny-llama", folder.resolve("model")).path();
    Map<String, String> last = identity(model);
    for (String file :
        List.of(
            "config.json",
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "chat_template.jinja")) {
      Path changed = model.resolve(file);
      Files.writeString(changed, Files.exists(changed) ? Files.readString(changed) + " " : "{}");
      Map<String, String> identity = identity(model);
      assertThat(identity.get(DESCRIPTION)).as(file).isNotEqualTo(last.get(DESCRIPTION));
      assertThat(identity).containsEntry(WEIGHTS, String.valueOf(last.get(WEIGHTS)));
      last = identity;
    }
    Files.writeString(model.resolve("README.md"), "not read");
    assertThat(identity(model)).isEqualTo(last);
  }

  @Test
  void everyShardCountsWhateverItsName() throws Exception {
    Path model = Files.createDirectories(folder.resolve("model"));
    Files.writeString(
        model.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"a\": \"first.safetensors\", \"b\": \"second.safetensors\"}}");
    Files.writeString(model.resolve("first.safetensors"), "1");
    Files.writeString(model.resolve("second.safetensors"), "2");
    Files.writeString(model.resolve("consolidated.safetensors"), "not read");
    Map<String, String> before = identity(model);

    Files.writeString(model.resolve("consolidated.safetensors"), "changed");
    assertThat(identity(model)).isEqualTo(before);
    Files.writeString(model.resolve("second.safetensors"), "3");
    assertThat(identity(model)).isNotEqualTo(before);
  }

  @Test
  void theSameContentElsewhereIsTheSameModel() throws Exception {
    Path model = ModelFolder.copyOf("tiny-llama", folder.resolve("model")).path();
    Path copy = ModelFolder.copyOf("tiny-llama", folder.resolve("copy")).path();
    Path file = Files.writeString(folder.resolve("model.gguf"), "GGUF and the rest");
    Path sameFile = Files.copy(file, folder.resolve("other-name.gguf"));

    assertThat(identity(copy)).isEqualTo(identity(model));
    assertThat(identity(sameFile)).isEqualTo(identity(file)).containsKey("model.path");
    change(sameFile, 5, 1);
    assertThat(identity(sameFile)).isNotEqualTo(identity(file));
  }

  @Test
  void aTaskRefusesAModelThatIsNotTheClients() throws Exception {
    Path model = ModelFolder.copyOf("tiny-llama", folder.resolve("model")).path();
    LocatedModel located = locator().locate(model.toString(), "main", ModelParts.ALL);
    PinnedModel pinned =
        InstantiationUtil.clone((PinnedModel) located.source(), getClass().getClassLoader());
    assertThat(locator().locate(pinned, ModelParts.ALL)).isEqualTo(model);

    change(model.resolve("model.safetensors"), 2000, 1);
    assertThat(locator().locate(pinned, ModelParts.WITHOUT_WEIGHTS)).isEqualTo(model);
    assertThatThrownBy(() -> locator().locate(pinned, ModelParts.ALL))
        .isInstanceOf(ModelMismatchException.class)
        .hasMessageStartingWith("model.path (weights): " + model.toRealPath() + " on ")
        .hasMessageContaining(String.valueOf(located.identity().get(WEIGHTS)))
        .hasMessageContaining("copy the same model to every machine");

    Files.writeString(model.resolve("tokenizer_config.json"), "{}");
    assertThatThrownBy(() -> locator().locate(pinned, ModelParts.WITHOUT_WEIGHTS))
        .isInstanceOf(ModelMismatchException.class)
        .hasMessageStartingWith(DESCRIPTION);
  }

  @Test
  void aLargeFileIsKnownByItsHeaderItsSizeAndSamples() throws Exception {
    // The shape of the default, 256 times smaller.
    FileHash hash = new FileHash(16L << 20, 256L << 10, 1024, 256);
    Path large = folder.resolve("large.safetensors");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(20L << 20);
    }
    String before = hash.of(large);
    assertThat(before).startsWith("sampled-sha256:");

    change(large, 100, 1);
    String otherHeader = hash.of(large);
    change(large, 12L << 20, 32 << 10);
    String otherTensor = hash.of(large);
    change(large, Files.size(large) - 1, 1);
    String otherEnd = hash.of(large);
    change(large, Files.size(large), 1);
    String otherSize = hash.of(large);

    assertThat(List.of(before, otherHeader, otherTensor, otherEnd, otherSize))
        .doesNotHaveDuplicates();
  }

  @Test
  void aHashIsComputedOnceForAFileThatStaysAsItIs() throws Exception {
    Path file = Files.writeString(folder.resolve("weights"), "the weights");
    FileState state = FileState.of(file);
    assertThat(state.isYoung(Instant.now())).isTrue();
    hashes().of(file);
    assertThat(folder.resolve("hashes")).as("young, so that it may change unseen").doesNotExist();

    waitUntilOld(file);
    String hash = hashes().of(file);
    assertThat(folder.resolve("hashes")).isDirectoryContaining("glob:**.json");

    Path moved = folder.resolve("moved");
    Files.writeString(moved, "THE WEIGHTS");
    Files.setLastModifiedTime(moved, Files.getLastModifiedTime(file));
    Files.move(moved, file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(hashes().of(file)).isNotEqualTo(hash);
  }

  @Test
  void anotherProcessFindsAHashUnlessItIsOfAnotherFileOrHalfWritten() throws Exception {
    Path kept = Files.writeString(folder.resolve("kept"), "the weights");
    Path replaced = Files.writeString(folder.resolve("replaced"), "other weights");
    Path broken = Files.writeString(folder.resolve("broken"), "third weights");
    waitUntilOld(broken);
    Files.createDirectories(folder.resolve("hashes"));
    Files.writeString(entry(kept), entry(FileState.of(kept), "as it was kept"));
    Files.writeString(entry(replaced), entry(FileState.of(kept), "of another file"));
    Files.writeString(entry(broken), "{\"file\": {\"path\"");

    assertThat(hashes().of(kept)).isEqualTo("as it was kept");
    for (Path weights : List.of(replaced, broken)) {
      assertThat(hashes().of(weights)).isEqualTo("sha256:" + Sha256.of(weights));
      assertThat(entry(weights)).content().contains(Sha256.of(weights));
    }
  }

  private Path entry(Path file) throws IOException {
    return folder.resolve("hashes/" + Sha256.shortName(file.toRealPath().toString()) + ".json");
  }

  private static String entry(FileState file, String hash) throws IOException {
    return new ObjectMapper().writeValueAsString(Map.of("file", file, "hash", hash));
  }

  private static void waitUntilOld(Path file) throws IOException, InterruptedException {
    FileState state = FileState.of(file);
    while (state.isYoung(Instant.now())) {
      Thread.sleep(50);
    }
  }

  /** Writes other bytes than those that are there. */
  private static void change(Path file, long offset, int bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer content = ByteBuffer.allocate(bytes);
      channel.read(content, offset);
      for (int i = 0; i < bytes; i++) {
        content.put(i, (byte) (content.get(i) + 1));
      }
      channel.write(content.clear(), offset);
    }
  }

  private FileHashes hashes() {
    return new FileHashes(folder.resolve("hashes"), FileHash.DEFAULT);
  }

  private Map<String, String> identity(Path model) throws IOException {
    return new LocalModel(model, hashes()).identity(ModelParts.ALL);
  }

  private ModelLocator locator() {
    return new ModelLocator(new CacheFolders(folder, folder), Map.of(), notice -> {});
  }
}
