package io.nightshift.benchmarks.constraint;

import io.nightshift.benchmarks.constraint.CaseResult.Outcome;
import io.nightshift.benchmarks.constraint.SchemaCase.Instance;
import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.constraint.Constraints;
import io.nightshift.runtime.constraint.TokenMatcher;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.constraint.schema.JsonSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.util.ListStatistics;

/** Compiles schemas and walks their instances, byte by byte and in tokens of a vocabulary. */
final class CaseRunner {
  private static final int NO_LIMIT = Integer.MAX_VALUE;

  private final GreedyVocabulary bytes = VocabularyFiles.bytes();
  private final GreedyVocabulary vocabulary;
  private final ListStatistics maskNanos = new ListStatistics();

  /**
   * @param vocabulary tokens whose masks are timed
   */
  CaseRunner(GreedyVocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  /** Times of all masks so far, in nanoseconds. */
  ListStatistics maskNanos() {
    return maskNanos;
  }

  CaseResult run(SchemaCase schemaCase) {
    String schema = JsonTexts.write(schemaCase.schema());
    long start = System.nanoTime();
    try {
      ValueRule rule = JsonSchema.compile(schema);
      Constraint masks = Constraints.json(rule, /* spaces= */ false, vocabulary.vocabulary());
      masks.matcher().mask(NO_LIMIT);
      long compileNanos = System.nanoTime() - start;
      return walk(schemaCase, rule, masks, compileNanos);
    } catch (ConstraintException e) {
      return failed(schemaCase, Outcome.REFUSED, String.valueOf(e.getMessage()), start);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return failed(schemaCase, Outcome.CRASHED, e.toString(), start);
    }
  }

  private static CaseResult failed(
      SchemaCase schemaCase, Outcome outcome, String problem, long start) {
    return new CaseResult(
        schemaCase.name(), outcome, problem, System.nanoTime() - start, List.of(), List.of(), 0);
  }

  private CaseResult walk(
      SchemaCase schemaCase, ValueRule rule, Constraint masks, long compileNanos) {
    Constraint constraint = Constraints.json(rule, /* spaces= */ false, bytes.vocabulary());
    List<String> rejected = new ArrayList<>();
    List<String> accepted = new ArrayList<>();
    for (Instance instance : schemaCase.instances()) {
      List<String> texts = new InstanceTexts().of(rule, instance.data()).texts();
      Optional<String> text = texts.stream().filter(t -> accepts(constraint, t)).findFirst();
      boolean found = text.isPresent();
      if (inMasks(masks, text.orElse(texts.get(0))) != found) {
        throw new IllegalStateException("masks and bytes disagree on " + instance.description());
      }
      if (found != instance.valid()) {
        (found ? accepted : rejected).add(instance.description());
      }
    }
    int right = schemaCase.instances().size() - rejected.size() - accepted.size();
    return new CaseResult(
        schemaCase.name(),
        rejected.isEmpty() && accepted.isEmpty() ? Outcome.RIGHT : Outcome.WRONG,
        null,
        compileNanos,
        rejected,
        accepted,
        right);
  }

  private static boolean accepts(Constraint constraint, String text) {
    TokenMatcher matcher = constraint.matcher();
    try {
      for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
        matcher.accept(value & 0xFF);
      }
    } catch (IllegalArgumentException e) {
      return false;
    }
    return matcher.shortestEnd() == 0;
  }

  /** Whether each token of the text is in its mask; times the masks. */
  private boolean inMasks(Constraint constraint, String text) {
    TokenMatcher matcher = constraint.matcher();
    for (int token : vocabulary.encode(text)) {
      if (!mask(matcher).contains(token)) {
        return false;
      }
      matcher.accept(token);
    }
    return mask(matcher).contains(vocabulary.end());
  }

  private TokenMask mask(TokenMatcher matcher) {
    long start = System.nanoTime();
    TokenMask mask = matcher.mask(NO_LIMIT);
    maskNanos.addValue(System.nanoTime() - start);
    return mask;
  }
}
