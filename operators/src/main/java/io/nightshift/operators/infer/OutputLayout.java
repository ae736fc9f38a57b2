package io.nightshift.operators.infer;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowBatchTypeInformation;
import java.io.Serializable;
import org.apache.flink.util.OutputTag;

/**
 * Form of the output of the inference operator.
 *
 * @param sourceColumns whether rows have columns with their source file and the row in it
 * @param failedRowsApart whether rows with an error are emitted to {@link #FAILED_ROWS}
 */
public record OutputLayout(boolean sourceColumns, boolean failedRowsApart) implements Serializable {
  /** Side output for rows with an error, with the same schema as the main output. */
  public static final OutputTag<ArrowBatch> FAILED_ROWS =
      new OutputTag<>("failed rows", ArrowBatchTypeInformation.INSTANCE);
}
