package io.nightshift.job.report.build;

import io.nightshift.job.report.Timeline;
import io.nightshift.operators.report.EngineSample;
import io.nightshift.operators.report.EngineSeries;
import java.util.List;

/**
 * Adds up the samples of engines in intervals that are the same for all. A sample that overlaps
 * several intervals is divided among them by time.
 */
final class Timelines {
  private static final int POINTS = 150;
  private static final long SHORTEST_MILLIS = 100;

  private final long begin;
  private final double width;
  private final double[] rows;
  private final double[] promptTokens;
  private final double[] cachedTokens;
  private final double[] outputTokens;
  private final double[] steps;
  private final double[] stepNanos;
  private final double[] running;
  private final double[] waiting;

  private Timelines(long begin, long end) {
    this.begin = begin;
    long span = Math.max(end - begin, 1);
    int points = (int) Math.min(POINTS, Math.max(1, span / SHORTEST_MILLIS));
    width = (double) span / points;
    rows = new double[points];
    promptTokens = new double[points];
    cachedTokens = new double[points];
    outputTokens = new double[points];
    steps = new double[points];
    stepNanos = new double[points];
    running = new double[points];
    waiting = new double[points];
  }

  static Timeline of(List<EngineSeries> engines) {
    List<EngineSeries> busy =
        engines.stream().filter(engine -> !engine.samples().isEmpty()).toList();
    if (busy.isEmpty()) {
      return Timeline.EMPTY;
    }
    Timelines all =
        new Timelines(
            busy.stream().mapToLong(EngineSeries::startMillis).min().orElseThrow(),
            busy.stream().mapToLong(engine -> engine.total().endMillis()).max().orElseThrow());
    busy.forEach(all::add);
    return all.timeline();
  }

  private void add(EngineSeries engine) {
    double from = engine.startMillis() - begin;
    for (EngineSample sample : engine.samples()) {
      double to = sample.endMillis() - begin;
      add(sample, from, to);
      from = to;
    }
  }

  private void add(EngineSample sample, double from, double to) {
    int first = interval(from);
    int last = interval(to);
    for (int interval = first; interval <= last; interval++) {
      double overlap = Math.min(to, (interval + 1) * width) - Math.max(from, interval * width);
      double share = to > from ? Math.max(0, overlap) / (to - from) : interval == last ? 1 : 0;
      add(sample, interval, share, Math.max(0, overlap) / width);
    }
  }

  private int interval(double millis) {
    return Math.max(0, Math.min(rows.length - 1, (int) (millis / width)));
  }

  /**
   * @param share of the sample that is in the interval
   * @param covered fraction of the interval that the sample covers
   */
  private void add(EngineSample sample, int interval, double share, double covered) {
    rows[interval] += share * sample.rows();
    promptTokens[interval] += share * sample.promptTokens();
    cachedTokens[interval] += share * sample.cachedTokens();
    outputTokens[interval] += share * sample.outputTokens();
    steps[interval] += share * sample.steps();
    stepNanos[interval] += share * sample.stepNanos();
    if (sample.steps() > 0) {
      running[interval] += covered * sample.runningRequests() / sample.steps();
      waiting[interval] += covered * sample.waitingRequests() / sample.steps();
    }
  }

  private Timeline timeline() {
    int points = rows.length;
    double[] ends = new double[points];
    double[] hitRate = new double[points];
    double[] stepMillis = new double[points];
    for (int i = 0; i < points; i++) {
      ends[i] = (i + 1) * width / 1e3;
      hitRate[i] = promptTokens[i] > 0 ? cachedTokens[i] / promptTokens[i] : Double.NaN;
      stepMillis[i] = steps[i] > 0 ? stepNanos[i] / steps[i] / 1e6 : Double.NaN;
    }
    return new Timeline(
        ends,
        perSecond(rows),
        perSecond(promptTokens),
        perSecond(outputTokens),
        hitRate,
        stepMillis,
        running,
        waiting);
  }

  private double[] perSecond(double[] amounts) {
    double[] rates = new double[amounts.length];
    for (int i = 0; i < amounts.length; i++) {
      rates[i] = amounts[i] / width * 1e3;
    }
    return rates;
  }
}
