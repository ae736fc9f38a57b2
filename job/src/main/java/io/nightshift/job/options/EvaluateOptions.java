package io.nightshift.job.options;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** The comparison of answers with a column of the input. */
public final class EvaluateOptions {
  private EvaluateOptions() {}

  public static final ConfigOption<String> COLUMN =
      ConfigOptions.key("evaluate.column")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Input column with the right answer of each row: text, integers or booleans, null"
                  + " where it is unknown. The report then has accuracy, precision and recall of each"
                  + " label, a confusion matrix, and calibration. The column is kept in the output,"
                  + " also if output.columns does not name it. Only with answer.choices or"
                  + " answer.json-schema.");

  public static final ConfigOption<String> FIELD =
      ConfigOptions.key("evaluate.field")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Field of answer.json-schema that is compared: the name of a property, or a JSON"
                  + " pointer such as /product/kind. It must be an enum or a boolean. Without it: the"
                  + " only one that is.");
}
