package io.nightshift.runtime.bench;

import io.nightshift.runtime.model.random.SplitMix64;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Benchmark requests as token ids that every harness makes for itself: no tokenizer, no data set
 * and no random library stands between two engines. All numbers come from splitmix64 (Steele et
 * al., "Fast splittable pseudorandom number generators", 2014).
 *
 * <p>Decoding is greedy, end-of-sequence tokens are ignored, and a row generates exactly its number
 * of output tokens; a constrained one, what its constraint allows.
 */
public enum Workload {
  /** Nightly labelling: one long instruction, a short text, a label. */
  LABEL(4096, 1, 512, new Range(32, 512), new Range(4, 4)),
  /** Questions on documents, rows shuffled. */
  DOCQA(2048, 128, 1024, new Range(16, 64), new Range(16, 64)),
  /** Questions on more documents than the KV cache holds, rows shuffled. */
  LIBRARY(8192, 2048, 1024, new Range(16, 64), new Range(4, 16)),
  /** Summaries in the shape of MLPerf Inference's Llama-3.1-8B task. */
  SUMMARIZE(2048, 1, 16, new Range(200, 2500), new Range(50, 144)),
  /**
   * The prompts of {@link #SUMMARIZE}'s lengths, with the 128 output tokens that MLPerf Inference
   * counts for each sample of its Llama-3.1-8B task: output tokens/s compare with its offline
   * results.
   */
  MLPERF(2048, 1, 16, new Range(200, 2500), new Range(128, 128)),
  /** Free generation with uneven lengths. */
  GENERATE(1024, 1, 64, new Range(64, 512), new Range(32, 512)),
  /**
   * Extraction of fields as JSON, constrained by {@link #schema}: one long instruction, a text, and
   * an answer that ends where the schema does, after up to 512 tokens.
   */
  EXTRACT(2048, 1, 768, new Range(64, 1024), new Range(512, 512)),
  /** Embeddings of texts that share nothing: the hidden state of the last token of each. */
  EMBED(4096, 1, 0, new Range(64, 512, Draw.UNIFORM), new Range(0, 0)),
  /** Long documents that share nothing, each with an answer of its own. */
  LONG32K(64, 1, 0, new Range(32_768, 32_768), new Range(64, 64)),
  /** Documents that, with their answers, fill the 131,072 positions of Llama 3.1. */
  LONG128K(16, 1, 0, new Range(131_008, 131_008), new Range(64, 64));

  private static final long ROW_STEP = 2654435761L;
  private static final int RESERVED_TOKENS = 272;

  private final int rows;
  private final int groups;
  private final int prefixTokens;
  private final Range bodyTokens;
  private final Range outputTokens;

  /** How numbers of a range are drawn. */
  private enum Draw {
    /** The product of two uniforms: mostly short ones. */
    SKEWED,
    UNIFORM
  }

  private record Range(int low, int high, Draw draw) {
    Range(int low, int high) {
      this(low, high, Draw.SKEWED);
    }
  }

  /**
   * One row.
   *
   * @param row number of the row; rows come shuffled
   * @param promptTokens token ids, the group's shared prefix first
   * @param outputTokens tokens to generate; a maximum if answers are constrained, and none if
   *     prompts are embedded
   */
  public record Row(int row, int[] promptTokens, int outputTokens) {}

  Workload(int rows, int groups, int prefixTokens, Range bodyTokens, Range outputTokens) {
    this.rows = rows;
    this.groups = groups;
    this.prefixTokens = prefixTokens;
    this.bodyTokens = bodyTokens;
    this.outputTokens = outputTokens;
  }

  /** Whether prompts are embedded, and nothing is generated. */
  public boolean isEmbedding() {
    return this == EMBED;
  }

  /** Whether answers are constrained. */
  public boolean isConstrained() {
    return this == EXTRACT;
  }

  /**
   * The JSON Schema of {@link #EXTRACT}: twelve fields, of which one is a list and one an object.
   */
  public static String schema() {
    try (InputStream schema =
        Objects.requireNonNull(Workload.class.getResourceAsStream("extract.schema.json"))) {
      return new String(schema.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Rows of the whole workload. */
  public int rows() {
    return rows;
  }

  /**
   * Makes the first {@code count} rows.
   *
   * @param vocabularySize more than 272
   */
  public void generate(int vocabularySize, int count, Consumer<Row> consumer) {
    generate(vocabularySize, count, 0, consumer);
  }

  /**
   * Makes the first {@code count} rows of a repetition, for data sets of several times the
   * workload's size: rows of the same kind with other texts.
   *
   * @param vocabularySize more than 272: special tokens at both ends of the vocabulary are not used
   * @param repetition from 0 on; 0 is the workload itself
   * @throws IllegalArgumentException if the workload has fewer rows, or the vocabulary is too small
   */
  void generate(int vocabularySize, int count, int repetition, Consumer<Row> consumer) {
    if (count > rows) {
      throw new IllegalArgumentException("%s has %s rows, not %s".formatted(this, rows, count));
    }
    if (vocabularySize <= RESERVED_TOKENS) {
      throw new IllegalArgumentException(
          "workloads need a vocabulary of more than %s tokens, not %s"
              .formatted(RESERVED_TOKENS, vocabularySize));
    }
    for (int i = 0; i < count; i++) {
      int row = (int) (i * ROW_STEP % rows) + repetition * rows;
      int group = row % groups + repetition * groups;
      int body = between(nameHash() * 31 + row * 4L + 2, bodyTokens);
      int[] prompt = new int[prefixTokens + body];
      long prefixStream = nameHash() * 1000003 + 7L * group + 1;
      long bodyStream = nameHash() * 1000003 + 7L * (row + 100000) + 3;
      for (int p = 0; p < prefixTokens; p++) {
        prompt[p] = token(prefixStream, p, vocabularySize);
      }
      for (int p = 0; p < body; p++) {
        prompt[prefixTokens + p] = token(bodyStream, p, vocabularySize);
      }
      int output = between(nameHash() * 37 + row * 4L + 3, outputTokens);
      consumer.accept(new Row(row, prompt, output));
    }
  }

  /**
   * The first four letters of the workload's name as a number, the first letter lowest. Names with
   * the same four letters have the same streams of tokens.
   */
  private long nameHash() {
    String name = toString();
    long hash = 0;
    for (int i = 3; i >= 0; i--) {
      hash = hash << Byte.SIZE | name.charAt(i);
    }
    return hash;
  }

  /** Token {@code position} of a stream: an id in [16, vocabularySize - 256). */
  private static int token(long stream, int position, int vocabularySize) {
    long random = SplitMix64.hash((stream << 24) ^ position);
    return 16 + (int) Long.remainderUnsigned(random, vocabularySize - RESERVED_TOKENS);
  }

  /** A number of the range, one for each stream. */
  private static int between(long stream, Range range) {
    long drawn = SplitMix64.hash(stream * 2 + 1) >>> 33;
    if (range.draw == Draw.SKEWED) {
      long second = SplitMix64.hash(stream * 2 + 2) >>> 33;
      drawn = drawn * second >> 31;
    }
    return range.low + (int) (drawn * (range.high - range.low + 1) >> 31);
  }

  /** The value as the command line has it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
