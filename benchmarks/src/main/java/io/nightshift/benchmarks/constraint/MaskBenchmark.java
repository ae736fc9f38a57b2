package io.nightshift.benchmarks.constraint;

import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.constraint.Constraints;
import io.nightshift.runtime.constraint.TokenMatcher;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.constraint.schema.JsonSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** A schema as of a labelling job: compiling it, and the masks of one answer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class MaskBenchmark {
  private static final int NO_LIMIT = Integer.MAX_VALUE;

  private static final String SCHEMA =
      """
      {"type": "object", "additionalProperties": false,
       "required": ["id", "category", "urgent", "title", "amount", "date", "tags", "customer"],
       "properties": {
         "id": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4,6}$"},
         "category": {"enum": ["billing", "delivery", "repair", "complaint", "other"]},
         "urgent": {"type": "boolean"},
         "title": {"type": "string", "minLength": 1, "maxLength": 80},
         "amount": {"type": "number", "minimum": 0, "maximum": 100000, "multipleOf": 0.01},
         "date": {"type": "string", "format": "date"},
         "tags": {"type": "array", "maxItems": 5, "items": {"type": "string", "maxLength": 20}},
         "customer": {"type": "object", "additionalProperties": false,
                      "required": ["name", "age"],
                      "properties": {"name": {"type": "string", "maxLength": 40},
                                     "age": {"type": "integer", "minimum": 0, "maximum": 150}}}}}
      """;

  private static final String ANSWER =
      """
      {"id":"ABC-12345","category":"repair","urgent":true,"title":"No heating since Monday",\
      "amount":149.95,"date":"2026-11-29","tags":["heating","old flat"],\
      "customer":{"name":"Zoë Müller","age":41}}"""
          .strip();

  /** A file of {@link VocabularyFiles}; a relative path is one in the cache of models. */
  @Param("SmolLM2-135M-Instruct.Q4_1.gguf")
  private String vocabulary = "";

  private GreedyVocabulary tokens = VocabularyFiles.bytes();
  private final ValueRule rule = JsonSchema.compile(SCHEMA);
  private Constraint used = constraint();
  private int[] answer = {};

  /** Reads the vocabulary. */
  @Setup
  public void prepare() throws IOException {
    String cache = System.getenv("NIGHTSHIFT_CACHE");
    Path folder =
        cache == null
            ? Path.of(System.getProperty("user.home"), ".cache", "nightshift")
            : Path.of(cache);
    tokens = VocabularyFiles.read(folder.resolve("models").resolve(vocabulary));
    answer = tokens.encode(ANSWER);
    used = constraint();
  }

  private Constraint constraint() {
    return Constraints.json(rule, /* spaces= */ false, tokens.vocabulary());
  }

  /** From the text of the schema to the first mask. */
  @Benchmark
  public TokenMask compileAndFirstMask() {
    return Constraints.json(JsonSchema.compile(SCHEMA), /* spaces= */ false, tokens.vocabulary())
        .matcher()
        .mask(NO_LIMIT);
  }

  /** All masks of the first answer of a job. */
  @Benchmark
  public void firstAnswer(Blackhole masks) {
    walk(constraint(), masks);
  }

  /** All masks of an answer that another row had before. */
  @Benchmark
  public void knownAnswer(Blackhole masks) {
    walk(used, masks);
  }

  private void walk(Constraint constraint, Blackhole masks) {
    TokenMatcher matcher = constraint.matcher();
    for (int token : answer) {
      masks.consume(matcher.mask(NO_LIMIT));
      matcher.accept(token);
    }
    masks.consume(matcher.mask(NO_LIMIT));
  }
}
