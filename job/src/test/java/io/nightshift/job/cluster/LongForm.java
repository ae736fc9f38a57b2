package io.nightshift.job.cluster;

/**
 * Tests of faults have a short form, which the build runs, and a long one: {@code
 * -Dnightshift.long=true}.
 */
final class LongForm {
  private static final boolean WANTED = Boolean.getBoolean("nightshift.long");

  private LongForm() {}

  /** One of two values, by the form that runs. */
  static <T> T choose(T inShortForm, T inLongForm) {
    return WANTED ? inLongForm : inShortForm;
  }
}
