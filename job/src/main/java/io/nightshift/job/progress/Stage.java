package io.nightshift.job.progress;

import java.util.Locale;

/** What a run is busy with, in the order in which it happens. */
public enum Stage {
  READING,
  WAITING,
  TOKENIZING,
  PLANNING,
  INFERRING,
  ORDERING,
  COMPACTING;

  /** Name for people. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
