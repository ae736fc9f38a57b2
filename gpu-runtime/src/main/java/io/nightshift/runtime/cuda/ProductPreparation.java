package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.LayerProducts.Product;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.gemm.MatMul;
import io.nightshift.runtime.cuda.gemm.MatMulLibrary;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import io.nightshift.runtime.cuda.weights.LayerWeights;
import io.nightshift.runtime.model.ModelConfig;
import java.util.List;
import java.util.stream.Stream;

/**
 * Prepares all products that steps may have, so that none is timed, and no code loaded, in the
 * middle of a run. Writes over the arena.
 */
final class ProductPreparation {
  private final LayerProducts layerProducts;
  private final CudaStream stream;
  private final MatMulLibrary products;
  private final DeviceWeights weights;

  ProductPreparation(
      ModelConfig config,
      CudaStream stream,
      MatMulLibrary products,
      DeviceWeights weights,
      StepArena arena) {
    layerProducts = new LayerProducts(config, arena);
    this.stream = stream;
    this.products = products;
    this.weights = weights;
  }

  /** Prepares products of all rounded numbers of rows up to two largest ones. */
  void prepare(int maxRows, int maxLogitsRows) {
    prepareLayers(MatMul.roundedRows(maxRows));
    prepareLogits(MatMul.roundedRows(maxLogitsRows));
  }

  /**
   * @param rowCounts in rising order
   */
  void prepareLayers(List<Integer> rowCounts) {
    List<List<Product>> layers = weights.layers().stream().map(this::productsOf).toList();
    for (int i = 0; i < layers.get(0).size(); i++) {
      int product = i;
      prepare(layers.stream().map(layer -> layer.get(product)).toList(), rowCounts);
    }
  }

  private List<Product> productsOf(LayerWeights layer) {
    return Stream.concat(
            layerProducts.ofLayer(layer).stream(), layerProducts.ofLastLayer(layer).stream())
        .toList();
  }

  void prepareLogits(List<Integer> rowCounts) {
    prepare(List.of(layerProducts.ofLogits(weights)), rowCounts);
  }

  /**
   * Prepares products of one kind.
   *
   * @param same the same with the weights of all layers
   */
  private void prepare(List<Product> same, List<Integer> rowCounts) {
    Product first = same.get(0);
    fillSource(first, rowCounts.get(rowCounts.size() - 1));
    products.prepare(
        stream,
        rowCounts.stream().map(first::shape).toList(),
        same.stream().map(Product::operands).toList());
  }

  /** Activations that look like weights: products of zeros take less power and run faster. */
  private void fillSource(Product product, int rows) {
    long rowBytes = (long) product.linear().inputs() * product.linear().type().inputBytes();
    long weightBytes = product.linear().outputs() * rowBytes;
    long bytes = MatMul.roundRows(rows) * rowBytes;
    for (long done = 0; done < bytes; done += weightBytes) {
      stream.copy(
          product.linear().weights(), product.source() + done, Math.min(weightBytes, bytes - done));
    }
  }
}
