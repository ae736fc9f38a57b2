package io.nightshift.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowBatchTypeInformation;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.input.RowOrigin;
import io.nightshift.connectors.source.OutputColumn;
import io.nightshift.operators.model.ModelSource;
import io.nightshift.operators.render.PromptSpecification;
import io.nightshift.operators.tokenize.PromptLimit;
import io.nightshift.operators.tokenize.TemplatePrompts;
import io.nightshift.operators.tokenize.TokenizeFunction;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * What comes before the plan, alone: synthetic texts become token ids. A text is 100 words of one
 * token each, with the shared parts of {@link PlanBench}'s rows.
 */
final class TokenizeJob {
  private static final int BATCH = 256;
  private static final String[] WORDS =
      ("the of and to in is you that it he was for on are as with his they at be this have from or"
              + " one had by word but not what all were we when your can said there use an each"
              + " which she do how their if will up other about out many then them these so some her"
              + " would make like him into time has look two more write go see number no way could"
              + " people my than first water been call who oil its now find long down day did get"
              + " come made may part")
          .split(" ");

  private TokenizeJob() {}

  /**
   * Tokenizes that many texts, rounded up to whole batches, and drops the result.
   *
   * @param model file or folder with the tokenizer
   */
  static void run(StreamExecutionEnvironment environment, String model, long rows)
      throws Exception {
    environment
        .fromSequence(0, (rows + BATCH - 1) / BATCH - 1)
        .map(TokenizeJob::batch)
        .returns(ArrowBatchTypeInformation.INSTANCE)
        .flatMap(
            new TokenizeFunction(
                new TemplatePrompts(
                    PromptSpecification.text("{{ text }}"), Clock.systemDefaultZone()),
                new LocalModel(model),
                List.of("text"),
                new Schema(List.of()),
                new PromptLimit(10_000, true, "this benchmark")))
        .returns(TokenizeFunction.ROW_TYPE)
        .sinkTo(new DiscardingSink<>());
    environment.execute();
  }

  private record LocalModel(String path) implements ModelSource {
    @Override
    public Path withoutWeights() {
      return Path.of(path);
    }

    @Override
    public Path complete() {
      return Path.of(path);
    }
  }

  private static ArrowBatch batch(long number) {
    Schema schema =
        new InputColumns(
                List.of(new OutputColumn("text", OutputColumn.Origin.FILE)),
                new Schema(List.of(Field.nullable("text", ArrowType.Utf8.INSTANCE))))
            .withRowOrigin()
            .schema();
    VectorSchemaRoot root = VectorSchemaRoot.create(schema, ArrowMemory.allocator());
    VarCharVector texts = (VarCharVector) root.getVector("text");
    RowOrigin origin = RowOrigin.of(root);
    for (int row = 0; row < BATCH; row++) {
      texts.setSafe(row, text(number * BATCH + row).getBytes(UTF_8));
      origin.files().setSafe(row, "synthetic".getBytes(UTF_8));
      origin.rows().setSafe(row, number * BATCH + row);
    }
    root.setRowCount(BATCH);
    return new ArrowBatch(root);
  }

  private static String text(long id) {
    SplittableRandom own = new SplittableRandom(id);
    StringBuilder text = new StringBuilder();
    append(text, new SplittableRandom(1), PlanBench.PREFIX);
    append(text, new SplittableRandom(own.nextInt(PlanBench.GROUPS)), PlanBench.PREFIX);
    append(text, own, PlanBench.OWN);
    return text.toString();
  }

  private static void append(StringBuilder text, SplittableRandom random, int words) {
    for (int word = 0; word < words; word++) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
  }
}
