package io.nightshift.runtime.parallel;

/**
 * What connects the devices of ranks: the memory and the signals through which they sum or gather
 * their results (all-reduce, all-gather).
 */
public interface Collective extends AutoCloseable {

  /**
   * Makes all ranks that wait for another one, or will, stop that with a {@link
   * CollectiveAbortedException}. Called by any thread, also more than once. Nothing can be computed
   * after it.
   */
  void abort();

  /** Frees what the ranks share. Called once all of them are closed. */
  @Override
  void close();
}
