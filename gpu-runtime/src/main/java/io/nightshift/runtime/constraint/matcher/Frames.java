package io.nightshift.runtime.constraint.matcher;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Makes frames unique. Thread-safe. */
final class Frames {
  private final ConcurrentMap<Frame, Frame> frames = new ConcurrentHashMap<>();

  /** The one frame that is equal to this one. */
  Frame unique(Frame frame) {
    Frame known = frames.get(frame);
    if (known != null) {
      return known;
    }
    known = frames.putIfAbsent(frame, frame);
    return known == null ? frame : known;
  }
}
