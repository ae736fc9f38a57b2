package io.nightshift.operators.openai;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Puts the answers to the requests of a line together to its response, line by line. Answers come
 * in the order of the lines; those of one line in any. Not thread-safe.
 */
public final class BatchResponses {
  private final ResponseLine responses;
  private final LineOutput output;
  private final List<AnsweredRequest> line = new ArrayList<>();
  private long lines;
  private long failed;

  /** What output lines are passed to. */
  @FunctionalInterface
  public interface LineOutput {
    /**
     * Takes a line, without a line break.
     *
     * @param isError whether it is an error response
     */
    void write(String json, boolean isError) throws IOException;
  }

  /**
   * @param created when responses are made, in seconds since the epoch
   * @param fingerprint of the model and of how it is computed
   */
  public BatchResponses(long created, String fingerprint, LineOutput output) {
    this.responses = new ResponseLine(created, fingerprint);
    this.output = output;
  }

  /** Names of the columns that batches have at least. */
  public static List<String> columns() {
    return AnsweredRequest.columns();
  }

  /** Adds the answers of a batch. */
  public void add(VectorSchemaRoot batch) throws IOException {
    for (int row = 0; row < batch.getRowCount(); row++) {
      AnsweredRequest request = AnsweredRequest.read(batch, row);
      if (!line.isEmpty() && !line.get(0).customId().equals(request.customId())) {
        write();
      }
      line.add(request);
    }
  }

  /** Writes the last line. */
  public void finish() throws IOException {
    if (!line.isEmpty()) {
      write();
    }
  }

  private void write() throws IOException {
    AnsweredRequest first = line.get(0);
    if (line.size() != first.parts()) {
      throw new IllegalStateException(
          "%s of the %s answers to the line with the custom_id %s are there"
              .formatted(line.size(), first.parts(), first.customId()));
    }
    line.sort(Comparator.comparingInt(AnsweredRequest::part));
    ResponseLine.Line response = responses.of(line);
    output.write(response.json(), response.failed());
    lines++;
    failed += response.failed() ? 1 : 0;
    line.clear();
  }

  /** Number of lines that have been written. */
  public long lines() {
    return lines;
  }

  /** Number of those that are error responses. */
  public long failed() {
    return failed;
  }
}
