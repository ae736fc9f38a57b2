package io.nightshift.job.progress;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes a snapshot as one line. Where the line is too long for a terminal, the less important
 * parts are left out.
 */
final class ProgressText {
  private static final String SEPARATOR = "  ";
  private static final int LEAST_IMPORTANT = 7;

  /**
   * A part of the line.
   *
   * @param rank 0 always stays; the higher ranks are left out first
   */
  private record Part(String text, int rank, Style style) {}

  private ProgressText() {}

  /**
   * @param width columns that the line may take
   * @param color whether to style it for a terminal; what a style writes takes no columns
   */
  static String line(ProgressSnapshot snapshot, ProgressRates rates, int width, boolean color) {
    List<Part> parts = parts(snapshot, rates);
    for (int rank = LEAST_IMPORTANT; rank > 0 && join(parts, false).length() > width; rank--) {
      int leftOut = rank;
      parts.removeIf(part -> part.rank == leftOut);
    }
    String plain = join(parts, false);
    return plain.length() > width ? plain.substring(0, Math.max(0, width)) : join(parts, color);
  }

  private static List<Part> parts(ProgressSnapshot snapshot, ProgressRates rates) {
    List<Part> parts = new ArrayList<>();
    parts.add(new Part(snapshot.stage().label(), 0, Style.BOLD));
    parts.add(new Part(rows(snapshot), 1, Style.PLAIN));
    snapshot
        .rowsTotal()
        .ifPresent(
            total ->
                parts.add(new Part(NumberText.share(snapshot.rowsDone(), total), 4, Style.PLAIN)));
    if (rates.rowsPerSecond() > 0) {
      parts.add(new Part(NumberText.rate(rates.rowsPerSecond()) + " rows/s", 3, Style.PLAIN));
    }
    if (rates.tokensPerSecond() > 0) {
      parts.add(new Part(NumberText.rate(rates.tokensPerSecond()) + " tokens/s", 5, Style.PLAIN));
    }
    if (snapshot.stage() == Stage.INFERRING && snapshot.tokens().prompt() > 0) {
      String hits = NumberText.share(snapshot.tokens().cached(), snapshot.tokens().prompt());
      parts.add(new Part(hits + " prefix hits", 6, Style.PLAIN));
    }
    boolean failed = snapshot.errors() > 0;
    parts.add(
        new Part(
            NumberText.count(snapshot.errors(), "error"),
            failed ? 2 : LEAST_IMPORTANT,
            failed ? Style.WARNING : Style.PLAIN));
    rates
        .timeLeft()
        .ifPresent(
            left -> parts.add(new Part(NumberText.duration(left) + " left", 2, Style.PLAIN)));
    return parts;
  }

  private static String rows(ProgressSnapshot snapshot) {
    return snapshot.rowsTotal().isPresent()
        ? NumberText.count(snapshot.rowsDone())
            + " of "
            + NumberText.count(snapshot.rowsTotal().getAsLong(), "row")
        : NumberText.count(snapshot.rowsDone(), "row");
  }

  private static String join(List<Part> parts, boolean color) {
    return parts.stream()
        .map(part -> color ? part.style.apply(part.text) : part.text)
        .collect(Collectors.joining(SEPARATOR));
  }
}
