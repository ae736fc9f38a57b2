package io.nightshift.job.pipeline;

import io.nightshift.job.run.CompletePlan;
import io.nightshift.operators.plan.PlanManifest;
import io.nightshift.operators.plan.PlanSummary;
import io.nightshift.operators.report.RowErrors;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What answering the rows of some plans takes.
 *
 * @param manifests of the plans
 * @param summary of all plans
 * @param shared what need not be computed
 * @param promptTokens of all rows
 * @param answers that are computed
 * @param expectedTokens of an answer
 */
record PlannedWork(
    List<PlanManifest> manifests,
    PlanSummary summary,
    ExpectedWork shared,
    long promptTokens,
    long answers,
    long expectedTokens) {

  PlannedWork {
    manifests = List.copyOf(manifests);
  }

  static PlannedWork of(PreparedModel model, List<CompletePlan> plans) {
    PlanSummary summary = PlanSummary.empty();
    for (CompletePlan plan : plans) {
      summary = summary.plus(plan.summary());
    }
    List<PlanManifest> manifests = plans.stream().map(CompletePlan::manifest).toList();
    ExpectedWork shared =
        ExpectedWork.of(
            summary.sharing(), model.answers().sharesPrefixes(), model.answers().sharesAnswers());
    long failed = summary.errors().values().stream().mapToLong(RowErrors.OfCode::rows).sum();
    return new PlannedWork(
        manifests,
        summary,
        shared,
        manifests.stream().mapToLong(PlanManifest::promptTokens).sum(),
        rows(manifests) - failed - shared.sharedAnswers(),
        model.answers().expectedTokens());
  }

  private static long rows(List<PlanManifest> manifests) {
    return manifests.stream().mapToLong(PlanManifest::rows).sum();
  }

  /** Rows of all plans, those with errors included. */
  long rows() {
    return rows(manifests);
  }

  /** Prompt tokens that are computed. */
  long tokensToCompute() {
    return promptTokens - shared.sharedTokens();
  }

  /** Prompt tokens that are computed, and tokens that answers are expected to have. */
  long tokens() {
    return tokensToCompute() + answers * expectedTokens;
  }

  /** The time that answering takes at a measured rate; empty without one. */
  Optional<Duration> time(PreparedJob job, JobEngines engines) {
    OptionalDouble rate = job.specification().plan().tokensPerSecond();
    return rate.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Duration.ofSeconds(Math.round(tokens() / (engines.count() * rate.getAsDouble()))));
  }
}
