package io.nightshift.operators.infer;

import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.constraint.Constraints;
import io.nightshift.runtime.constraint.mask.Vocabulary;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.tokenizer.Tokenizer;

/** Compiles constraints for the vocabulary of a model. */
@FunctionalInterface
public interface ConstraintCompiler {

  Constraint compile(ConstraintSpecification specification);

  /** A compiler for a model, which reads the vocabulary when it is used. */
  static ConstraintCompiler of(Tokenizer tokenizer, ModelConfig model) {
    return specification ->
        Constraints.compile(
            specification,
            Vocabulary.of(tokenizer, model.endOfSequenceTokens(), model.vocabularySize()));
  }
}
