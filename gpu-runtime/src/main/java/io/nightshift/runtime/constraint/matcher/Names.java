package io.nightshift.runtime.constraint.matcher;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The names of an object's properties as JSON strings, in a trie. */
final class Names {
  // By node: its children are sorted by byte; properties are those whose names begin here.
  private byte[][] bytes = new byte[16][];
  private int[][] children = new int[16][];
  private int[][] properties = new int[16][];
  private int nodes;
  private final int[] lengths;

  Names(List<String> names) {
    lengths = new int[names.size()];
    addNode();
    for (int property = 0; property < names.size(); property++) {
      byte[] text = JsonStrings.quote(names.get(property)).getBytes(StandardCharsets.UTF_8);
      lengths[property] = text.length;
      int node = 0;
      for (byte value : text) {
        node = child(node, value);
        properties[node] = append(properties[node], property);
      }
    }
  }

  /** The node after a byte; -1 if there is none. */
  int next(int node, int value) {
    byte[] values = bytes[node];
    for (int i = 0; i < values.length; i++) {
      if ((values[i] & 0xFF) == value) {
        return children[node][i];
      }
    }
    return -1;
  }

  /** The properties whose names begin with the path to a node, in ascending order. */
  int[] properties(int node) {
    return properties[node];
  }

  /** Whether a name ends at a node; names in quotation marks are not prefixes of each other. */
  boolean isEnd(int node) {
    return bytes[node].length == 0;
  }

  /** Number of bytes of a name with its quotation marks. */
  int length(int property) {
    return lengths[property];
  }

  private int child(int node, byte value) {
    int known = next(node, value & 0xFF);
    if (known >= 0) {
      return known;
    }
    int added = addNode();
    bytes[node] = Arrays.copyOf(bytes[node], bytes[node].length + 1);
    bytes[node][bytes[node].length - 1] = value;
    children[node] = append(children[node], added);
    return added;
  }

  private int addNode() {
    if (nodes == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * nodes);
      children = Arrays.copyOf(children, 2 * nodes);
      properties = Arrays.copyOf(properties, 2 * nodes);
    }
    bytes[nodes] = new byte[0];
    children[nodes] = new int[0];
    properties[nodes] = new int[0];
    return nodes++;
  }

  private static int[] append(int[] values, int value) {
    int[] longer = Arrays.copyOf(values, values.length + 1);
    longer[values.length] = value;
    return longer;
  }
}
