package io.nightshift.runtime.parallel;

import java.util.concurrent.CountDownLatch;

/** What connects ranks of which one never answers: they wait until it is aborted. */
final class Link implements Collective {
  private final CountDownLatch aborted = new CountDownLatch(1);
  private volatile boolean closed;

  /** Waits for a rank that does not come. */
  void awaitOthers() {
    Uninterrupted.await(
        () -> {
          aborted.await();
          return true;
        });
    throw new CollectiveAbortedException();
  }

  @Override
  public void abort() {
    aborted.countDown();
  }

  boolean isAborted() {
    return aborted.getCount() == 0;
  }

  @Override
  public void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }
}
