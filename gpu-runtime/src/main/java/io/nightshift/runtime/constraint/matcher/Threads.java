package io.nightshift.runtime.constraint.matcher;

import java.util.ArrayList;
import java.util.List;

/** Collects the frames that may follow a byte. */
final class Threads {
  private final Frames frames;
  private final List<Frame> found = new ArrayList<>(2);

  Threads(Frames frames) {
    this.frames = frames;
  }

  /** Adds a frame, unless no text can be completed from it. */
  void add(Frame frame) {
    if (frame.length() < Frame.NEVER) {
      Frame unique = frames.unique(frame);
      if (!found.contains(unique)) {
        found.add(unique);
      }
    }
  }

  /** The one frame that is equal to this one, as the parent of another. */
  Frame parent(Frame frame) {
    return frames.unique(frame);
  }

  List<Frame> found() {
    return found;
  }
}
