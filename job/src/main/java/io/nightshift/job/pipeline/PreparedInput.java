package io.nightshift.job.pipeline;

import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.input.InputFiles;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.run.CompletePlan;
import io.nightshift.job.run.KeptColumns;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The input of a job, whose files and columns exist.
 *
 * @param files that are read
 * @param kept the columns that go to the output, as all files have them now
 * @param keptSchema their schema in the output
 * @param columnsRead columns that are read: those kept and those that the templates use
 */
record PreparedInput(
    InputFiles files, InputColumns kept, Schema keptSchema, List<String> columnsRead) {

  PreparedInput {
    columnsRead = List.copyOf(columnsRead);
  }

  /** The same input over some of its files. */
  PreparedInput over(InputFiles some) {
    return new PreparedInput(some, kept, keptSchema, columnsRead);
  }

  /**
   * The same input, its columns in the output what they were in earlier runs.
   *
   * @param plans of the earlier runs
   * @throws InvalidJobException naming a column whose type is incompatible with earlier runs
   */
  PreparedInput continuing(List<CompletePlan> plans) {
    return new PreparedInput(files, kept, KeptColumns.of(kept, plans), columnsRead);
  }
}
