package io.nightshift.job.pipeline;

import io.nightshift.job.hub.ModelLocator;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.pipeline.Pipeline.Start;
import io.nightshift.job.progress.PlanReport;
import io.nightshift.job.progress.ProgressDisplay;
import io.nightshift.job.progress.RunReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.Path;

/**
 * Runs of whole jobs whose Flink jobs are in this process, without a display.
 *
 * @param engines that answer
 * @param flink configuration
 */
public record EmbeddedRuns(EngineSelection engines, Map<String, String> flink) {
  private static final ProgressDisplay NO_DISPLAY = source -> () -> {};

  /** Runs on this build's engines, with Flink's defaults. */
  public EmbeddedRuns() {
    this(new DeviceEngines(), Map.of());
  }

  /** Runs on these engines, with Flink's defaults. */
  public EmbeddedRuns(EngineSelection engines) {
    this(engines, Map.of());
  }

  /** Runs a job, or resumes it. */
  public RunReport run(String yaml, String... overrides) throws Exception {
    return run(Start.CONTINUE, yaml, overrides);
  }

  RunReport run(Start start, String yaml, String... overrides) throws Exception {
    return pipeline().run(job(yaml, overrides), start, NO_DISPLAY);
  }

  PlanReport plan(String yaml, String... overrides) throws Exception {
    return pipeline().plan(job(yaml, overrides), Optional.empty(), NO_DISPLAY);
  }

  PlanReport planAs(Path measured, String yaml) throws Exception {
    return pipeline().plan(job(yaml), Optional.of(measured), NO_DISPLAY);
  }

  /** The pipeline that the runs go through. */
  public FlinkPipeline pipeline() {
    return FlinkPipeline.embedded(
            ModelLocator.ofThisProcess(notice -> {}), Configuration.fromMap(flink))
        .withEngines(engines);
  }

  private static JobSpecification job(String yaml, String... overrides) {
    return JobSpecification.parse("job.yaml", yaml, List.of(overrides));
  }
}
