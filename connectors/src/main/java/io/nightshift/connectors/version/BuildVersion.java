package io.nightshift.connectors.version;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The version of this program, which the build has recorded. */
public final class BuildVersion {
  /** Key of the version among the key-value metadata of the Parquet files that it has written. */
  public static final String FOOTER_KEY = "nightshift.version";

  private static final String VERSION = read();

  private BuildVersion() {}

  /** The version as in the build file, for instance {@code 0.1.0} or {@code 0.2.0-SNAPSHOT}. */
  public static String get() {
    return VERSION;
  }

  private static String read() {
    Properties properties = new Properties();
    try (InputStream stream =
        Objects.requireNonNull(BuildVersion.class.getResourceAsStream("version.properties"))) {
      properties.load(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }
}
