package io.nightshift.operators.infer;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowBatchTypeInformation;
import java.io.Serializable;
import org.apache.flink.util.OutputTag;

/**
 * What comes out of the infer operator besides the kept columns and the answer, and where.
 *
 * @param sourceColumns whether rows say which file they come from, and which row of it they were
 * @param failedRowsApart whether rows with an error go to {@link #FAILED_ROWS}
 */
public record OutputForm(boolean sourceColumns, boolean failedRowsApart) implements Serializable {
  /** The side output of rows with an error, of the same schema as the others. */
  public static final OutputTag<ArrowBatch> FAILED_ROWS =
      new OutputTag<>("failed rows", ArrowBatchTypeInformation.INSTANCE);
}
