package io.nightshift.job.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.storage.PathText;
import io.nightshift.job.storage.StorageFailure;
import io.nightshift.operators.answer.ColumnsSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a JSON Schema of rows. */
@Command(
    name = "schema",
    description =
        "Print a JSON Schema for answers that have the types of some columns, for"
            + " answer.json-schema.")
final class SchemaCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "DATA.parquet",
      description = "Parquet file, folder or glob on any Flink file system.")
  private String path = "";

  @Parameters(
      index = "1..*",
      paramLabel = "COLUMN",
      description = "Columns, in this order. By default, all of them.")
  private List<String> columns = new ArrayList<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    spec.commandLine()
        .getOut()
        .println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(schema()));
    spec.commandLine().getOut().flush();
    return Outcome.DONE;
  }

  private ObjectNode schema() {
    try {
      ParquetInputs files = ParquetInputs.inspect(PathText.parse(path).toString());
      return ColumnsSchema.of(
          (columns.isEmpty() ? files.select() : files.select(columns)).schema().getFields());
    } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
      throw new InvalidJobException(
          StorageFailure.of(e)
              .map(failure -> failure.message(path))
              .orElseGet(() -> String.valueOf(e.getMessage())),
          e);
    }
  }
}
