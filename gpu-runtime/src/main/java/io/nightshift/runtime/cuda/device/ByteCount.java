package io.nightshift.runtime.cuda.device;

import java.util.Locale;

/** Amounts of memory in messages. */
public final class ByteCount {
  private ByteCount() {}

  /** In MiB below 10 GiB, and in GiB above. */
  public static String text(long bytes) {
    double mebibytes = bytes / (double) (1 << 20);
    return mebibytes < 10 * 1024
        ? String.format(Locale.ROOT, "%.1f MiB", mebibytes)
        : String.format(Locale.ROOT, "%.1f GiB", mebibytes / 1024);
  }
}
