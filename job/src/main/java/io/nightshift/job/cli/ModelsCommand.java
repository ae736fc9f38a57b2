package io.nightshift.job.cli;

import io.nightshift.job.hub.CachedModel;
import io.nightshift.job.hub.ModelLocator;
import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.Device;
import io.nightshift.runtime.model.gguf.GgufModelFiles;
import io.nightshift.runtime.model.huggingface.quantization.QuantizationMethods;
import io.nightshift.runtime.model.huggingface.families.SupportedFamily;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Prints which models are supported and which are cached on this machine, or what is supported of
 * one family.
 */
@Command(
    name = "models",
    description =
        "List supported families of models, with the keys of config.json that are honored, and cached models.")
final class ModelsCommand implements Callable<Integer> {
  private final ModelLocator locator;

  @Parameters(
      arity = "0..1",
      paramLabel = "FAMILY",
      description = "Print this family only, such as qwen3 or \"Gemma 3\".")
  private @Nullable String family;

  @Spec private CommandSpec spec = CommandSpec.create();

  ModelsCommand(ModelLocator locator) {
    this.locator = locator;
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (family == null) {
      printAll(out);
    } else {
      out.print(ModelsPage.terminal(find(family)));
    }
    out.flush();
    return Outcome.DONE;
  }

  private SupportedFamily find(String name) {
    return FamilyNames.find(name)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "no family of models is called '"
                        + name
                        + "'"
                        + FamilyNames.nearest(name)
                            .map(nearest -> "; did you mean " + nearest + "?")
                            .orElse("")));
  }

  private void printAll(PrintWriter out) throws IOException {
    out.println("Supported");
    out.print(ModelsPage.terminal());
    out.println("Formats");
    out.println("  folders     safetensors in f32, f16, bf16");
    out.println("  quantized   " + String.join(", ", QuantizationMethods.names()));
    out.println("  GGUF types  " + ModelsPage.lowerCase(GgufModelFiles.tensorTypes()));
    out.println("  dtypes      " + ModelsPage.lowerCase(Arrays.asList(DataType.values())));
    out.println("  devices     " + ModelsPage.lowerCase(Arrays.asList(Device.values())));
    List<CachedModel> cached = locator.cached();
    out.println(cached.isEmpty() ? "Cached: none" : "Cached");
    for (CachedModel model : cached) {
      out.printf(Locale.ROOT, "  %8.1f MB  %s%n", model.bytes() / 1_000_000.0, model.name());
    }
  }
}
