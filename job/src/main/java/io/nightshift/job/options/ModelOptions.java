package io.nightshift.job.options;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.Device;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** The model, and the device that it runs on. */
public final class ModelOptions {
  private ModelOptions() {}

  public static final ConfigOption<String> PATH =
      ConfigOptions.key("model.path")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "The model: a hub name (hf:OWNER/NAME), a Hugging Face folder or a .gguf file, on any"
                  + " Flink file system. A hub name is taken from the local caches, and downloaded"
                  + " where it is in none of them. A local model is identified by the content of its"
                  + " files: another one at the same path does not continue an output.");

  public static final ConfigOption<String> REVISION =
      ConfigOptions.key("model.revision")
          .stringType()
          .defaultValue("main")
          .withDescription(
              "Branch, tag or commit of a hub name. Only with a hub name in model.path.");

  public static final ConfigOption<Device> DEVICE =
      ConfigOptions.key("model.device")
          .enumType(Device.class)
          .noDefaultValue()
          .withDescription("Where the model runs. There is no automatic choice.");

  public static final ConfigOption<DataType> DTYPE =
      ConfigOptions.key("model.dtype")
          .enumType(DataType.class)
          .defaultValue(DataType.BF16)
          .withDescription("Precision of the matrix products.");
}
