package io.nightshift.operators.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.operators.tokenize.RowPrompt;
import io.nightshift.operators.tokenize.RowPrompts;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Makes the prompts of lines.
 *
 * @param reader of their bodies
 * @param requests encodes what goes along with a prompt
 * @param column that has the lines
 */
record BodyRowPrompts(BodyReader reader, RequestColumns requests, String column)
    implements RowPrompts {

  @Override
  public void of(VectorSchemaRoot batch, Receiver receiver) {
    VarCharVector lines = (VarCharVector) batch.getVector(column);
    for (int row = 0; row < batch.getRowCount(); row++) {
      read(line(new String(lines.get(row), UTF_8)), row, receiver);
    }
  }

  private void read(BatchLine line, int row, Receiver receiver) {
    try {
      Body body = reader.read(line);
      String parameters = body.parameters().toJson();
      int parts = body.requests();
      for (int part = 0; part < parts; part++) {
        byte[] kept = requests.encode(line.customId(), part, parts, parameters, null);
        receiver.accept(row, new RowPrompt(kept, body.prompt(part)));
      }
    } catch (BodyException e) {
      receiver.accept(
          row,
          new RowPrompt(
              requests.encode(line.customId(), 0, 1, null, e.parameter()),
              new RowPrompt.Failed(e.code(), e.problem())));
    }
  }

  private static BatchLine line(String text) {
    try {
      return BatchLine.parse(text);
    } catch (InvalidLineException e) {
      throw new IllegalStateException(
          "a line of the batch file %s; the file was checked before, so that it must have changed since"
              .formatted(e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    requests.close();
  }
}
