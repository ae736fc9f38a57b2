package io.nightshift.runtime.model.gguf;

import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.weights.StoredTensor;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The quantized types of a file. */
final class GgufQuantization {
  private GgufQuantization() {}

  /** The types by the number of their elements, largest first; empty if there is none. */
  static Optional<String> describe(Collection<StoredTensor> tensors) {
    Map<TensorType, Long> elements =
        tensors.stream()
            .filter(tensor -> tensor.type().blockElements() > 1)
            .collect(
                Collectors.groupingBy(
                    StoredTensor::type,
                    Collectors.summingLong(
                        tensor -> tensor.shape().stream().reduce(1L, (a, b) -> a * b))));
    return elements.isEmpty()
        ? Optional.empty()
        : Optional.of(
            elements.entrySet().stream()
                .sorted(Map.Entry.<TensorType, Long>comparingByValue(Comparator.reverseOrder()))
                .map(entry -> entry.getKey().name())
                .collect(Collectors.joining(" and ")));
  }
}
