package io.nightshift.runtime.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.model.random.SplitMix64;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import io.nightshift.runtime.sampling.SamplingParameters;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows of 131,072 tokens, in chunks, with rotary frequencies scaled as Llama 3 and YaRN do. Models
 * and goldens are written by {@code src/test/python/long_context_models.py}, which also says how
 * the tiny models find a needle.
 */
public abstract class LongContextContract {
  private static final int POSITIONS = 131_072;
  private static final int BLOCK_SIZE = 16;
  private static final int ANSWER_TOKENS = 3;

  /** Needles; a question is the first letter, the answer are the others. */
  private static final List<String> NEEDLES = List.of("ABCD", "EFGH", "IJKL", "MNOP", "QRST");

  private static final String FILLER = "abcdefghijklmnopqrstuvwxyz ";

  /** The engine's configuration, but for the size of the KV cache and of its blocks. */
  protected abstract EngineConfig options();

  protected abstract ModelRunner open(ModelFiles files, EngineConfig options);

  /** The largest difference of a logit that the precision explains; their deviation is 2.2. */
  protected abstract double tolerance();

  @ParameterizedTest
  @ValueSource(strings = {"llama3", "yarn"})
  void computesTheLogitsOfHuggingFaceTransformers(String scaling) throws IOException {
    JsonNode golden = golden("long-random-" + scaling);
    FloatBuffer expected =
        ByteBuffer.wrap(Base64.getDecoder().decode(golden.get("logits").asText()))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    try (ModelFiles files = model("long-random-" + scaling);
        ModelRunner runner = open(files, options(POSITIONS))) {
      int vocabulary = files.config().vocabularySize();
      int[] blocks = IntStream.range(0, POSITIONS / BLOCK_SIZE).toArray();
      int row = 0;
      int chunk = runner.maxStepTokens();
      for (int start = 0; start < POSITIONS; start += chunk) {
        int end = Math.min(POSITIONS, start + chunk);
        List<LogitsRequest> requests = new ArrayList<>();
        for (JsonNode position : golden.get("positions")) {
          if (position.asInt() >= start && position.asInt() < end) {
            requests.add(new LogitsRequest(position.asInt() - start, null));
          }
        }
        int[] tokens = IntStream.range(start, end).map(i -> token(i, vocabulary)).toArray();
        StepSequence sequence = new StepSequence(tokens, end, blocks, null);
        Logits logits = runner.run(new StepBatch(List.of(sequence), List.of(), requests));
        for (int request = 0; request < requests.size(); request++) {
          float[] actual = new float[vocabulary];
          logits.read(request, actual);
          double worst = 0;
          for (float logit : actual) {
            worst = Math.max(worst, Math.abs(logit - expected.get()));
          }
          assertThat(worst)
              .as("position %s", golden.get("positions").get(row++))
              .isLessThan(tolerance());
        }
      }
      assertThat(expected.hasRemaining()).isFalse();
    }
  }

  /**
   * Needles at the beginning, the end and between; the questions share the document. The first
   * layer attends to all of the row, so that time grows with the square of its length.
   */
  @ParameterizedTest
  @CsvSource({"llama3, 131072", "yarn, 32768"})
  void findsNeedlesAtEveryDepthOfALongRow(String scaling, int positions) {
    String document = document(positions - 1 - ANSWER_TOKENS);
    Map<Long, Completion> completions = new TreeMap<>();
    try (ModelFiles files = model("long-needle-" + scaling);
        Tokenizer tokenizer = Tokenizers.open(files.tokenizerSource());
        LlmEngine engine = engine(files, tokenizer)) {
      for (int needle = 0; needle < NEEDLES.size(); needle++) {
        int[] prompt = tokenizer.encode(document + NEEDLES.get(needle).charAt(0));
        assertThat(prompt).hasSize(positions - ANSWER_TOKENS);
        SamplingParameters greedy = SamplingParameters.greedy(ANSWER_TOKENS);
        engine.add(new Request(needle, prompt, greedy, Optional.empty()));
      }
      while (engine.hasUnfinished()) {
        engine.step().forEach(completion -> completions.put(completion.id(), completion));
      }
    }
    int cached = 0;
    for (int needle = 0; needle < NEEDLES.size(); needle++) {
      Completion completion = requireNonNull(completions.get((long) needle));
      assertThat(completion.text()).isEqualTo(NEEDLES.get(needle).substring(1));
      cached += completion.cachedTokens();
    }
    // The document is computed once, but for the block that ends within it.
    assertThat(cached).isGreaterThan((NEEDLES.size() - 1) * (document.length() - BLOCK_SIZE));
  }

  private LlmEngine engine(ModelFiles files, Tokenizer tokenizer) {
    EngineConfig options = options(POSITIONS + 2 * BLOCK_SIZE * NEEDLES.size());
    return new LlmEngine(open(files, options), tokenizer::decode, options);
  }

  private EngineConfig options(int cacheTokens) {
    return options().withBlockSize(BLOCK_SIZE).withKvCacheTokens(cacheTokens);
  }

  /** Random letters with the needles at equal distances, the first behind one letter. */
  private static String document(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(FILLER.charAt(token(i, FILLER.length())));
    }
    for (int i = 0; i < NEEDLES.size(); i++) {
      String needle = NEEDLES.get(i);
      int at = 1 + (int) ((long) i * (length - 1 - needle.length()) / (NEEDLES.size() - 1));
      text.replace(at, at + needle.length(), needle);
    }
    return text.toString();
  }

  private static int token(int index, int vocabulary) {
    return (int) Long.remainderUnsigned(SplitMix64.hash(index), vocabulary);
  }

  private static ModelFiles model(String name) {
    URL config = LongContextContract.class.getResource("/models/" + name + "/config.json");
    try {
      return ModelFormats.open(Path.of(config.toURI()).resolveSibling(""));
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode golden(String name) throws IOException {
    try (InputStream json =
        LongContextContract.class.getResourceAsStream("/goldens/long/" + name + ".json")) {
      return new ObjectMapper().readTree(json);
    }
  }
}
