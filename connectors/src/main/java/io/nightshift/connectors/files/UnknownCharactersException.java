package io.nightshift.connectors.files;

import java.io.IOException;

/** A local file whose name this JVM cannot write; the message names it and says what to set. */
public final class UnknownCharactersException extends IOException {
  private static final long serialVersionUID = 1L;

  UnknownCharactersException(String path) {
    super(path + " has characters that this process cannot name: " + LocalFileNames.REMEDY);
  }
}
