package io.nightshift.job.progress;

/** How a piece of text looks on a terminal (ECMA-48, Select Graphic Rendition). */
enum Style {
  PLAIN(""),
  BOLD("\u001b[1m"),
  WARNING("\u001b[33m");

  private static final String RESET = "\u001b[0m";

  private final String start;

  Style(String start) {
    this.start = start;
  }

  String apply(String text) {
    return this == PLAIN ? text : start + text + RESET;
  }
}
