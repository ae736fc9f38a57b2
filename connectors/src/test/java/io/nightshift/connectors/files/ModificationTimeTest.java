package io.nightshift.connectors.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ModificationTimeTest {

  @Test
  void aTimeInSecondsIsThatInMilliseconds() {
    assertThat(ModificationTime.same(1_700_000_000_123L, 1_700_000_000_000L)).isTrue();
    assertThat(ModificationTime.same(1_700_000_000_000L, 1_700_000_000_999L)).isTrue();
    assertThat(ModificationTime.same(1_700_000_000_123L, 1_700_000_000_123L)).isTrue();
  }

  @Test
  void otherTimesDiffer() {
    assertThat(ModificationTime.same(1_700_000_000_123L, 1_700_000_000_124L)).isFalse();
    assertThat(ModificationTime.same(1_700_000_000_000L, 1_700_000_001_000L)).isFalse();
    assertThat(ModificationTime.same(1_700_000_000_123L, 1_700_000_001_000L)).isFalse();
  }
}
