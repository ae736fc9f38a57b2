package io.nightshift.operators.infer;

import io.nightshift.operators.report.ErrorBound;
import io.nightshift.operators.report.RowErrors;
import io.nightshift.operators.report.RowErrors.OfCode;
import io.nightshift.operators.report.TooManyErrorsException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.taskexecutor.GlobalAggregateManager;
import org.apache.flink.streaming.api.operators.StreamingRuntimeContext;
import org.apache.flink.util.InstantiationUtil;

/**
 * Fails the job if more rows have errors than the job allows.
 *
 * <p>Before its part of a checkpoint, every task sends its count to the JobManager and receives the
 * sum. The last task to do so gets the errors of all tasks up to the checkpoint. If they exceed the
 * bound, the checkpoint does not complete, and its answers are not committed.
 */
final class ErrorWatch {
  private final ErrorBound bound;
  private final GlobalAggregateManager aggregates;
  private final String aggregate;
  private final int task;
  private TreeMap<String, OfCode> told = new TreeMap<>();

  /**
   * @param bound bound of the job, with the errors that are known before the engines start
   */
  ErrorWatch(ErrorBound bound, StreamingRuntimeContext context) {
    this.bound = bound;
    this.aggregates = context.getGlobalAggregateManager();
    // After a change of the parallelism, the counts of the previous tasks no longer apply.
    this.aggregate =
        "row errors of " + context.getTaskInfo().getNumberOfParallelSubtasks() + " tasks";
    this.task = context.getTaskInfo().getIndexOfThisSubtask();
  }

  /**
   * Checks the errors of this task alone.
   *
   * @param found errors of the engine of this task since the start of the job
   */
  void check(TreeMap<String, OfCode> found) {
    try {
      bound.withKnownErrors(found).check();
    } catch (TooManyErrorsException e) {
      throw new SuppressRestartsException(e);
    }
  }

  /**
   * Checks the errors of all tasks.
   *
   * @param found errors of the engine of this task since the start of the job
   * @throws IOException if the JobManager cannot be reached
   */
  void checkAll(TreeMap<String, OfCode> found) throws IOException {
    if (found.equals(told)) {
      return;
    }
    byte[] all =
        aggregates.updateGlobalAggregate(
            aggregate, serialize(new Found(task, found)), new SumOfTasks());
    told = found;
    check(deserialize(all));
  }

  private record Found(int task, TreeMap<String, OfCode> errors) implements Serializable {}

  private static byte[] serialize(Serializable value) {
    try {
      return InstantiationUtil.serializeObject(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T deserialize(byte[] bytes) {
    try {
      return InstantiationUtil.deserializeObject(bytes, ErrorWatch.class.getClassLoader());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Runs in the JobManager. Its RPC cannot load the classes of the job, so that values are passed
   * as bytes.
   */
  private static final class SumOfTasks
      implements AggregateFunction<byte[], TreeMap<Integer, TreeMap<String, OfCode>>, byte[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public TreeMap<Integer, TreeMap<String, OfCode>> createAccumulator() {
      return new TreeMap<>();
    }

    @Override
    public TreeMap<Integer, TreeMap<String, OfCode>> add(
        byte[] value, TreeMap<Integer, TreeMap<String, OfCode>> errors) {
      Found found = deserialize(value);
      errors.put(found.task(), found.errors());
      return errors;
    }

    @Override
    public byte[] getResult(TreeMap<Integer, TreeMap<String, OfCode>> errors) {
      TreeMap<String, OfCode> sum = new TreeMap<>();
      for (Map<String, OfCode> ofTask : errors.values()) {
        sum = RowErrors.sum(sum, ofTask);
      }
      return serialize(sum);
    }

    @Override
    public TreeMap<Integer, TreeMap<String, OfCode>> merge(
        TreeMap<Integer, TreeMap<String, OfCode>> some,
        TreeMap<Integer, TreeMap<String, OfCode>> others) {
      some.putAll(others);
      return some;
    }
  }
}
