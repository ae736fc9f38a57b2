package io.nightshift.runtime.parallel;

import io.nightshift.runtime.parallel.RankOutcomes.Failure;
import io.nightshift.runtime.parallel.RankOutcomes.Outcome;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.DeviceLostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ranks of a runner, which do everything together. If one fails, or does not answer in time,
 * the collective is aborted, so that no other waits for it, and the group is lost.
 */
final class RankGroup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RankGroup.class);

  /** Creating a rank takes as long as its weights take to load. It ends, or fails, by itself. */
  private static final Duration UNLIMITED = Duration.ofNanos(Long.MAX_VALUE / 2);

  /** Time in which ranks that wait for others must stop once the collective is aborted. */
  private static final Duration MAX_GRACE = Duration.ofSeconds(30);

  private final List<RankThread> ranks;
  private final Rendezvous rendezvous;
  private final Collective collective;
  private final Duration timeout;
  private @Nullable DeviceLostException lost;
  private boolean closed;

  /**
   * @param devices name of each rank's device, for messages
   * @param collective closed with the group
   * @param timeout in which ranks must do what they are asked for
   */
  RankGroup(List<String> devices, Collective collective, Duration timeout) {
    this.collective = collective;
    this.timeout = timeout;
    rendezvous = new Rendezvous(devices.size());
    ranks =
        IntStream.range(0, devices.size())
            .mapToObj(rank -> new RankThread(rank, devices.get(rank)))
            .toList();
  }

  /**
   * Creates the runner of each rank, and then runs the first task on it. If that is not possible
   * for all ranks, throws the first failure.
   */
  <T> List<T> create(RankFactory factory, RankThread.Task<T> first) {
    BlockingQueue<Outcome<T>> arriving = new LinkedBlockingQueue<>();
    for (int rank = 0; rank < ranks.size(); rank++) {
      RankContext context = new RankContext(rank, ranks.size(), rendezvous);
      ranks.get(rank).create(factory, context, first, arriving::add);
    }
    RankOutcomes<T> outcomes = gather(arriving, UNLIMITED, UNLIMITED, Outcome::isFailure);
    if (outcomes.areValues()) {
      return outcomes.values();
    }
    Failure failed = outcomes.failures().get(0);
    LOG.warn("The runner of {} could not be created", name(failed.rank()));
    if (failed.cause() instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failed.cause();
  }

  /**
   * Runs a task on all ranks.
   *
   * @param step what the task is part of, for messages
   * @return what it returns on each rank
   * @throws IllegalArgumentException if all ranks refuse the arguments; nothing has happened then
   * @throws DeviceLostException if a rank fails or does not answer in time, or did so before
   */
  <T> List<T> run(Object step, RankThread.Task<T> task) {
    if (lost != null) {
      throw lost;
    }
    BlockingQueue<Outcome<T>> arriving = new LinkedBlockingQueue<>();
    ranks.forEach(rank -> rank.run(task, arriving::add));
    RankOutcomes<T> outcomes =
        gather(arriving, timeout, grace(), outcome -> outcome.isFailure() && !outcome.isRefusal());
    if (outcomes.areValues()) {
      return outcomes.values();
    }
    if (outcomes.refusal().isPresent()) {
      throw outcomes.refusal().get();
    }
    abort();
    lost = failure(step, outcomes);
    throw lost;
  }

  /**
   * Waits for all ranks. If one fails or is late, aborts the collective, and gives the others some
   * time to stop.
   *
   * @param limit time until a rank is late
   * @param grace time to stop
   * @param failed whether other ranks may wait for one with this outcome in vain
   */
  private <T> RankOutcomes<T> gather(
      BlockingQueue<Outcome<T>> arriving,
      Duration limit,
      Duration grace,
      Predicate<Outcome<T>> failed) {
    List<Outcome<T>> arrived = new ArrayList<>();
    boolean aborted = false;
    long deadline = System.nanoTime() + limit.toNanos();
    while (arrived.size() < ranks.size()) {
      Outcome<T> next = poll(arriving, deadline);
      if (next != null) {
        arrived.add(next);
      } else if (aborted) {
        break;
      }
      if (!aborted && (next == null || failed.test(next))) {
        aborted = true;
        abort();
        deadline = System.nanoTime() + grace.toNanos();
      }
    }
    return new RankOutcomes<>(arrived, ranks.size());
  }

  private static <T> @Nullable Outcome<T> poll(BlockingQueue<Outcome<T>> queue, long deadline) {
    return Uninterrupted.await(
        () -> queue.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
  }

  private DeviceLostException failure(Object step, RankOutcomes<?> outcomes) {
    List<Failure> failed = outcomes.failures();
    if (!failed.isEmpty()) {
      Throwable cause = failed.get(0).cause();
      Object problem = cause instanceof DeviceException ? cause.getMessage() : cause;
      // GPUs that use each other's memory may fail together, whichever was the cause.
      return new DeviceLostException(
          "%s failed on %s: %s"
              .formatted(
                  step,
                  failed.stream()
                      .map(each -> name(each.rank()))
                      .collect(Collectors.joining(" and ")),
                  problem),
          cause);
    }
    return new DeviceLostException(
        ("%s was not done in %s s by %s. Its device hangs, or the connection to the others:"
                + " start a new process, and leave the device out if it happens again")
            .formatted(step, timeout.toMillis() / 1000., hanging(outcomes)));
  }

  /** Ranks that only waited for others have stopped by now. If all have, any may be the cause. */
  private String hanging(RankOutcomes<?> outcomes) {
    List<Integer> hanging =
        outcomes.missing().isEmpty()
            ? outcomes.arrived().stream().filter(Outcome::isAborted).map(Outcome::rank).toList()
            : outcomes.missing();
    return hanging.stream().sorted().map(this::name).collect(Collectors.joining(" and "));
  }

  private String name(int rank) {
    return ranks.get(rank).name();
  }

  private void abort() {
    collective.abort();
    rendezvous.abort();
  }

  private Duration grace() {
    return timeout.compareTo(MAX_GRACE) < 0 ? timeout : MAX_GRACE;
  }

  /** Closes all ranks. Those that do not end in time are named in the log. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    ranks.forEach(RankThread::close);
    List<RankThread> left = lost == null ? notEnding(ranks, timeout) : ranks;
    if (!left.isEmpty()) {
      abort();
      left = notEnding(left, grace());
    }
    if (left.isEmpty()) {
      collective.close();
    } else {
      LOG.error(
          "These ranks hang, and keep their devices and memory until the process ends: {}",
          left.stream().map(RankThread::name).collect(Collectors.joining(", ")));
    }
  }

  private static List<RankThread> notEnding(List<RankThread> threads, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    return threads.stream().filter(thread -> !thread.endsBefore(deadline)).toList();
  }
}
