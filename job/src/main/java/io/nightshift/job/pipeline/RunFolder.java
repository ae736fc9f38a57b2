package io.nightshift.job.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.job.options.InvalidJobException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;

/**
 * What a run keeps beside its output: the plan, and the word that it is complete. Its name begins
 * with an underscore, which readers of Parquet folders skip.
 *
 * @param output folder of the answers
 * @param work folder of the plan
 */
record RunFolder(Path output, Path work) {
  private static final String COMPLETE = "complete";

  Path plan() {
    return new Path(work, "plan");
  }

  /**
   * Whether a run of this very job has written all of its answers, and they have not been deleted
   * since.
   */
  boolean isComplete(String fingerprint) throws IOException {
    return completed().filter(fingerprint::equals).isPresent() && findAnswers().isPresent();
  }

  /** The fingerprint of the job whose answers are all there. */
  private Optional<String> completed() throws IOException {
    try (var in = work.getFileSystem().open(new Path(work, COMPLETE))) {
      return Optional.of(new String(in.readAllBytes(), UTF_8));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * Refuses to add to answers that are there already.
   *
   * @throws InvalidJobException if the output folder has the answers of another job, or of a run
   *     that was cut off
   */
  void requireNoAnswers() throws IOException {
    Optional<String> answers = findAnswers();
    if (answers.isPresent()) {
      throw new InvalidJobException(
          "output.path "
              + output
              + (completed().isPresent()
                  ? " has the answers of another job, with another input, model, prompt, answer, sampling or"
                      + " output.columns"
                  : " has answers of a run that was cut off, or files of something else")
              + " ("
              + answers.get()
              + "): choose another folder, or delete this one");
    }
  }

  /** The name of a file in the output folder that a reader would take for answers. */
  private Optional<String> findAnswers() throws IOException {
    FileSystem fileSystem = output.getFileSystem();
    if (!fileSystem.exists(output)) {
      return Optional.empty();
    }
    return Arrays.stream(fileSystem.listStatus(output))
        .map(file -> file.getPath().getName())
        .filter(name -> !name.startsWith("_") && !name.startsWith("."))
        .sorted()
        .findFirst();
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
