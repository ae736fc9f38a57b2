package io.nightshift.job.report.runs;

import io.nightshift.operators.report.EngineSeries;
import java.util.List;

/**
 * What a run records.
 *
 * @param description what is known when the run begins to answer
 * @param result what it has done
 * @param engines what its engines have done, by task and attempt
 */
public record RunRecord(RunDescription description, RunResult result, List<EngineSeries> engines) {
  public RunRecord {
    engines = List.copyOf(engines);
  }
}
