package io.nightshift.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.options.InvalidJobException;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;

class FailureMessageTest {

  @Test
  void thatFlinkDoesNotRestartATaskIsNoReason() {
    Throwable failure =
        new RuntimeException(new SuppressRestartsException(new InvalidJobException("no room")));
    assertThat(FailureMessage.of(failure)).isEqualTo("no room");
  }
}
