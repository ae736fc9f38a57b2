package io.nightshift.runtime.cuda.host;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Sets of processors in the form of Linux's {@code cpulist} files: {@code 0-3,8,10-11}. */
final class ProcessorList {
  private ProcessorList() {}

  /**
   * @throws NumberFormatException if the text is no such list
   */
  static BitSet parse(String text) {
    BitSet processors = new BitSet();
    for (String range : text.strip().split(",", -1)) {
      if (!range.isEmpty()) {
        String[] ends = range.split("-", 2);
        int first = Integer.parseInt(ends[0]);
        processors.set(first, (ends.length == 1 ? first : Integer.parseInt(ends[1])) + 1);
      }
    }
    return processors;
  }

  static String format(BitSet processors) {
    List<String> ranges = new ArrayList<>();
    for (int first = processors.nextSetBit(0); first >= 0; ) {
      int last = processors.nextClearBit(first) - 1;
      ranges.add(first == last ? String.valueOf(first) : first + "-" + last);
      first = processors.nextSetBit(last + 1);
    }
    return String.join(",", ranges);
  }
}
