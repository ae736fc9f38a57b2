package io.nightshift.job.sql.types;

import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.constraint.Constraints;
import io.nightshift.runtime.constraint.TokenMatcher;
import io.nightshift.runtime.constraint.mask.Vocabularies;
import io.nightshift.runtime.constraint.mask.Vocabulary;
import java.io.ByteArrayOutputStream;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/** Random answers under the schema of some columns, byte by byte of what its automaton allows. */
final class RandomAnswers {
  private static final Vocabulary BYTES = Vocabularies.bytesAnd();

  private final Constraint constraint;
  private final Random random;

  RandomAnswers(List<AnswerColumn> columns, Random random) {
    this.random = random;
    constraint =
        Constraints.compile(
            new ConstraintSpecification.JsonSchema(AnswerRowSchema.of(columns), false, false),
            BYTES);
  }

  /** An answer. Some are as short as may be, others long. */
  byte[] next() {
    TokenMatcher matcher = constraint.matcher();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int remaining = constraint.shortestTokens() + random.nextInt(120);
    while (!matcher.isComplete()) {
      int token = any(BitSet.valueOf(matcher.mask(remaining).words()));
      matcher.accept(token);
      if (!BYTES.isEnd(token)) {
        text.write(token);
        remaining--;
      }
    }
    return text.toByteArray();
  }

  private int any(BitSet tokens) {
    int token = tokens.nextSetBit(0);
    for (int skip = random.nextInt(tokens.cardinality()); skip > 0; skip--) {
      token = tokens.nextSetBit(token + 1);
    }
    return token;
  }
}
