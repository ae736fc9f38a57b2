package io.nightshift.job.options;

import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.Path;

/**
 * What the command line says about a batch file.
 *
 * @param input a file, folder or glob
 * @param answers folder for the answers until they are written to the output file
 * @param model path or hub name
 * @param servedModelNames names that bodies may call the model by; empty for those of the path
 * @param device of the model; empty if an override says it
 */
public record BatchFiles(
    String input,
    Path answers,
    String model,
    List<String> servedModelNames,
    Optional<String> device) {
  public BatchFiles {
    servedModelNames = List.copyOf(servedModelNames);
  }
}
