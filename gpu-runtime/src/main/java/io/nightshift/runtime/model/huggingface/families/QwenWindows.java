package io.nightshift.runtime.model.huggingface.families;

/**
 * The sliding windows of Qwen2 and Qwen3: none unless {@code use_sliding_window}; then in the
 * layers that {@code layer_types} lists, or else in those from {@code max_window_layers} on.
 */
final class QwenWindows {
  private static final int DEFAULT_MAX_WINDOW_LAYERS = 28;

  private QwenWindows() {}

  /** The window of each layer; 0 for none. */
  static int[] read(ConfigValues values) {
    int layers = values.layerCount();
    LayerTypes types = new LayerTypes(values.json(), layers);
    if (!values.flag("use_sliding_window")) {
      types.require(false);
      return new int[layers];
    }
    int first = values.integer("max_window_layers", DEFAULT_MAX_WINDOW_LAYERS);
    return types.windows(layer -> layer >= first);
  }
}
