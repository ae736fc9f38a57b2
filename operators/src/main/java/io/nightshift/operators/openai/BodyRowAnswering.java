package io.nightshift.operators.openai;

import io.nightshift.operators.infer.Answer;
import io.nightshift.operators.infer.ConstraintCompiler;
import io.nightshift.operators.infer.RowAnswering;
import io.nightshift.operators.infer.UnanswerableException;
import io.nightshift.operators.infer.UnitRow;
import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import io.nightshift.runtime.engine.Completion;
import io.nightshift.runtime.engine.Request;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers each row as its body asks. */
final class BodyRowAnswering implements RowAnswering {
  /** Compiled constraints that are kept: bodies tend to have few different ones. */
  private static final int MAX_CONSTRAINTS = 64;

  /** An odd number whose multiples spread over all seeds: 2^64 divided by the golden ratio. */
  private static final long SEED_STRIDE = 0x9E3779B97F4A7C15L;

  private final BodyAnswering answering;
  private final ConstraintCompiler compiler;
  private final ChoiceJson choices;
  private final RequestColumns columns;
  private final BoundedCache<ConstraintSpecification, Constraint> constraints =
      new BoundedCache<>(MAX_CONSTRAINTS);

  BodyRowAnswering(
      BodyAnswering answering,
      ConstraintCompiler compiler,
      ChoiceJson choices,
      RequestColumns columns) {
    this.answering = answering;
    this.compiler = compiler;
    this.choices = choices;
    this.columns = columns;
  }

  @Override
  public Request request(long id, UnitRow row) throws UnanswerableException {
    RequestColumns.Decoded request = columns.decode(row.columns());
    RequestParameters parameters = RequestParameters.fromJson(request.parameters());
    if (parameters.embedding() != null) {
      return Request.embedding(id, row.tokens(), parameters.embedding());
    }
    return new Request(
        id,
        row.tokens(),
        sampling(parameters, row, request.part()),
        Optional.empty(),
        constraint(parameters),
        Optional.ofNullable(answering.reasoning()));
  }

  /** The choices of a response differ by their seeds. */
  private SamplingParameters sampling(RequestParameters parameters, UnitRow row, int part) {
    @Nullable Long seed = parameters.seed();
    long first = seed == null ? row.seed(answering.seed()) : seed;
    return parameters.texts().withSeed(first + part * SEED_STRIDE);
  }

  private Optional<Constraint> constraint(RequestParameters parameters)
      throws UnanswerableException {
    Optional<ConstraintSpecification> specification = parameters.constraint();
    if (specification.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(constraints.get(specification.get(), compiler::compile));
    } catch (ConstraintException e) {
      throw new UnanswerableException(
          ErrorCodes.INVALID_VALUE, "response_format " + e.getMessage(), e);
    }
  }

  @Override
  public Answer answer(UnitRow row, Completion completion) {
    if (completion.error() != null) {
      return Answer.error(
          completion.promptTokens(),
          completion.error().name().toLowerCase(Locale.ROOT),
          completion.errorMessage());
    }
    RequestParameters parameters =
        RequestParameters.fromJson(columns.decode(row.columns()).parameters());
    return new Answer(
        choices.of(parameters, completion),
        completion.finishReason(),
        null,
        null,
        null,
        Map.of(),
        null,
        completion.promptTokens(),
        completion.cachedTokens(),
        completion.outputTokens().length,
        null,
        null);
  }

  @Override
  public boolean sharesAnswer(UnitRow row, UnitRow other) {
    String parameters = columns.decode(row.columns()).parameters();
    return answering.shareDuplicates()
        && RequestParameters.fromJson(parameters).greedy()
        && parameters.equals(columns.decode(other.columns()).parameters());
  }

  @Override
  public void close() {
    columns.close();
  }
}
