package io.nightshift.job.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.nightshift.connectors.files.AtomicFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * The record of a run that has brought its rows into the input's order: from then on it replaces
 * the footers of the unordered files, which are deleted.
 *
 * @param plans names of the plans whose rows these are
 * @param files names of the files in the output folder
 * @param failedRowsFiles names of the files in the folder of failed rows
 */
record OrderedRun(List<String> plans, List<String> files, List<String> failedRowsFiles) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  OrderedRun {
    plans = List.copyOf(plans);
    files = List.copyOf(files);
    failedRowsFiles = List.copyOf(failedRowsFiles);
  }

  /** Prefix of the names of a run's files, which sort after those of earlier runs. */
  static String filePrefix(int run) {
    return String.format(Locale.ROOT, "part-%05d", run);
  }

  /** The records in a folder, oldest first. */
  static List<OrderedRun> readAll(Path folder) throws IOException {
    FileSystem fileSystem = folder.getFileSystem();
    if (!fileSystem.exists(folder)) {
      return List.of();
    }
    List<OrderedRun> runs = new ArrayList<>();
    for (int run = 0; ; run++) {
      Path file = file(folder, run);
      if (!fileSystem.exists(file)) {
        return runs;
      }
      try (FSDataInputStream in = fileSystem.open(file)) {
        runs.add(JSON.readValue(in.readAllBytes(), OrderedRun.class));
      } catch (JsonProcessingException e) {
        throw new IOException(file + " is not a record of ordered rows: " + e.getMessage(), e);
      }
    }
  }

  /** Writes the record of the run of this number into a folder. */
  void write(Path folder, int run) throws IOException {
    AtomicFile.write(file(folder, run), JSON.writeValueAsBytes(this));
  }

  private static Path file(Path folder, int run) {
    return new Path(folder, String.format(Locale.ROOT, "%05d.json", run));
  }
}
