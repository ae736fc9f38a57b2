package io.nightshift.operators.infer;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The devices that a process on this machine has for engines.
 *
 * @param names one for each engine: {@code GPU 0 (NVIDIA H200)} or, of several GPUs, {@code GPUs
 *     0+1 (NVIDIA H200)}; none if engines have no devices of their own
 * @param notices what the user should know about them
 */
public record EngineDevices(List<String> names, List<String> notices) {
  /** No devices that engines hold exclusively: any number of engines shares the processors. */
  public static final EngineDevices SHARED = new EngineDevices(List.of(), List.of());

  public EngineDevices {
    names = List.copyOf(names);
    notices = List.copyOf(notices);
  }

  /** Whether each engine holds devices, so that there are no more engines than these are for. */
  public boolean areExclusive() {
    return !names.isEmpty();
  }

  /** Engines that a process has if the user does not say: one that has all processors, or all. */
  public int engines() {
    return Math.max(1, names.size());
  }

  /** A notice if devices differ in kind. */
  static List<String> noticeOfKinds(List<String> kinds) {
    Set<String> different = new TreeSet<>(kinds);
    return different.size() < 2
        ? List.of()
        : List.of(
            "GPUs of different kinds (%s): each gets as many rows as it can do, and near-ties may fall out differently on each; name those to use in engine.gpus, for instance [0], if that matters"
                .formatted(String.join("; ", different)));
  }
}
