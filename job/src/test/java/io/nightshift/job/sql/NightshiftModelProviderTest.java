package io.nightshift.job.sql;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.operators.infer.EngineDevices;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.infer.TaskEngine;
import io.nightshift.runtime.runner.DeviceBusyException;
import io.nightshift.runtime.runner.DeviceException;
import org.junit.jupiter.api.Test;

class NightshiftModelProviderTest {

  /** Statements of one process share an engine, so that the second one finds its device held. */
  @Test
  void aStatementIsNotRefusedBecauseAnEngineHoldsTheDevice() throws Exception {
    NightshiftModelProvider.requireDevice(
        new Devices(new DeviceBusyException("GPU 0 is held by another engine")));
  }

  @Test
  void aStatementIsRefusedIfThereIsNoDevice() {
    Devices none = new Devices(new DeviceException("there is no GPU"));

    assertThatThrownBy(() -> NightshiftModelProvider.requireDevice(none))
        .isInstanceOf(InvalidJobException.class)
        .hasMessage("there is no GPU");
  }

  private record Devices(DeviceException failure) implements EngineFactory {
    @Override
    public TaskEngine create() {
      throw failure;
    }

    @Override
    public EngineDevices requireDevices(int engines) {
      throw failure;
    }
  }
}
