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
 * Ends the job when its engines have found errors in more rows than it may have.
 *
 * <p>Every task tells its count to the JobManager before its part of a checkpoint, and gets the sum
 * back. The last one to do so sees what all have found up to the checkpoint: if that is too much,
 * the checkpoint does not complete, and the answers that go with it are not committed.
 */
final class ErrorWatch {
  private final ErrorBound bound;
  private final GlobalAggregateManager aggregates;
  private final String aggregate;
  private final int task;
  private TreeMap<String, OfCode> told = new TreeMap<>();

  /**
   * @param bound with the errors that are known before the engines begin
   */
  ErrorWatch(ErrorBound bound, StreamingRuntimeContext context) {
    this.bound = bound;
    this.aggregates = context.getGlobalAggregateManager();
    // A job that goes on with another number of tasks counts anew.
    this.aggregate =
        "row errors of " + context.getTaskInfo().getNumberOfParallelSubtasks() + " tasks";
    this.task = context.getTaskInfo().getIndexOfThisSubtask();
  }

  /**
   * Looks at this task's errors alone.
   *
   * @param found by this task's engine since the job began
   */
  void check(TreeMap<String, OfCode> found) {
    try {
      bound.knowing(found).check();
    } catch (TooManyErrorsException e) {
      throw new SuppressRestartsException(e);
    }
  }

  /**
   * Looks at the errors of all tasks.
   *
   * @param found by this task's engine since the job began
   * @throws IOException if the JobManager cannot be asked
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

  /** Runs in the JobManager, whose RPC does not know our classes: bytes in, bytes out. */
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
