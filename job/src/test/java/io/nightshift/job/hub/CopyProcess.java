package io.nightshift.job.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A process that copies a model: its address, the folder for copies, a file to wait for. */
final class CopyProcess {
  private CopyProcess() {}

  public static void main(String[] arguments) throws Exception {
    System.out.println("ready");
    while (!Files.exists(Path.of(arguments[2]))) {
      Thread.sleep(1);
    }
    RemoteFiles model = RemoteFiles.list(new org.apache.flink.core.fs.Path(arguments[0]));
    System.out.println(
        new RemoteModel(Path.of(arguments[1]), System.out::println).copy(model, ModelParts.ALL));
  }

  /** Starts one whose output can be read. */
  static Process start(Path model, Path copies, Path go) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CopyProcess.class.getName(),
                model.toUri().toString(),
                copies.toString(),
                go.toString()))
        .redirectErrorStream(true)
        .start();
  }
}
