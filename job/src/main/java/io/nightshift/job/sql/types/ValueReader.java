package io.nightshift.job.sql.types;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the values of one type. */
@FunctionalInterface
interface ValueReader {

  /**
   * The value that the parser is at, in Flink's internal format. Afterwards, the parser is at the
   * value's last token.
   */
  @Nullable Object read(JsonParser parser) throws IOException;
}
