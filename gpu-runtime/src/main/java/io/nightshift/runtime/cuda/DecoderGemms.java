package io.nightshift.runtime.cuda;

import java.util.List;
import java.util.stream.Stream;

/**
 * The GEMMs of one decoder layer.
 *
 * @param layer those of a layer that computes all rows, in their order
 * @param logitsRows those that a last layer which keeps the logits rows has in addition
 */
record DecoderGemms(List<LayerGemm> layer, List<LayerGemm> logitsRows) {

  List<LayerGemm> all() {
    return Stream.concat(layer.stream(), logitsRows.stream()).toList();
  }
}
