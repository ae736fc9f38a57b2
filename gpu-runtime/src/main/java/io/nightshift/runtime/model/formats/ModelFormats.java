package io.nightshift.runtime.model.formats;

import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.gguf.GgufModelFiles;
import io.nightshift.runtime.model.huggingface.HuggingFaceModelFiles;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens models of all supported formats. The format depends on whether the path is a folder. */
public final class ModelFormats {
  private ModelFormats() {}

  /**
   * Opens a Hugging Face folder or a GGUF file and validates it: all tensors that the configuration
   * implies exist.
   *
   * @throws ModelFormatException if there is no complete model of a supported architecture
   */
  public static ModelFiles open(Path path) {
    return isFolder(path) ? HuggingFaceModelFiles.open(path) : GgufModelFiles.open(path);
  }

  /**
   * Reads a model without its weights, which a Hugging Face folder need not have.
   *
   * @throws ModelFormatException if there is no model of a supported architecture
   */
  public static ModelDescription describe(Path path) {
    if (isFolder(path)) {
      return HuggingFaceModelFiles.describe(path);
    }
    try (ModelFiles model = GgufModelFiles.open(path)) {
      return new ModelDescription(
          model.config(), model.tokenizerSource(), model.chatTemplate(), model.quantization());
    }
  }

  private static boolean isFolder(Path path) {
    if (!Files.exists(path)) {
      throw new ModelFormatException(
          path + ": does not exist; expected a Hugging Face model folder or a .gguf file");
    }
    return Files.isDirectory(path);
  }
}
