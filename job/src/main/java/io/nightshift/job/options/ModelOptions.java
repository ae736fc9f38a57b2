package io.nightshift.job.options;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.Device;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** The model and its device. */
public final class ModelOptions {
  private ModelOptions() {}

  public static final ConfigOption<String> PATH =
      ConfigOptions.key("model.path")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "The model: a hub name (hf:OWNER/NAME), a Hugging Face folder or a .gguf file, on"
                  + " any Flink file system. A hub name is looked up in the local caches, and"
                  + " downloaded if none of them has it. A local model is identified by the content of"
                  + " its files: another model at the same path does not continue an output.");

  public static final ConfigOption<String> REVISION =
      ConfigOptions.key("model.revision")
          .stringType()
          .defaultValue("main")
          .withDescription(
              "Branch, tag or commit of the model on the hub. Only with a hub name in model.path.");

  public static final ConfigOption<Device> DEVICE =
      ConfigOptions.key("model.device")
          .enumType(Device.class)
          .noDefaultValue()
          .withDescription("Device that the model runs on. There is no automatic choice.");

  public static final ConfigOption<DataType> DTYPE =
      ConfigOptions.key("model.dtype")
          .enumType(DataType.class)
          .defaultValue(DataType.BF16)
          .withDescription("Precision of the matrix multiplications.");
}
