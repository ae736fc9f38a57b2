package io.nightshift.job.topology;

import io.nightshift.connectors.lease.Ownership;
import io.nightshift.connectors.parquet.compaction.FileGroup;
import io.nightshift.connectors.parquet.compaction.FileMerger;
import io.nightshift.connectors.parquet.compaction.Replacement;
import io.nightshift.operators.compact.MergeFilesFunction;
import io.nightshift.operators.compact.ReplacementsSink;
import java.util.List;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A Flink job in batch mode that merges small output files if rows may be in any order. It leaves
 * its input alone and can be run any number of times: the files are replaced afterwards, by what
 * the job has recorded.
 */
public final class CompactJob {
  private CompactJob() {}

  /**
   * @param groups of files to merge, at least one
   * @param record file for the replacements
   * @param ownership of the output
   */
  public static JobClient start(
      List<FileGroup> groups,
      FileMerger merger,
      Path record,
      Ownership ownership,
      StreamExecutionEnvironment environment)
      throws Exception {
    environment.setRuntimeMode(RuntimeExecutionMode.BATCH);
    environment
        .fromData(TypeInformation.of(FileGroup.class), groups.toArray(FileGroup[]::new))
        .rebalance()
        .map(new MergeFilesFunction(merger))
        .returns(TypeInformation.of(Replacement.class))
        .name("merge small files")
        .sinkTo(new ReplacementsSink(record, ownership))
        .setParallelism(1)
        .name("record replacements");
    return environment.executeAsync("Nightshift compact: " + record.getParent());
  }
}
