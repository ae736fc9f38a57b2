package io.nightshift.operators.tokenize;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.connectors.arrow.row.ArrowValues;
import io.nightshift.connectors.arrow.row.InvalidUtf8Exception;
import io.nightshift.connectors.input.RowOrigin;
import io.nightshift.operators.model.ModelSource;
import io.nightshift.operators.render.PromptRenderer;
import io.nightshift.operators.render.PromptSpecification;
import io.nightshift.operators.render.RowErrorCode;
import io.nightshift.operators.render.RowException;
import io.nightshift.operators.report.RowErrors;
import io.nightshift.operators.report.RunCounter;
import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Renders and tokenizes the rows of a batch. Emits every row once: with the token ids of its
 * prompt, or without tokens and with an error code.
 */
public final class TokenizeFunction
    extends RichFlatMapFunction<ArrowBatch, Tuple2<PromptKey, RowPayload>> {
  private static final long serialVersionUID = 1L;

  /** The type of the emitted rows. */
  public static final TypeInformation<Tuple2<PromptKey, RowPayload>> ROW_TYPE =
      Types.TUPLE(new PromptKeyTypeInformation(), Types.POJO(RowPayload.class));

  /** Maximum number of characters that tokenizers normalize to one: a letter and its accent. */
  private static final int CHARACTERS_OF_LETTER = 2;

  private static final RenderedPrompt NO_PROMPT = RenderedPrompt.trusted("");

  private final PromptSpecification prompt;
  private final Clock clock;
  private final ModelSource model;
  private final List<String> columns;
  private final byte[] keptSchema;
  private final PromptLimit limit;

  private transient Tokenizer tokenizer;
  private transient PromptRenderer renderer;
  private transient ArrowRowCodec keptCodec;
  private transient LongCounter rowsTokenized;
  private transient LongCounter tokensTokenized;
  private transient RowErrors rowErrors;

  /**
   * @param prompt the job's templates
   * @param clock clock of {@code strftime_now}; a fixed one, because Flink sends it to all tasks
   * @param model for its tokenizer and its chat template
   * @param columns names of the columns that the batches have
   * @param keptSchema input columns that are kept for the output, with types that can hold those of
   *     the batches
   * @param limit a longer prompt is an error of its row
   */
  @SuppressWarnings("NullAway.Init") // Flink calls open() first
  public TokenizeFunction(
      PromptSpecification prompt,
      Clock clock,
      ModelSource model,
      List<String> columns,
      Schema keptSchema,
      PromptLimit limit) {
    this.prompt = prompt;
    this.clock = clock;
    this.model = model;
    this.columns = new ArrayList<>(columns);
    this.keptSchema = keptSchema.serializeAsMessage();
    this.limit = limit;
  }

  @Override
  public void open(OpenContext context) throws Exception {
    ModelDescription description = ModelFormats.describe(model.withoutWeights());
    tokenizer = Tokenizers.open(description.tokenizerSource());
    renderer = new PromptRenderer(prompt, description.chatTemplate(), clock, columns);
    keptCodec = new ArrowRowCodec(Schema.deserializeMessage(ByteBuffer.wrap(keptSchema)));
    rowsTokenized = RunCounter.ROWS_TOKENIZED.register(getRuntimeContext());
    tokensTokenized = RunCounter.TOKENS_TOKENIZED.register(getRuntimeContext());
    rowErrors = new RowErrors();
    getRuntimeContext().addAccumulator(RowErrors.NAME, rowErrors);
  }

  @Override
  public void flatMap(ArrowBatch batch, Collector<Tuple2<PromptKey, RowPayload>> rows) {
    try (batch) {
      VectorSchemaRoot root = batch.root();
      List<RowPayload> payloads = new ArrayList<>(batch.rows());
      List<RenderedPrompt> prompts = new ArrayList<>(batch.rows());
      VectorSchemaRoot kept =
          new VectorSchemaRoot(
              keptCodec.schema().getFields().stream()
                  .map(column -> root.getVector(column.getName()))
                  .toList());
      RowOrigin origin = RowOrigin.of(root);
      for (int row = 0; row < batch.rows(); row++) {
        RowPayload payload = new RowPayload();
        payload.columns = keptCodec.encode(kept, row);
        payloads.add(payload);
        prompts.add(origin.unreadable().isNull(row) ? render(root, row, payload) : NO_PROMPT);
        if (!origin.unreadable().isNull(row)) {
          payload.fail(RowErrorCode.INVALID_VALUE, origin.unreadable().getObject(row).toString());
        }
      }
      List<int[]> tokens = tokenizer.encodePrompts(prompts);
      for (int row = 0; row < batch.rows(); row++) {
        RowPayload payload = payloads.get(row);
        PromptKey key =
            new PromptKey(
                check(begin(tokens.get(row)), payload),
                origin.files().getObject(row).toString(),
                origin.rows().get(row));
        count(key, payload);
        rows.collect(Tuple2.of(key, payload));
      }
    }
  }

  /** Returns the prompt, or an empty one and sets the error in {@code payload}. */
  private RenderedPrompt render(VectorSchemaRoot root, int row, RowPayload payload) {
    Map<String, @Nullable Object> values = new HashMap<>();
    try {
      for (String column : renderer.columns()) {
        values.put(column, ArrowValues.read(root.getVector(column), row));
      }
      return requireShort(renderer.render(values));
    } catch (InvalidUtf8Exception e) {
      payload.fail(RowErrorCode.INVALID_UTF8, e.getMessage());
    } catch (DateTimeException e) {
      payload.fail(RowErrorCode.INVALID_VALUE, e.getMessage());
    } catch (RowException e) {
      payload.fail(e.code(), e.getMessage());
    }
    return NO_PROMPT;
  }

  /**
   * Rejects a prompt that exceeds the maximum number of tokens even if each were the longest of the
   * vocabulary: tokenizing some 10 MB takes seconds and gigabytes.
   */
  private RenderedPrompt requireShort(RenderedPrompt prompt) throws RowException {
    long characters = (long) CHARACTERS_OF_LETTER * tokenizer.longestToken() * limit.tokens();
    if (prompt.text().length() > characters) {
      throw new RowException(
          RowErrorCode.PROMPT_TOO_LONG,
          "the prompt has %s characters; %s".formatted(prompt.text().length(), limit));
    }
    return prompt;
  }

  /**
   * A chat template writes the beginning-of-sequence token itself; for other prompts the tokenizer
   * adds it. An empty prompt stays empty.
   */
  private int[] begin(int[] tokens) {
    return prompt.isPlainText() && tokens.length > 0 ? tokenizer.withBeginning(tokens) : tokens;
  }

  private int[] check(int[] tokens, RowPayload payload) {
    if (payload.errorCode == null && tokens.length == 0) {
      payload.fail(RowErrorCode.PROMPT_EMPTY, "the prompt has no tokens");
    }
    if (tokens.length > limit.tokens()) {
      payload.fail(
          RowErrorCode.PROMPT_TOO_LONG,
          "the prompt has %s tokens; %s".formatted(tokens.length, limit));
    }
    return payload.errorCode == null ? tokens : new int[0];
  }

  private void count(PromptKey key, RowPayload payload) {
    rowsTokenized.add(1);
    tokensTokenized.add(key.tokens().length);
    if (payload.errorCode != null) {
      rowErrors.add(payload.errorCode, key.sourceFile(), key.sourceRow(), payload.errorMessage);
    }
  }

  @Override
  public void close() {
    if (tokenizer != null) {
      tokenizer.close();
    }
  }
}
