package io.nightshift.examples.packages;

import static io.nightshift.examples.packages.Answers.answer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.example.data.Group;

/** Prints some answers in an output folder beside the column {@code section}. */
public final class ShowAnswers {
  private static final int SHOWN = 8;

  private ShowAnswers() {}

  /**
   * @param arguments the output folder
   */
  public static void main(String[] arguments) throws IOException {
    List<Group> rows = Answers.read(Path.of(arguments[0]));
    System.out.printf("%n%-22s %-44s %-9s %-9s%n", "package", "description", "section", "answer");
    for (int i = 0; i < SHOWN; i++) {
      Group row = rows.get(i * rows.size() / SHOWN);
      System.out.printf(
          "%-22.22s %-44.44s %-9s %-9s%n",
          row.getString("package", 0),
          row.getString("description", 0),
          row.getString("section", 0),
          answer(row));
    }
  }
}
