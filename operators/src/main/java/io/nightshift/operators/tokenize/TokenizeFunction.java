package io.nightshift.operators.tokenize;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.connectors.arrow.row.ArrowValues;
import io.nightshift.connectors.arrow.row.InvalidUtf8Exception;
import io.nightshift.operators.render.PromptRenderer;
import io.nightshift.operators.render.PromptSpecification;
import io.nightshift.operators.render.RowErrorCode;
import io.nightshift.operators.render.RowException;
import io.nightshift.operators.report.RowErrors;
import io.nightshift.operators.report.RunCounter;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Renders and tokenizes the rows of a batch. Every row comes out once: with the token ids of its prompt, or without any and with an
 * error code.
 */
public final class TokenizeFunction
    extends RichFlatMapFunction<ArrowBatch, Tuple2<PromptKey, RowPayload>> {
  private static final long serialVersionUID = 1L;

  /** The type of the rows that come out. */
  public static final TypeInformation<Tuple2<PromptKey, RowPayload>> ROW_TYPE =
      Types.TUPLE(new PromptKeyTypeInformation(), Types.POJO(RowPayload.class));
}
