package io.nightshift.runtime.model;

import java.util.List;

/**
 * The layers that have the same sliding window, and therefore need the keys and values of the same
 * tokens (vLLM's hybrid KV cache manager calls them a KV cache group).
 *
 * @param slidingWindow number of most recent positions that a query attends to, its own included; 0
 *     for all
 * @param layers indices of the layers, ascending
 */
public record CacheGroup(int slidingWindow, List<Integer> layers) {

  public CacheGroup {
    layers = List.copyOf(layers);
  }
}
