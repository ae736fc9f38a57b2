package io.nightshift.runtime.files;

import java.nio.file.Path;

/** Tries to take a lock, and says whether it has got it. */
public final class LockProgram {
  private LockProgram() {}

  public static void main(String[] arguments) throws Exception {
    System.out.println(MachineLock.tryTake(Path.of(arguments[0])).isPresent() ? "taken" : "held");
  }
}
