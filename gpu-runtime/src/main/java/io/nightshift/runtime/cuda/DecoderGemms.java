package io.nightshift.runtime.cuda;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The GEMMs of one decoder layer.
 *
 * @param layer those of a layer that computes all rows, in their order
 * @param logitsRows those that a last layer which keeps the logits rows has in addition
 * @param experts those of the rows of experts, which follow the others
 */
record DecoderGemms(
    List<LayerGemm> layer, List<LayerGemm> logitsRows, Optional<ExpertGemms> experts) {

  List<LayerGemm> all() {
    return Stream.concat(layer.stream(), logitsRows.stream()).toList();
  }
}
