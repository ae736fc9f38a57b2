package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.LayerGemms.Product;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.gemm.Gemm;
import io.nightshift.runtime.cuda.gemm.GemmLibrary;
import io.nightshift.runtime.cuda.weights.DeviceLinear;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import io.nightshift.runtime.cuda.weights.LayerWeights;
import io.nightshift.runtime.model.ModelConfig;
import java.util.List;
import java.util.stream.Stream;

/**
 * Prepares all products that steps may have, so that none is timed, and no code loaded, in the
 * middle of a run. Writes over the arena.
 */
final class GemmPreparation {
  private final LayerGemms layerGemms;
  private final CudaStream stream;
  private final GemmLibrary products;
  private final DeviceWeights weights;

  GemmPreparation(
      ModelConfig config,
      CudaStream stream,
      GemmLibrary products,
      DeviceWeights weights,
      StepArena arena) {
    layerGemms = new LayerGemms(config, arena);
    this.stream = stream;
    this.products = products;
    this.weights = weights;
  }

  /** Prepares products of all rounded numbers of rows up to two largest ones. */
  void prepare(int maxRows, int maxLogitsRows) {
    prepareLayers(Gemm.roundedRows(maxRows));
    prepareLogits(Gemm.roundedRows(maxLogitsRows));
  }

  /**
   * @param rowCounts in rising order
   */
  void prepareLayers(List<Integer> rowCounts) {
    List<List<Product>> layers = weights.layers().stream().map(this::productsOf).toList();
    layers.get(0).forEach(product -> fill(product, last(rowCounts)));
    prepareEach(layers, rowCounts);
  }

  private List<Product> productsOf(LayerWeights layer) {
    return Stream.concat(layerGemms.ofLayer(layer).stream(), layerGemms.ofLastLayer(layer).stream())
        .toList();
  }

  void prepareLogits(List<Integer> rowCounts) {
    Product logits = layerGemms.ofLogits(weights);
    fill(logits, last(rowCounts));
    prepareSame(List.of(logits), rowCounts);
  }

  /**
   * Prepares what {@link CudaGemmFloor} computes and steps do not: the products that steps add to
   * the residual stream, alone. They are timed with what lies in the arena.
   */
  void prepareFloor(int maxRows) {
    prepareEach(
        weights.layers().stream().map(this::aloneInFloor).toList(), Gemm.roundedRows(maxRows));
  }

  private List<Product> aloneInFloor(LayerWeights layer) {
    return layerGemms.ofLayer(layer).stream().filter(Product::adds).map(Product::alone).toList();
  }

  private void prepareEach(List<List<Product>> layers, List<Integer> rowCounts) {
    for (int i = 0; i < layers.get(0).size(); i++) {
      int product = i;
      prepareSame(layers.stream().map(layer -> layer.get(product)).toList(), rowCounts);
    }
  }

  /**
   * Prepares products of one kind.
   *
   * @param same the same with the weights of all layers
   */
  private void prepareSame(List<Product> same, List<Integer> rowCounts) {
    products.prepare(
        stream,
        rowCounts.stream().map(same.get(0)::shape).toList(),
        same.stream().map(Product::operands).toList());
  }

  /**
   * Fills what a product reads with numbers that look like weights: products of zeros take less
   * power and run faster. What is added to is read too, and stays finite: a product that is added
   * to bf16 again and again changes nothing any more when it is a 512th of what is there.
   */
  private void fill(Product product, int rows) {
    DeviceLinear linear = product.linear();
    fill(linear, product.source(), rows, linear.inputs() * linear.type().inputBytes());
    if (product.adds()) {
      fill(linear, product.target(), rows, linear.outputs() * linear.type().outputBytes());
    }
  }

  private void fill(DeviceLinear linear, long target, int rows, long rowBytes) {
    long weightBytes = (long) linear.outputs() * linear.inputs() * linear.type().inputBytes();
    long bytes = Gemm.roundRows(rows) * rowBytes;
    for (long done = 0; done < bytes; done += weightBytes) {
      stream.copy(linear.weights(), target + done, Math.min(weightBytes, bytes - done));
    }
  }

  private static int last(List<Integer> rowCounts) {
    return rowCounts.get(rowCounts.size() - 1);
  }
}
