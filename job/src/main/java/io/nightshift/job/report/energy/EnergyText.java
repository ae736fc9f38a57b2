package io.nightshift.job.report.energy;

import io.nightshift.job.progress.NumberText;
import io.nightshift.job.report.EnergyFigures;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a run took, as lines of its report. */
public final class EnergyText {
  private EnergyText() {}

  /** Lines about energy and time of GPUs. */
  public static List<String> energy(EnergyFigures figures) {
    List<String> lines = new ArrayList<>();
    List<String> sums = new ArrayList<>();
    add(sums, figures.gpuJoules(), " J of GPUs");
    add(sums, figures.cpuJoules(), " J of CPUs");
    List<String> rates = new ArrayList<>();
    add(rates, figures.joulesPerRow(), " J a row");
    add(rates, figures.joulesPerOutputToken(), " J an output token");
    add(rates, figures.meanWatts(), " W");
    if (!sums.isEmpty()) {
      lines.add(String.join(" and ", sums) + ": " + String.join(", ", rates));
    }
    if (figures.gpuSecondsPerRow() > 0) {
      lines.add(NumberText.digits(figures.gpuSecondsPerRow()) + " GPU-seconds a row");
    }
    lines.addAll(figures.notMeasured());
    return lines;
  }

  /** Lines about money; none without prices. */
  public static List<String> cost(EnergyFigures figures) {
    List<String> lines = new ArrayList<>();
    Double cost = figures.cost();
    if (cost != null) {
      String currency = figures.currency();
      lines.add(NumberText.digits(cost) + (currency == null ? "" : " " + currency));
    }
    if (figures.unknownCost() != null) {
      lines.add(figures.unknownCost());
    }
    return lines;
  }

  private static void add(List<String> texts, @Nullable Double value, String unit) {
    if (value != null) {
      texts.add(NumberText.digits(value) + unit);
    }
  }
}
