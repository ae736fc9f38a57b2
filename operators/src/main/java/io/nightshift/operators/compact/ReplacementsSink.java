package io.nightshift.operators.compact;

import io.nightshift.connectors.lease.Ownership;
import io.nightshift.connectors.parquet.compaction.Replacement;
import io.nightshift.connectors.parquet.compaction.Replacements;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.fs.Path;

/**
 * Records all replacements at once when the last one has arrived. Requires a parallelism of one.
 */
public final class ReplacementsSink implements Sink<Replacement> {
  private static final long serialVersionUID = 1L;

  private final Path record;
  private final Ownership ownership;

  /**
   * @param record file that the replacements are written to
   * @param ownership of the output folder
   */
  public ReplacementsSink(Path record, Ownership ownership) {
    this.record = record;
    this.ownership = ownership;
  }

  @Override
  public SinkWriter<Replacement> createWriter(WriterInitContext context) {
    return new Writer();
  }

  private final class Writer implements SinkWriter<Replacement> {
    private final List<Replacement> replacements = new ArrayList<>();

    @Override
    public void write(Replacement replacement, Context context) {
      replacements.add(replacement);
    }

    @Override
    public void flush(boolean endOfInput) throws IOException {
      if (endOfInput) {
        ownership.requireHeld();
        new Replacements(replacements).write(record);
      }
    }

    @Override
    public void close() {}
  }
}
