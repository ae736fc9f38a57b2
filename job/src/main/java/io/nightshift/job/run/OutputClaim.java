package io.nightshift.job.run;

import io.nightshift.connectors.files.Location;
import io.nightshift.connectors.lease.LeaseHolder;
import io.nightshift.connectors.lease.Ownership;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.storage.RecordFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.Path;

/** Makes the folders of a run those of its job. */
public final class OutputClaim {
  private final RunFolder folder;

  public OutputClaim(RunFolder folder) {
    this.folder = folder;
  }

  /**
   * Claims the folders for a job. Changes nothing unless the output is this run's.
   *
   * @param ownership of the output
   * @param holder this run
   * @throws InvalidJobException if the output folder has answers of another job, or files of
   *     something else; or if another folder is another output's, or has files in the way
   */
  public void claim(JobIdentity identity, Ownership ownership, LeaseHolder holder)
      throws IOException, InterruptedException, JobFailedException {
    WorkFolder work = folder.work();
    Optional<JobIdentity> owner = work.identity();
    boolean same = owner.isPresent() && owner.get().equals(identity);
    if (!same) {
      requireNoAnswers(identity, owner);
    }
    ownership.requireHeld();
    if (folder.failedRows().isPresent()) {
      Path records = new RecordFolder(folder.failedRows().get()).path();
      FolderOwner.claim("errors.path", records, folder.output(), holder);
    }
    if (!Location.of(work.path()).isWithin(Location.of(folder.output()))) {
      FolderOwner.claim(work.named().option(), work.path(), folder.output(), holder);
    }
    if (!same) {
      work.startAnew(identity, ownership);
    }
  }

  private void requireNoAnswers(JobIdentity identity, Optional<JobIdentity> owner)
      throws IOException {
    Optional<String> answers = answerFiles().stream().findFirst();
    if (answers.isPresent()) {
      String whose =
          owner
              .map(other -> "the answers of " + identity.ownerOfAnswers(other))
              .orElse("files of something else");
      throw new InvalidJobException(
          "%s has %s (%s): run with --fresh to write to a new folder beside it, or choose another %s"
              .formatted(
                  folder.namedOutput(), whose, answers.get(), folder.namedOutput().option()));
    }
  }

  /**
   * Names of the files in the output folders that have answers, or that a reader takes for such.
   */
  private List<String> answerFiles() throws IOException {
    List<String> names = new ArrayList<>();
    for (OutputFolder output : folder.outputs()) {
      names.addAll(output.names());
      names.addAll(output.unorderedNames());
    }
    return names;
  }
}
