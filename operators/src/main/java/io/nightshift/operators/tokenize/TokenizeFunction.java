package io.nightshift.operators.tokenize;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.input.RowOrigin;
import io.nightshift.operators.model.ModelSource;
import io.nightshift.operators.render.RowException;
import io.nightshift.operators.report.RowErrors;
import io.nightshift.operators.report.RunCounter;
import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.util.Collector;
import org.apache.flink.util.IOUtils;

/**
 * Renders and tokenizes the rows of a batch. Emits every prompt of a row once: with its token ids,
 * or without tokens and with an error code.
 */
public final class TokenizeFunction
    extends RichFlatMapFunction<ArrowBatch, Tuple2<PromptKey, RowPayload>> {
  private static final long serialVersionUID = 1L;

  /** The type of the emitted rows. */
  public static final TypeInformation<Tuple2<PromptKey, RowPayload>> ROW_TYPE =
      Types.TUPLE(new PromptKeyTypeInformation(), Types.POJO(RowPayload.class));

  private static final int[] NO_TOKENS = {};

  private static final RenderedPrompt NO_PROMPT = RenderedPrompt.trusted("");

  private final PromptSource prompts;
  private final ModelSource model;
  private final List<String> columns;
  private final byte[] keptSchema;
  private final PromptLimit limit;

  private transient Tokenizer tokenizer;
  private transient PromptEncoding encoding;
  private transient RowPrompts rowPrompts;
  private transient LongCounter rowsTokenized;
  private transient LongCounter tokensTokenized;
  private transient RowErrors rowErrors;

  /**
   * @param prompts where prompts come from
   * @param model for its tokenizer and its chat template
   * @param columns names of the columns that the batches have
   * @param keptSchema what is kept of a row for the output: input columns, with types that can hold
   *     those of the batches, or what the source makes of them
   * @param limit a longer prompt is an error of its row
   */
  @SuppressWarnings("NullAway.Init") // Flink calls open() first
  public TokenizeFunction(
      PromptSource prompts,
      ModelSource model,
      List<String> columns,
      Schema keptSchema,
      PromptLimit limit) {
    this.prompts = prompts;
    this.model = model;
    this.columns = new ArrayList<>(columns);
    this.keptSchema = keptSchema.serializeAsMessage();
    this.limit = limit;
  }

  @Override
  public void open(OpenContext context) throws Exception {
    ModelDescription description = ModelFormats.describe(model.withoutWeights());
    tokenizer = Tokenizers.open(description.tokenizerSource());
    encoding = new PromptEncoding(tokenizer, limit);
    rowPrompts =
        prompts.open(
            description,
            tokenizer,
            columns,
            Schema.deserializeMessage(ByteBuffer.wrap(keptSchema)));
    rowsTokenized = RunCounter.ROWS_TOKENIZED.register(getRuntimeContext());
    tokensTokenized = RunCounter.TOKENS_TOKENIZED.register(getRuntimeContext());
    rowErrors = new RowErrors();
    getRuntimeContext().addAccumulator(RowErrors.NAME, rowErrors);
  }

  @Override
  public void flatMap(ArrowBatch batch, Collector<Tuple2<PromptKey, RowPayload>> rows) {
    try (batch) {
      VectorSchemaRoot root = batch.root();
      List<RowPrompt> batchPrompts = new ArrayList<>(batch.rows());
      List<RenderedPrompt> texts = new ArrayList<>(batch.rows());
      List<Integer> rowsOfPrompts = new ArrayList<>(batch.rows());
      rowPrompts.of(
          root,
          (row, given) -> {
            RowPrompt prompt = requireShort(given);
            batchPrompts.add(prompt);
            texts.add(prompt.content() instanceof RowPrompt.Text text ? text.prompt() : NO_PROMPT);
            rowsOfPrompts.add(row);
          });
      List<int[]> tokens = tokenizer.encodePrompts(texts);
      RowOrigin origin = RowOrigin.of(root);
      rowsTokenized.add(batch.rows());
      for (int i = 0; i < batchPrompts.size(); i++) {
        RowPayload payload = new RowPayload();
        payload.columns = batchPrompts.get(i).columns();
        int row = rowsOfPrompts.get(i);
        PromptKey key =
            new PromptKey(
                tokens(batchPrompts.get(i).content(), tokens.get(i), payload),
                origin.files().getObject(row).toString(),
                origin.rows().get(row));
        count(key, payload);
        rows.collect(Tuple2.of(key, payload));
      }
    }
  }

  /** Rejects a text that has too many tokens, whatever they are. */
  private RowPrompt requireShort(RowPrompt prompt) {
    try {
      if (prompt.content() instanceof RowPrompt.Text text) {
        encoding.requireShort(text.prompt());
      }
      return prompt;
    } catch (RowException e) {
      return new RowPrompt(
          prompt.columns(), new RowPrompt.Failed(e.code().columnValue(), e.getMessage()));
    }
  }

  /**
   * Returns the tokens of a prompt, or none and sets the error in {@code payload}.
   *
   * @param encoded the tokens of the text, if it is one
   */
  private int[] tokens(RowPrompt.Content content, int[] encoded, RowPayload payload) {
    if (content instanceof RowPrompt.Failed failed) {
      payload.fail(failed.code(), failed.message());
      return NO_TOKENS;
    }
    try {
      return content instanceof RowPrompt.Text text
          ? encoding.complete(encoded, text.beginning())
          : encoding.requireFitting(((RowPrompt.Tokens) content).ids());
    } catch (RowException e) {
      payload.fail(e.code().columnValue(), e.getMessage());
      return NO_TOKENS;
    }
  }

  private void count(PromptKey key, RowPayload payload) {
    tokensTokenized.add(key.tokens().length);
    if (payload.errorCode != null) {
      rowErrors.add(payload.errorCode, key.sourceFile(), key.sourceRow(), payload.errorMessage);
    }
  }

  @Override
  public void close() throws Exception {
    // Also called if open() has failed: IOUtils skips null.
    IOUtils.closeAll(rowPrompts, tokenizer);
  }
}
