package io.nightshift.operators.predict;

import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.infer.EngineMetrics;
import io.nightshift.operators.infer.JobRelease;
import io.nightshift.runtime.runner.DeviceBusyException;
import io.nightshift.runtime.runner.DeviceException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.flink.metrics.MetricGroup;

/**
 * The engines of this process that the subtasks of queries share. The first subtask that needs an
 * engine opens it, and the last one closes it.
 *
 * <p>Subtasks share an engine if their factories are equal: the same model files, on the same
 * device, with the same options of the engine. The GPUs that Flink has assigned to the TaskManager
 * get as many engines as they are enough for, and subtasks take the one that the fewest others use.
 *
 * <p>The engines are known to one class loader. Flink loads a jar that belongs to a job once for
 * the job, so that jobs do not share engines, while all jobs share those of a jar in Flink's {@code
 * lib} folder.
 */
final class SharedEngines {
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Map<EngineFactory, List<EngineUse>> IN_USE = new HashMap<>();

  private SharedEngines() {}

  /** An engine, and how many subtasks use it. */
  private static final class EngineUse {
    final String model;
    final SharedEngine engine;
    int subtasks;

    EngineUse(String model, SharedEngine engine) {
      this.model = model;
      this.engine = engine;
    }
  }

  /** A subtask's use of an engine, which ends when it is closed. */
  static final class Lease implements AutoCloseable {
    private final EngineFactory key;
    private final EngineUse use;
    private boolean closed;

    private Lease(EngineFactory key, EngineUse use) {
      this.key = key;
      this.use = use;
    }

    SharedEngine engine() {
      return use.engine;
    }

    @Override
    public void close() throws Exception {
      LOCK.lock();
      try {
        if (!closed) {
          closed = true;
          release(key, use);
        }
      } finally {
        LOCK.unlock();
      }
    }
  }

  /**
   * Opens an engine, or shares one. Subtasks that need an engine wait while another one is opened.
   *
   * @param gpus that Flink has assigned to the TaskManager, ascending; empty if it has not
   * @param metrics of the subtask, which show the engine if this opens it
   * @throws Exception if the engine cannot be opened; the message names the model and the cause
   */
  static Lease acquire(PredictModel model, List<Integer> gpus, MetricGroup metrics)
      throws Exception {
    EngineFactory key = model.engines();
    LOCK.lockInterruptibly();
    try {
      List<EngineUse> uses = IN_USE.getOrDefault(key, new ArrayList<>());
      uses.removeIf(use -> use.engine.hasFailed());
      int engines = key.gpusPerEngine() == 0 ? 1 : Math.max(1, gpus.size() / key.gpusPerEngine());
      if (uses.size() < engines) {
        uses.add(new EngineUse(model.name(), open(model, gpus, metrics)));
        IN_USE.put(key, uses);
      }
      EngineUse use =
          uses.stream().min(Comparator.comparingInt(each -> each.subtasks)).orElseThrow();
      use.subtasks++;
      return new Lease(key, use);
    } finally {
      LOCK.unlock();
    }
  }

  private static SharedEngine open(PredictModel model, List<Integer> gpus, MetricGroup metrics)
      throws Exception {
    try {
      return SharedEngine.open(model, gpus, new EngineMetrics(metrics));
    } catch (DeviceBusyException e) {
      throw busy(model, e);
    }
  }

  /** Names the model whose engine holds the device, if it is one of this process. */
  private static DeviceException busy(PredictModel model, DeviceBusyException failure) {
    Optional<String> holder =
        IN_USE.entrySet().stream()
            .filter(engines -> engines.getKey().gpusPerEngine() > 0)
            .flatMap(engines -> engines.getValue().stream())
            .map(use -> use.model)
            .findFirst();
    return new DeviceException(
        "%s has no GPU, since %s: an engine uses its GPUs alone. Answer with one model at a time, in a statement of its own, or give each TaskManager GPUs for each model (external-resource.gpu.amount): %s"
            .formatted(
                model.name(),
                holder.map(name -> name + " holds it").orElse("another job holds it"),
                failure.getMessage()),
        failure);
  }

  private static void release(EngineFactory key, EngineUse use) throws Exception {
    if (--use.subtasks == 0) {
      List<EngineUse> uses = IN_USE.getOrDefault(key, new ArrayList<>());
      uses.remove(use);
      if (uses.isEmpty()) {
        IN_USE.remove(key);
      }
      use.engine.close();
      if (IN_USE.isEmpty()) {
        JobRelease.release();
      }
    }
  }
}
