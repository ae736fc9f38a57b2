package io.nightshift.job.options;

import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;

/** The output. */
public final class OutputOptions {
  private OutputOptions() {}

  public static final ConfigOption<String> PATH =
      ConfigOptions.key("output.path")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Folder for the Parquet files with the answers, on any Flink file system. It must"
                  + " not overlap what input.path reads, by whatever path or link.");

  public static final ConfigOption<List<String>> COLUMNS =
      ConfigOptions.key("output.columns")
          .stringType()
          .asList()
          .noDefaultValue()
          .withDescription("Input columns to keep in the output. Without it: all.");

  public static final ConfigOption<Boolean> SOURCE_COLUMNS =
      ConfigOptions.key("output.source-columns")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether to add the columns source_file and source_row: the file that a row comes"
                  + " from, and its row number in that file, starting at 0.");

  public static final ConfigOption<OutputOrder> ORDER =
      ConfigOptions.key("output.order")
          .enumType(OutputOrder.class)
          .defaultValue(OutputOrder.ANY)
          .withDescription(
              "Order of the output rows. any: as they are answered. input: as in the input, by"
                  + " the paths of the files and the rows in them. With input, rows are sorted once all"
                  + " are answered, and written to files whose names sort in that order; until then the"
                  + " answers are in the folder _unordered in output.path. Rows that a later run adds"
                  + " come after those already there.");

  public static final ConfigOption<MemorySize> FILE_SIZE =
      ConfigOptions.key("output.file-size")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(512))
          .withDescription(
              "Size of the output files: a file ends with the row group that brings it to this"
                  + " size. With output.order any, answers are first written to smaller files, one for"
                  + " each task and checkpoint, which are merged once all rows are answered.");

  public static final ConfigOption<Boolean> AUTO_COMPACTION =
      ConfigOptions.key("output.auto-compaction")
          .booleanType()
          .defaultValue(true)
          .withDescription(
              "Whether to merge files smaller than output.file-size at the end of the run. Only"
                  + " with output.order any. Set this to false if another program consumes files as"
                  + " they appear, to which the rows of merged files would be new.");

  public static final ConfigOption<Compression> COMPRESSION =
      ConfigOptions.key("output.compression")
          .enumType(Compression.class)
          .defaultValue(Compression.ZSTD)
          .withDescription("Compression codec of the Parquet pages.");

  public static final ConfigOption<MemorySize> ROW_GROUP_SIZE =
      ConfigOptions.key("output.row-group-size")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(64))
          .withDescription("Size of a Parquet row group before compression.");

  public static final ConfigOption<ReportFormat> REPORT =
      ConfigOptions.key("output.report")
          .enumType(ReportFormat.class)
          .defaultValue(ReportFormat.HTML)
          .withDescription(
              "What a run writes at its end for who wants to see what it brought. html: the page"
                  + " _nightshift/report.html in output.path, which needs no other file. none:"
                  + " nothing; the command report can write the page later.");
}
