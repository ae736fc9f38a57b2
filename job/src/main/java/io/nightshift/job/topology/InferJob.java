package io.nightshift.job.topology;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowBatchTypeInformation;
import io.nightshift.connectors.lease.Ownership;
import io.nightshift.connectors.units.source.WorkUnitSource;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.operators.infer.Inference;
import io.nightshift.operators.infer.InferenceOperatorFactory;
import io.nightshift.operators.infer.OutputLayout;
import io.nightshift.operators.infer.TaskGpus;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.operators.SlotSharingGroup;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.SchedulerExecutionMode;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The second Flink job, bounded but with checkpoints: readers pull work units, engines answer their
 * rows, and output files are committed at each checkpoint.
 *
 * @param input path of the input, which the job is named after
 * @param inference how prompts are answered
 * @param slot resources that each task asks Flink for; empty for any slot
 * @param format how answers are written
 * @param ownership of the output
 * @param folders where answers go, and rows with an error if they go elsewhere
 */
public record InferJob(
    String input,
    Inference inference,
    Optional<JobSpecification.Slot> slot,
    AnswerFileFormat format,
    Ownership ownership,
    List<Path> folders) {

  public InferJob {
    folders = List.copyOf(folders);
  }

  /**
   * Submits the job.
   *
   * @param embedded whether the tasks run in this process
   */
  public JobClient start(
      UnansweredRows unanswered, StreamExecutionEnvironment environment, boolean embedded)
      throws Exception {
    environment.setRuntimeMode(RuntimeExecutionMode.STREAMING);
    environment.getConfig().enableObjectReuse();

    DataStreamSource<ArrowBatch> prompts =
        environment.fromSource(
            new WorkUnitSource(
                unanswered.plans(),
                unanswered.rows(),
                ownership,
                isElastic(environment.getConfiguration())),
            WatermarkStrategy.noWatermarks(),
            "work units");
    if (!embedded) {
      slot.ifPresent(asked -> prompts.slotSharingGroup(group(asked)));
    }

    SingleOutputStreamOperator<ArrowBatch> answers =
        prompts.transform(
            "answer",
            ArrowBatchTypeInformation.INSTANCE,
            new InferenceOperatorFactory(
                inference, unanswered.plans().folder(), unanswered.errorBound(), !embedded));

    answers.sinkTo(format.sink(ownership, folders.get(0))).name("write answers");
    if (inference.outputForm().failedRowsApart()) {
      answers
          .getSideOutput(OutputLayout.FAILED_ROWS)
          .sinkTo(format.sink(ownership, folders.get(1)))
          .name("write failed rows");
    }

    return environment.executeAsync("Nightshift infer: " + input);
  }

  /** Whether Flink gives the job whatever TaskManagers there are. */
  private static boolean isElastic(ReadableConfig flink) {
    return flink.get(JobManagerOptions.SCHEDULER) == JobManagerOptions.SchedulerType.Adaptive
        || flink.get(JobManagerOptions.SCHEDULER_MODE) == SchedulerExecutionMode.REACTIVE;
  }

  /** The slots of all tasks, which follow the source's. Flink finds TaskManagers that have such. */
  private static SlotSharingGroup group(JobSpecification.Slot slot) {
    SlotSharingGroup.Builder group =
        SlotSharingGroup.newBuilder("inference")
            .setCpuCores(slot.cpuCores())
            .setTaskHeapMemory(slot.heapMemory())
            .setTaskOffHeapMemory(slot.offHeapMemory());
    if (slot.gpus() > 0) {
      group.setExternalResource(TaskGpus.RESOURCE, slot.gpus());
    }
    return group.build();
  }
}
