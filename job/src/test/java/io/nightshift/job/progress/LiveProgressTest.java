package io.nightshift.job.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LiveProgressTest {

  @Test
  void showsTheFirstLineAtOnceAndPollsUntilClosed() throws InterruptedException {
    StringWriter written = new StringWriter();
    CountDownLatch polls = new CountDownLatch(3);
    LiveProgress progress = new LiveProgress(new PrintWriter(written), OptionalInt.empty(), false);

    ProgressDisplay.Following following =
        progress.follow(
            () -> {
              polls.countDown();
              return ProgressSnapshot.beginning(Stage.READING);
            });
    try (following) {
      assertThat(written.toString()).isEqualTo("0s  reading  0 rows  0 errors\n");
      assertThat(polls.await(30, TimeUnit.SECONDS)).isTrue();
    }
    following.close();

    assertThat(written.toString().lines())
        .allMatch(line -> line.endsWith("reading  0 rows  0 errors"));
  }
}
