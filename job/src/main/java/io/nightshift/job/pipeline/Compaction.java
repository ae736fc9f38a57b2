package io.nightshift.job.pipeline;

import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.parquet.compaction.FileGroup;
import io.nightshift.connectors.parquet.compaction.FileMerger;
import io.nightshift.connectors.parquet.compaction.Replacement;
import io.nightshift.connectors.parquet.compaction.Replacements;
import io.nightshift.job.progress.Stage;
import io.nightshift.job.run.SmallFiles;
import io.nightshift.job.topology.CompactJob;
import io.nightshift.job.topology.JobRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Merges small output files. If they are few, this process does so itself in less time than a Flink
 * job takes to start.
 */
final class Compaction {
  private static final long MAX_BYTES_MERGED_HERE = 64L << 20;

  private final FileMerger merger;
  private final SmallFiles files;
  private final JobExecutor executor;

  /**
   * @param merger writes the files of this run
   * @param files of the output
   */
  Compaction(FileMerger merger, SmallFiles files, JobExecutor executor) {
    this.merger = merger;
    this.files = files;
    this.executor = executor;
  }

  /**
   * Merges groups of files, and replaces them.
   *
   * @param groups at least one
   * @param rows of the output, for the progress
   * @return the Flink job that did so; empty if it was this process
   */
  Optional<JobRun> merge(List<FileGroup> groups, long rows) throws Exception {
    Optional<JobRun> job = Optional.empty();
    if (groups.stream().mapToLong(FileGroup::bytes).sum() <= MAX_BYTES_MERGED_HERE) {
      mergeHere(groups);
    } else {
      job = Optional.of(mergeInJob(groups, rows));
    }
    executor.lease().requireHeld();
    files.applyRecord();
    return job;
  }

  private void mergeHere(List<FileGroup> groups) throws IOException {
    List<Replacement> merged = new ArrayList<>();
    for (FileGroup group : groups) {
      merged.add(merger.merge(group, ArrowMemory.allocator()));
    }
    executor.lease().requireHeld();
    new Replacements(merged).write(files.record());
  }

  private JobRun mergeInJob(List<FileGroup> groups, long rows) throws Exception {
    return executor.execute(
        () ->
            CompactJob.start(
                groups, merger, files.record(), executor.ownership(), executor.batchEnvironment()),
        Stage.COMPACTING,
        rows);
  }
}
