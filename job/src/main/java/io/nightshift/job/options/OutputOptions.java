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
              "Folder for the Parquet files with the answers, on any Flink file system. It must not"
                  + " overlap what input.path reads, by whatever path or link.");

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

  public static final ConfigOption<OutputOrder> ORDER =
      ConfigOptions.key("output.order")
          .enumType(OutputOrder.class)
          .defaultValue(OutputOrder.ANY)
          .withDescription(
              "any writes rows as they are answered. input brings them into the order of the input,"
                  + " by the files' paths and the rows in them: once all rows are answered, they are"
                  + " sorted and written to files whose names sort in that order. Until then the"
                  + " answers are in the folder _unordered in output.path. What a later run adds"
                  + " comes after what is there.");

  public static final ConfigOption<MemorySize> FILE_SIZE =
      ConfigOptions.key("output.file-size")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(512))
          .withDescription(
              "Size of the output files: a file ends with the row group that brings it to this size."
                  + " With output.order any, answers first appear in smaller files, one for each"
                  + " task and checkpoint, which are merged once all rows are answered.");

  public static final ConfigOption<Boolean> AUTO_COMPACTION =
      ConfigOptions.key("output.auto-compaction")
          .booleanType()
          .defaultValue(true)
          .withDescription(
              "With output.order any: merge files that are smaller than output.file-size at the end"
                  + " of the run. Set this to false if another program consumes files as they"
                  + " appear, to which the rows of merged files would be new.");

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
