package io.nightshift.connectors.files;

import java.io.IOException;

/**
 * A local file has a name that this JVM cannot encode. The message names the file and the remedy.
 */
public final class UnknownCharactersException extends IOException {
  private static final long serialVersionUID = 1L;

  UnknownCharactersException(String path) {
    super(path + " has characters that this process cannot name: " + LocalFileNames.REMEDY);
  }
}
