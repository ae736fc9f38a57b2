package io.nightshift.job.report.runs;

import io.nightshift.job.options.NightshiftOptions;
import io.nightshift.job.report.ConfigurationEntry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Keeps secrets out of what is recorded. A setting is secret by its key: Flink's own list of words
 * and what file systems call their keys. In all values, user names and passwords in the addresses
 * of storage are replaced, and so are signatures in their queries.
 */
public final class Secrets {
  /** What stands for a secret. */
  static final String HIDDEN = "******";

  private static final Pattern SECRET_KEY =
      Pattern.compile(
          "password|passphrase|passwd|secret|token|credential|api-?key|auth|jaas|http-headers"
              + "|access[-._]?key|account[-._]?key|service-key|private-?key|sas|keytab",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern USER_INFO =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://)[^/@\\s\"']+@");

  private static final Pattern SIGNATURE =
      Pattern.compile(
          "(?i)((?:[?&]|-D)[^=&\\s]*(?:sig|signature|token|secret|password|key|credential)[^=&\\s]*=)[^&\\s\"']+");

  /** Options of job files are known, and none is a secret: {@code answer.max-tokens}. */
  private static final Set<String> KNOWN = Set.copyOf(NightshiftOptions.keys());

  private Secrets() {}

  /**
   * Settings without secrets, by key.
   *
   * @param job settings of the job
   * @param flink settings of Flink
   */
  public static List<ConfigurationEntry> removed(
      Map<String, String> job, Map<String, String> flink) {
    TreeMap<String, String> all = new TreeMap<>(flink);
    all.putAll(job);
    return all.entrySet().stream()
        .map(entry -> new ConfigurationEntry(entry.getKey(), shown(entry)))
        .toList();
  }

  private static String shown(Map.Entry<String, String> setting) {
    String key = setting.getKey().toLowerCase(Locale.ROOT);
    if (!KNOWN.contains(key) && SECRET_KEY.matcher(key).find()) {
      return HIDDEN;
    }
    String value = USER_INFO.matcher(setting.getValue()).replaceAll("$1" + HIDDEN + "@");
    return SIGNATURE.matcher(value).replaceAll("$1" + HIDDEN);
  }
}
