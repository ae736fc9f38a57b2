package io.nightshift.job.run;

import io.nightshift.connectors.parquet.sink.OutputNames;
import io.nightshift.connectors.s3.AbandonedUploads;
import io.nightshift.job.storage.RecordFolder;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.Path;

/** Files of an output that no run has committed, left by runs that were killed. */
final class Leftovers {
  private final RunFolder folder;

  Leftovers(RunFolder folder) {
    this.folder = folder;
  }

  /**
   * Deletes them. Only once the Flink job has ended: a job that recovers continues such files.
   *
   * @param run number of this run among those that bring rows into order
   * @param runId of this run
   * @param flink configuration that says how the file systems are reached
   */
  void delete(int run, String runId, Configuration flink) throws IOException {
    WorkFolder work = folder.work();
    List<String> runs = work.runs();
    Set<Path> folders = new LinkedHashSet<>(folder.answerFolders(run));
    folder.outputs().forEach(output -> folders.add(output.path()));
    for (Path path : folders) {
      OutputFolder.deleteBegun(path, runs);
    }
    new OrderedRuns(folder).deleteUnrecorded(run, runId);
    for (OutputFolder output : folder.outputs()) {
      AbandonedUploads.abort(output.path(), upload -> isUploadOf(upload, runs), flink);
    }
    work.forgetRunsBut(folder.output(), runId);
  }

  /** Aborts the uploads of records alone. */
  void abortRecords(Configuration flink) {
    AbandonedUploads.abort(folder.output(), Leftovers::isUploadOfRecord, flink);
  }

  private static boolean isUploadOf(String upload, List<String> runs) {
    return OutputNames.isOf(upload, runs) || isUploadOfRecord(upload);
  }

  private static boolean isUploadOfRecord(String upload) {
    String records = RecordFolder.NAME + "/";
    return upload.startsWith(records) && WorkFolder.isRecord(upload.substring(records.length()));
  }
}
