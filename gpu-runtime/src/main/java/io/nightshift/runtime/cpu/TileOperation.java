package io.nightshift.runtime.cpu;

/** Computes some rows of a step on the calling worker. */
@FunctionalInterface
interface TileOperation {

  /** Computes rows {@code from} to {@code from + count}. */
  void run(int from, int count);
}
