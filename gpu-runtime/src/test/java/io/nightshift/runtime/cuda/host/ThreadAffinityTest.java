package io.nightshift.runtime.cuda.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class ThreadAffinityTest {

  @Test
  void aBoundThreadAndItsChildrenStayOnTheirProcessors() throws Exception {
    BitSet all = ThreadAffinity.ofThread();
    BitSet last = new BitSet();
    last.set(all.length() - 1);
    ExecutorService bound = Executors.newSingleThreadExecutor();
    try {
      BitSet child =
          bound
              .submit(
                  () -> {
                    ThreadAffinity.bindThread(last);
                    assertThat(ThreadAffinity.ofThread()).isEqualTo(last);
                    return processorsOfNewThread();
                  })
              .get();

      assertThat(child).isEqualTo(last);
      assertThat(ThreadAffinity.ofThread()).isEqualTo(all);
      assertThat(ThreadAffinity.ofProcess()).isEqualTo(all);

      bound.submit(() -> ThreadAffinity.bindThread(all)).get();
      assertThat(bound.submit(ThreadAffinity::ofThread).get()).isEqualTo(all);
    } finally {
      bound.shutdownNow();
    }
  }

  private static BitSet processorsOfNewThread() throws Exception {
    ExecutorService child = Executors.newSingleThreadExecutor();
    try {
      return child.submit(ThreadAffinity::ofThread).get();
    } finally {
      child.shutdownNow();
    }
  }
}
