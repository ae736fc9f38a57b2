package io.nightshift.job.progress;

import java.util.Locale;

/** Stages of a run, in order. */
public enum Stage {
  READING,
  WAITING,
  TOKENIZING,
  PLANNING,
  INFERRING,
  ORDERING,
  COMPACTING;

  /** Name in progress and reports. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
