package io.nightshift.operators.plan;

import io.nightshift.operators.tokenize.PromptKey;
import io.nightshift.operators.tokenize.PromptKeyTypeInformation;
import io.nightshift.operators.tokenize.RowPayload;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;

/** The type of the rows to sort: number of the range, key, payload. */
public final class PlannedPrompt {
  public static final TypeInformation<Tuple3<Integer, PromptKey, RowPayload>> TYPE =
      Types.TUPLE(Types.INT, new PromptKeyTypeInformation(), Types.POJO(RowPayload.class));

  /** The field to sort by. */
  public static final String KEY_FIELD = "f1";

  private PlannedPrompt() {}
}
