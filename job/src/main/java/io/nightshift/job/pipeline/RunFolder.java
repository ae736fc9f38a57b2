package io.nightshift.job.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.connectors.units.PlanManifest;
import io.nightshift.job.options.InvalidJobException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;

/**
 * What a run keeps beside its output: the plan, and the word that it is complete. Its name begins with an underscore, which readers of
 * Parquet folders skip.
 *
 * @param output folder of the answers
 * @param work folder of the plan
 */
record RunFolder(Path output, Path work) {
  private static final String COMPLETE = "complete";

  Path plan() {
    return new Path(work, "plan");
  }

  /** The plan, if it is there and belongs to this job. */
  Optional<PlanManifest> findPlan(String fingerprint) throws IOException {
    return PlanManifest.read(plan()).filter(plan -> plan.fingerprint().equals(fingerprint));
  }

  /** Whether a run of this very job has written all of its answers. */
  boolean isComplete(String fingerprint) throws IOException {
    try (var in = work.getFileSystem().open(new Path(work, COMPLETE))) {
      return new String(in.readAllBytes(), UTF_8)
          .equals(fingerprint);
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  /**
   * Refuses to add to answers that are there already.
   *
   * @throws InvalidJobException if the output folder has files of another run, or of one that was cut off
   */
  void requireNoAnswers() throws IOException {
    FileSystem fileSystem = output.getFileSystem();
    FileStatus[] files = fileSystem.exists(output) ? fileSystem.listStatus(output) : null;
    for (FileStatus file : files == null ? new FileStatus[0] : files) {
      String name = file.getPath().getName();
      if (!name.startsWith("_") && !name.startsWith(".")) {
        throw new InvalidJobException(
            "output.path "
                + output
                + " has files of another run ("
                + name
                + "), or of one that was cut off: delete them, or choose another folder");
      }
    }
  }

  /** Begins a new plan: what is left of an older one is deleted. */
  void deletePlan() throws IOException {
    work.getFileSystem().delete(plan(), true);
    work.getFileSystem().mkdirs(plan());
  }

  void markComplete(String fingerprint) throws IOException {
    try (RecoverableFsDataOutputStream out =
        work.getFileSystem().createRecoverableWriter().open(new Path(work, COMPLETE))) {
      out.write(fingerprint.getBytes(UTF_8));
      out.closeForCommit().commit();
    }
  }
}
