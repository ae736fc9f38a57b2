package io.nightshift.job.options;

import java.util.ArrayList;
import java.util.List;

/**
 * A job file, or an override of it, is wrong. The message names the place, the key and the remedy
 * in one line, behind which several findings of the same kind have a line each.
 */
public final class InvalidJobException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String summary;
  private final List<String> findings;

  public InvalidJobException(String message) {
    super(message);
    this.summary = message;
    this.findings = List.of();
  }

  public InvalidJobException(String message, Throwable cause) {
    super(message, cause);
    this.summary = message;
    this.findings = List.of();
  }

  /**
   * @param summary what is wrong altogether, and what to do
   * @param findings the first of them, at least one; a single one is in the line of the summary
   * @param total number of all findings
   */
  public InvalidJobException(String summary, List<String> findings, long total) {
    super(summary + ": " + String.join("; ", shown(findings, total)));
    this.summary = total == 1 ? String.valueOf(getMessage()) : summary + ":";
    this.findings = total == 1 ? List.of() : shown(findings, total);
  }

  private static List<String> shown(List<String> findings, long total) {
    List<String> shown = new ArrayList<>(findings);
    if (total > findings.size()) {
      shown.add("and %s more".formatted(total - findings.size()));
    }
    return List.copyOf(shown);
  }

  /** The message without the findings that have lines of their own. */
  public String summary() {
    return summary;
  }

  /** The findings that have lines of their own. */
  public List<String> findings() {
    return findings;
  }
}
