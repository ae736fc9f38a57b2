package io.nightshift.job.bench;

import io.nightshift.runtime.bench.ConstrainedMeasurement;
import io.nightshift.runtime.bench.EngineBenchmark;
import io.nightshift.runtime.bench.Measurement;
import io.nightshift.runtime.bench.SyntheticVocabulary;
import io.nightshift.runtime.bench.Workload;
import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.constraint.Constraints;
import io.nightshift.runtime.constraint.mask.Vocabulary;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What running a workload showed.
 *
 * @param measurement of the answers that the workload asks for
 * @param constrained what it is compared with, if answers are constrained
 */
record WorkloadRun(Measurement measurement, Optional<ConstrainedMeasurement> constrained) {

  static WorkloadRun of(Benchmark.Request request, EngineBenchmark benchmark, ModelConfig config) {
    if (!request.workload().isConstrained()) {
      return new WorkloadRun(
          benchmark.run(request.workload(), request.rows(), request.order()), Optional.empty());
    }
    return request.model() instanceof Benchmark.Checkpoint checkpoint
        ? constrained(request, benchmark, config, checkpoint.path())
        : constrained(request, benchmark, syntheticVocabulary(config));
  }

  private static WorkloadRun constrained(
      Benchmark.Request request, EngineBenchmark benchmark, ModelConfig config, Path checkpoint) {
    try (ModelFiles files = ModelFormats.open(checkpoint);
        Tokenizer tokenizer = Tokenizers.open(files.tokenizerSource())) {
      return constrained(
          request,
          benchmark,
          Vocabulary.of(tokenizer, config.endOfSequenceTokens(), config.vocabularySize()));
    }
  }

  private static Vocabulary syntheticVocabulary(ModelConfig config) {
    SyntheticVocabulary vocabulary =
        new SyntheticVocabulary(
            config.vocabularySize(), config.endOfSequenceTokens(), Workload.schema());
    return new Vocabulary(vocabulary.tokens(), config.endOfSequenceTokens(), 0, vocabulary::encode);
  }

  private static WorkloadRun constrained(
      Benchmark.Request request, EngineBenchmark benchmark, Vocabulary vocabulary) {
    boolean spaces = false;
    Supplier<Constraint> constraints =
        () ->
            Constraints.compile(
                new ConstraintSpecification.JsonSchema(Workload.schema(), spaces), vocabulary);
    ConstrainedMeasurement runs =
        benchmark.runConstrained(request.workload(), request.rows(), request.order(), constraints);
    return new WorkloadRun(runs.constrained(), Optional.of(runs));
  }
}
