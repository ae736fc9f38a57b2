package io.nightshift.runtime.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaplEnergyCounterTest {
  private static final long RANGE = 262_143_328_850L;

  @TempDir private Path folder;

  private Path zone(String folderName, String name, long microjoules) throws IOException {
    Path zone = Files.createDirectory(folder.resolve(folderName));
    Files.writeString(zone.resolve("name"), name + "\n");
    Files.writeString(zone.resolve("max_energy_range_uj"), RANGE + "\n");
    energy(zone, microjoules);
    return zone;
  }

  private static void energy(Path zone, long microjoules) throws IOException {
    Files.writeString(zone.resolve("energy_uj"), microjoules + "\n");
  }

  private List<EnergyCounter> counters() {
    return RaplEnergyCounter.of(folder, "host").stream()
        .sorted(Comparator.comparing(counter -> counter.device().id()))
        .toList();
  }

  @Test
  void countsPackagesAndNoPartsOfThem() throws Exception {
    zone("intel-rapl:0", "package-0", 5);
    zone("intel-rapl:0:0", "core", 3);
    zone("intel-rapl:0:1", "dram", 3);
    zone("intel-rapl:1", "package-1", 7);
    zone("intel-rapl:2", "psys", 9);
    zone("intel-rapl-mmio:0", "package-0", 5);
    assertThat(counters())
        .extracting(EnergyCounter::device)
        .containsExactly(
            new EnergyDevice(EnergyDevice.Kind.CPU, "package-0 of host"),
            new EnergyDevice(EnergyDevice.Kind.CPU, "package-1 of host"));
  }

  @Test
  void goesOnWhereTheCounterStartsAnew() throws Exception {
    Path zone = zone("intel-rapl:0", "package-0", RANGE - 4_000_000);
    EnergyCounter counter = counters().get(0);
    double first = counter.joules();
    energy(zone, RANGE - 1_000_000);
    assertThat(counter.joules() - first).isCloseTo(3, offset(1e-9));
    energy(zone, 2_500_000);
    assertThat(counter.joules() - first).isCloseTo(6.5, offset(1e-9));
    energy(zone, 2_500_000);
    assertThat(counter.joules() - first).isCloseTo(6.5, offset(1e-9));
    energy(zone, 1_500_000);
    assertThat(counter.joules() - first).isCloseTo(5.5 + RANGE / 1e6, offset(1e-3));
  }

  @Test
  void saysWhyThereIsNoCounter() throws Exception {
    Path missing = folder.resolve("powercap");
    for (EnergyCounter counter : RaplEnergyCounter.of(missing, "host")) {
      assertThatThrownBy(counter::joules)
          .isInstanceOf(EnergyNotMeasuredException.class)
          .hasMessage(
              "CPU energy not measured: the processor has no RAPL counters (%s)",
              missing.resolve("intel-rapl:*"));
    }
    assertThat(RaplEnergyCounter.of(missing, "host")).hasSize(1);

    Path zone = zone("intel-rapl:0", "package-0", 1);
    Files.delete(zone.resolve("energy_uj"));
    EnergyCounter gone = counters().get(0);
    assertThatThrownBy(gone::joules)
        .hasMessageContaining("CPU energy not measured: " + zone + " cannot be read (")
        .hasMessageContaining("energy_uj");
    Files.writeString(zone.resolve("energy_uj"), "much\n");
    assertThatThrownBy(gone::joules).hasMessageContaining("cannot be read (");
  }

  /** On hosts without counters, or where only root may read them, there is a cause instead. */
  @Test
  void thisHostHasACounterOrACause() {
    for (EnergyCounter counter : RaplEnergyCounter.ofThisHost()) {
      EnergyMeter meter = new EnergyMeter(List.of(counter));
      meter.begin();
      meter.read();
      MeasuredEnergy measured = meter.measured();
      if (measured.notMeasured().isEmpty()) {
        assertThat(measured.joules()).isNotNegative();
      } else {
        assertThat(measured.notMeasured().get(0)).startsWith("CPU energy not measured: ");
      }
    }
  }
}
