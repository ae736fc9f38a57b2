package io.nightshift.job.report.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.nightshift.job.options.JobSpecification.Prices;
import io.nightshift.job.report.EnergyFigures;
import io.nightshift.runtime.energy.EnergyDevice;
import io.nightshift.runtime.energy.EnergyDevice.Kind;
import io.nightshift.runtime.energy.EnergyInterval;
import io.nightshift.runtime.energy.MeasuredEnergy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class EnergyReportTest {
  private static final EnergyDevice GPU = new EnergyDevice(Kind.GPU, "GPU-0");
  private static final EnergyDevice OTHER = new EnergyDevice(Kind.GPU, "GPU-1");
  private static final EnergyDevice CPU = new EnergyDevice(Kind.CPU, "package-0");

  private static final MeasuredEnergy NIGHT =
      new MeasuredEnergy(
          List.of(
              new EnergyInterval(GPU, 0, 3_600_000, 2_520_000),
              new EnergyInterval(OTHER, 0, 1_800_000, 1_260_000),
              new EnergyInterval(CPU, 0, 3_600_000, 720_000)),
          List.of());

  private static Prices prices(OptionalDouble gpuHour, OptionalDouble kilowattHour) {
    return new Prices(gpuHour, kilowattHour, Optional.of("EUR"));
  }

  private static final Prices NONE =
      new Prices(OptionalDouble.empty(), OptionalDouble.empty(), Optional.empty());

  @Test
  void energyAndMoney() {
    EnergyFigures figures =
        EnergyReport.of(NIGHT, 9_000, 90_000, prices(OptionalDouble.of(2), OptionalDouble.of(0.4)));
    assertThat(figures.gpuJoules()).isEqualTo(3_780_000);
    assertThat(figures.cpuJoules()).isEqualTo(720_000);
    assertThat(figures.joulesPerRow()).isEqualTo(500);
    assertThat(figures.joulesPerOutputToken()).isEqualTo(50);
    assertThat(figures.meanWatts()).isEqualTo(1250);
    assertThat(figures.gpuSecondsPerRow()).isEqualTo(0.6);
    assertThat(figures.cost()).isCloseTo(1.5 * 2 + 1.25 * 0.4, offset(1e-12));
    assertThat(EnergyText.energy(figures))
        .containsExactly(
            "3,780,000 J of GPUs and 720,000 J of CPUs: 500 J a row, 50.0 J an output token, 1,250 W",
            "0.600 GPU-seconds a row");
    assertThat(EnergyText.cost(figures)).containsExactly("3.50 EUR");
  }

  @Test
  void withoutPricesThereIsNoCost() {
    EnergyFigures figures = EnergyReport.of(NIGHT, 9_000, 0, NONE);
    assertThat(figures.cost()).isNull();
    assertThat(figures.currency()).isNull();
    assertThat(figures.joulesPerOutputToken()).isNull();
    assertThat(EnergyText.cost(figures)).isEmpty();
  }

  @Test
  void costIsOfWhatIsKnown() {
    MeasuredEnergy unknown =
        new MeasuredEnergy(
            List.of(new EnergyInterval(GPU, 0, 36_000, Double.NaN)), List.of("no counter"));
    OptionalDouble one = OptionalDouble.of(1);
    OptionalDouble none = OptionalDouble.empty();
    assertThat(EnergyReport.of(unknown, 10, 5, prices(one, one)).cost()).isEqualTo(0.01);
    assertThat(EnergyReport.of(unknown, 10, 5, prices(none, one)).cost()).isNull();
    assertThat(EnergyReport.of(NIGHT, 10, 5, prices(none, one)).cost()).isEqualTo(1.25);
    assertThat(EnergyText.cost(EnergyReport.of(unknown, 10, 5, prices(one, one))))
        .containsExactly("0.0100 EUR", "the cost of energy is not known: it was not measured");
    MeasuredEnergy cpus =
        new MeasuredEnergy(
            List.of(new EnergyInterval(CPU, 0, 36_000, Double.NaN)), List.of("no counter"));
    assertThat(EnergyText.cost(EnergyReport.of(cpus, 10, 5, prices(one, one))))
        .containsExactly("the cost of energy is not known: it was not measured");
    assertThat(EnergyText.energy(EnergyReport.of(unknown, 10, 5, NONE)))
        .containsExactly("3.60 GPU-seconds a row", "no counter");
  }
}
