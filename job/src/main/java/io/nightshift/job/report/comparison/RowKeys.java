package io.nightshift.job.report.comparison;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.report.answers.OutputScan;
import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** Columns that identify the rows of both outputs. */
interface RowKeys {
  /** Names of the columns. */
  List<String> columns();

  /**
   * Checks that an output has the columns.
   *
   * @param output name for messages
   * @throws InvalidJobException naming what is missing or cannot be a key
   */
  void requireIn(String output, OutputScan rows) throws IOException;

  /**
   * The keys of a batch by row; null for a row without one, which is in no other output.
   *
   * @param batch with {@link #columns}; it belongs to the caller
   */
  IntFunction<@Nullable RowKey> of(VectorSchemaRoot batch);

  /** A key in a message. */
  String text(RowKey key);

  /** What to do when the outputs have no key in common. */
  String remedy();
}
