package io.nightshift.job.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.RealModel;
import io.nightshift.runtime.model.formats.ModelFormats;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of models on another file system, for which a folder of this one stands. */
class RemoteModelTest {
  private static final long LARGE_BYTES = 128L << 20;

  private final List<String> notices = Collections.synchronizedList(new ArrayList<>());

  @TempDir private Path folder = Path.of("");

  @Test
  void aModelIsCopiedOnceAndAgainWhenItHasChanged() throws Exception {
    Path model = huggingFaceFolder("old weights");

    Path first = copy(model, ModelParts.ALL);
    Path again = copy(model, ModelParts.ALL);
    write(model.resolve("model.safetensors"), "newer weights");
    Path changed = copy(model, ModelParts.ALL);

    assertThat(again).isEqualTo(first);
    assertThat(changed).isNotEqualTo(first);
    assertThat(first.resolve("model.safetensors")).hasContent(file("old weights"));
    assertThat(changed.resolve("model.safetensors")).hasContent(file("newer weights"));
    assertThat(changed.resolve("config.json")).hasContent("{}");
    assertThat(changed)
        .isDirectoryNotContaining("glob:**/{optimizer.bin,consolidated.safetensors}");
    assertThat(notices).hasSize(2).allMatch(notice -> notice.startsWith("Copying file:"));
  }

  @Test
  void aFileThatIsReplacedByAnOlderOneOfEqualSizeIsAnotherModel() throws Exception {
    Path model = huggingFaceFolder("old weights");
    String before = list(model).identity();
    write(model.resolve("model.safetensors"), "new weights");
    Files.setLastModifiedTime(model.resolve("model.safetensors"), FileTime.fromMillis(1000));

    assertThat(list(model).identity()).isNotEqualTo(before).contains("version");
  }

  private static RemoteFiles list(Path model) throws IOException {
    return RemoteFiles.list(new org.apache.flink.core.fs.Path(model.toUri()));
  }

  @Test
  void aCopyThatHasSufferedIsMadeAgain() throws Exception {
    Path model = huggingFaceFolder("the weights");
    Path copy = copy(model, ModelParts.ALL);
    Path weights = copy.resolve("model.safetensors");

    Files.setLastModifiedTime(weights, FileTime.fromMillis(1));
    assertThat(copy(model, ModelParts.ALL)).isEqualTo(copy);
    assertThat(notices).as("touched, but the same").hasSize(1);

    Files.writeString(weights, file("THE WEIGHTS"));
    Files.setLastModifiedTime(weights, FileTime.fromMillis(1));
    assertThat(copy(model, ModelParts.ALL)).isEqualTo(copy);
    assertThat(weights).hasContent(file("the weights"));

    Files.delete(copy.resolve("config.json"));
    assertThat(copy(model, ModelParts.ALL)).isEqualTo(copy);
    assertThat(copy.resolve("config.json")).hasContent("{}");

    Files.delete(copy.resolve("copy.json"));
    assertThat(copy(model, ModelParts.ALL)).isEqualTo(copy);
    assertThat(notices)
        .filteredOn(notice -> notice.startsWith("Copying"))
        .as("copied at first, and after each of three injuries")
        .hasSize(4);
  }

  @Test
  void headersAreEnoughToCheckAModel() throws Exception {
    Path model = Files.createDirectories(folder.resolve("models")).resolve("real.gguf");
    Files.createSymbolicLink(model, RealModel.smolLm2());

    Path headers = copy(model, ModelParts.WEIGHT_HEADERS);
    try (ModelFiles files = ModelFormats.open(headers);
        ModelFiles real = ModelFormats.open(RealModel.smolLm2())) {
      assertThat(files.config()).isEqualTo(real.config());
    }
    assertThat(headers).hasFileName("real.gguf").hasSize(Files.size(RealModel.smolLm2()));
    Path whole = copy(model, ModelParts.ALL);
    assertThat(whole).isNotEqualTo(headers).hasSameBinaryContentAs(RealModel.smolLm2());
    assertThat(copy(model, ModelParts.WITHOUT_WEIGHTS)).as("what is there serves").isEqualTo(whole);
  }

  @Test
  void headersOfSafetensorsAreAllThatIsRead() throws Exception {
    Path model = huggingFaceFolder("the weights");

    Path headers = copy(model, ModelParts.WEIGHT_HEADERS);

    assertThat(Files.readString(headers.resolve("model.safetensors")))
        .isEqualTo(file("\0".repeat("the weights".length())));
    assertThat(headers.resolve("tokenizer.json")).hasContent("{}");
  }

  @Test
  void processesThatRaceCopyOnce() throws Exception {
    Path model = sparse("large.gguf", LARGE_BYTES);
    Path go = folder.resolve("go");
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      processes.add(CopyProcess.start(model, folder.resolve("copies"), go));
    }
    for (Process process : processes) {
      assertThat(process.inputReader().readLine()).isEqualTo("ready");
    }
    Files.createFile(go);

    List<String> lines = new ArrayList<>();
    for (Process process : processes) {
      process.inputReader().lines().forEach(lines::add);
      assertThat(process.waitFor()).as(lines.toString()).isZero();
    }
    assertThat(lines).filteredOn(line -> line.startsWith("Copying")).hasSize(1);
    assertThat(lines).filteredOn(line -> line.endsWith("/large.gguf")).hasSize(2);
    assertThat(lines.get(lines.size() - 1)).isEqualTo(copy(model, ModelParts.ALL).toString());
    assertThat(notices).isEmpty();
  }

  @Test
  void whatAKilledProcessHadCopiedIsNotUsed() throws Exception {
    Path model = sparse("large.gguf", LARGE_BYTES);
    Path go = Files.createFile(folder.resolve("go"));
    Process killed = CopyProcess.start(model, folder.resolve("copies"), go);
    while (partOf("large.gguf") < LARGE_BYTES / 16) {
      assertThat(killed.isAlive()).isTrue();
      Thread.sleep(1);
    }
    killed.destroyForcibly().waitFor();
    long left = partOf("large.gguf");

    Path copy = copy(model, ModelParts.ALL);

    assertThat(left).isBetween(LARGE_BYTES / 16, LARGE_BYTES - 1);
    assertThat(notices).hasSize(1);
    assertThat(copy).hasSize(LARGE_BYTES);
    assertThat(partOf("large.gguf")).as("left over").isZero();
  }

  @Test
  void classLoadersOfAProcessCopyOnce() throws Exception {
    Path model = sparse("large.gguf", LARGE_BYTES);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Future<String>> copies = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      copies.add(threads.submit(copyInAnotherClassLoader(model)));
    }

    List<String> results = new ArrayList<>();
    for (Future<String> copy : copies) {
      results.add(copy.get());
    }
    threads.shutdown();

    assertThat(results).filteredOn(result -> result.contains("Copying")).hasSize(1);
    assertThat(copy(model, ModelParts.ALL)).hasSize(LARGE_BYTES);
    assertThat(notices).isEmpty();
  }

  @Test
  void aFolderWithoutSafetensorsIsRefused() throws Exception {
    Path model = Files.createDirectories(folder.resolve("pickles"));
    Files.writeString(model.resolve("config.json"), "{}");
    Files.writeString(model.resolve("pytorch_model.bin"), "a pickle");

    assertThatThrownBy(() -> copy(model, ModelParts.WITHOUT_WEIGHTS))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageContaining(" has no weights as model*.safetensors");
  }

  /** As two jobs in a TaskManager do: no static field is shared. */
  private Callable<String> copyInAnotherClassLoader(Path model) throws IOException {
    List<URL> classPath = new ArrayList<>();
    for (String name : List.of("RemoteModel", "RemoteModelTest")) {
      Class<?> type = name.equals("RemoteModel") ? RemoteModel.class : RemoteModelTest.class;
      classPath.add(type.getProtectionDomain().getCodeSource().getLocation());
    }
    ClassLoader loader =
        new URLClassLoader(classPath.toArray(URL[]::new), getClass().getClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.nightshift.job.hub.")) {
              Class<?> loaded = findLoadedClass(name);
              return loaded == null ? findClass(name) : loaded;
            }
            return super.loadClass(name, resolve);
          }
        };
    return () ->
        (String)
            loader
                .loadClass(Copying.class.getName())
                .getMethod("copy", String.class, String.class)
                .invoke(null, model.toUri().toString(), folder.resolve("copies").toString());
  }

  /** Copies, and returns what was said. */
  public static final class Copying {
    private Copying() {}

    public static String copy(String model, String copies) throws Exception {
      List<String> notices = new ArrayList<>();
      RemoteFiles files = RemoteFiles.list(new org.apache.flink.core.fs.Path(model));
      new RemoteModel(Path.of(copies), notices::add).copy(files, ModelParts.ALL);
      return notices.toString();
    }
  }

  private Path copy(Path model, ModelParts parts) throws Exception {
    RemoteFiles files = list(model);
    return new RemoteModel(folder.resolve("copies"), notices::add).copy(files, parts);
  }

  private Path huggingFaceFolder(String weights) throws IOException {
    Path model = Files.createDirectories(folder.resolve("model"));
    Files.writeString(model.resolve("config.json"), "{}");
    Files.writeString(model.resolve("tokenizer.json"), "{}");
    Files.writeString(model.resolve("optimizer.bin"), "not needed");
    Files.writeString(model.resolve("consolidated.safetensors"), "not needed");
    write(model.resolve("model.safetensors"), weights);
    return model;
  }

  private static void write(Path file, String weights) throws IOException {
    Files.write(file, file(weights).getBytes(StandardCharsets.UTF_8));
  }

  /** The content of a safetensors file with an empty header. */
  private static String file(String weights) {
    return "\2\0\0\0\0\0\0\0{}" + weights;
  }

  private Path sparse(String name, long bytes) throws IOException {
    Path model = Files.createDirectories(folder.resolve("models")).resolve(name);
    try (RandomAccessFile file = new RandomAccessFile(model.toFile(), "rw")) {
      file.setLength(bytes);
    }
    return model;
  }

  /** Bytes of a file that is being copied. */
  private long partOf(String name) throws IOException {
    Path copies = Files.createDirectories(folder.resolve("copies"));
    try (Stream<Path> files = Files.find(copies, 3, (path, attributes) -> isPart(path, name))) {
      return files.mapToLong(path -> path.toFile().length()).sum();
    }
  }

  private static boolean isPart(Path path, String name) {
    return path.endsWith(Path.of(".unfinished", name));
  }
}
