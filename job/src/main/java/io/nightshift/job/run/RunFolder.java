package io.nightshift.job.run;

import io.nightshift.connectors.files.FolderListing;
import io.nightshift.job.run.JobPaths.NamedPath;
import io.nightshift.job.storage.RecordFolder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.Path;

/**
 * The folders that runs of a job write to: the answers, which say in their footers which rows they
 * are, and beside them the job's identity and the plans, one for each time that new input was
 * found. {@link OutputClaim} says whose they are, {@link AnsweredRows} and {@link OrderedRuns} what
 * is done, {@link SmallFiles} and {@link Leftovers} clean up.
 *
 * <p>If rows are to be in the input's order, answers wait in a folder below until all are there;
 * once they are ordered, a record says which plans they are of.
 *
 * @param namedOutput folder of the answers, with the option that names it
 * @param failedRows folder of rows with an error; empty if they are among the answers
 * @param work folder of identity and plans
 * @param ordered whether rows are to be in the input's order
 */
public record RunFolder(
    NamedPath namedOutput, Optional<Path> failedRows, WorkFolder work, boolean ordered) {
  /** Folder of the answers. */
  public Path output() {
    return namedOutput.path();
  }

  /** The lease, always below the answers: a plan may be written wherever a job file says. */
  public Path lease() {
    return new RecordFolder(output()).lease();
  }

  /** The folder of the answers, and that of failed rows if there is one. */
  List<OutputFolder> outputs() {
    return Stream.concat(Stream.of(output()), failedRows.stream()).map(OutputFolder::new).toList();
  }

  /** Where a run's answers go, and its failed rows if they go elsewhere. */
  List<Path> answerFolders(int run) {
    return outputs().stream()
        .map(folder -> ordered ? folder.unordered(run) : folder.path())
        .toList();
  }

  /** Whether there are files that readers of Parquet find. */
  public boolean hasFiles() throws IOException {
    return !new OutputFolder(output()).names().isEmpty();
  }

  /** The first folders beside these, with a number appended to their names, that do not exist. */
  public RunFolder fresh() throws IOException {
    for (int number = 2; ; number++) {
      RunFolder fresh = beside("-" + number);
      boolean free = FolderListing.status(fresh.output()).isEmpty();
      free &= fresh.failedRows.isEmpty() || FolderListing.status(fresh.failedRows.get()).isEmpty();
      if (free && FolderListing.status(fresh.work.path()).isEmpty()) {
        return fresh;
      }
    }
  }

  private RunFolder beside(String suffix) {
    return new RunFolder(
        new NamedPath(namedOutput.option(), FolderListing.beside(output(), suffix)),
        failedRows.map(folder -> beside(folder, suffix)),
        new WorkFolder(new NamedPath(work.named().option(), beside(work.path(), suffix))),
        ordered);
  }

  /** A folder below the output moves along with it. */
  private Path beside(Path folder, String suffix) {
    String inOutput = output() + "/";
    return folder.toString().startsWith(inOutput)
        ? FolderListing.child(
            FolderListing.beside(output(), suffix), folder.toString().substring(inOutput.length()))
        : FolderListing.beside(folder, suffix);
  }

  /**
   * Aborts uploads of records that were begun and not completed. Only while the run has the lease:
   * another one's would be aborted, too.
   *
   * @param flink configuration that says how the file systems are reached
   */
  public void abortRecordUploads(Configuration flink) {
    new Leftovers(this).abortRecords(flink);
  }
}
