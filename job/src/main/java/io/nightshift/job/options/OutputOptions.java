package io.nightshift.job.options;

import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;

/** What is written. */
public final class OutputOptions {
  private OutputOptions() {}

  public static final ConfigOption<String> PATH =
      ConfigOptions.key("output.path")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Folder for the Parquet files with the answers, on any Flink file system.");

  public static final ConfigOption<List<String>> COLUMNS =
      ConfigOptions.key("output.columns")
          .stringType()
          .asList()
          .noDefaultValue()
          .withDescription("Input columns to keep beside the answer. Without it: all.");

  public static final ConfigOption<Boolean> SOURCE_COLUMNS =
      ConfigOptions.key("output.source-columns")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Add the columns source_file and source_row: the file that a row comes from, and its"
                  + " number in it, from 0.");

  public static final ConfigOption<Compression> COMPRESSION =
      ConfigOptions.key("output.compression")
          .enumType(Compression.class)
          .defaultValue(Compression.ZSTD)
          .withDescription("Compression of the Parquet pages.");

  public static final ConfigOption<MemorySize> ROW_GROUP_SIZE =
      ConfigOptions.key("output.row-group-size")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(64))
          .withDescription("Size at which a Parquet row group is closed, before compression.");
}
