package io.nightshift.job.options;

/** How the value of a key is written in YAML. */
enum SettingForm {
  /** A text, a number or a truth value. */
  SCALAR,
  /** A list of these. */
  LIST,
  /** A map from names to values of any type. */
  MAP
}
