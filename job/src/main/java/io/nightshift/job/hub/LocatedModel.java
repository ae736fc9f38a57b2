package io.nightshift.job.hub;

import io.nightshift.operators.model.ModelSource;
import java.nio.file.Path;
import java.util.Map;

/**
 * A model that has been located.
 *
 * @param path its file or folder on this machine
 * @param source how tasks find the same model, on whichever machine they run
 * @param identity what identifies it, by the options, or parts of what they name, that a message
 *     can say are different
 */
public record LocatedModel(Path path, ModelSource source, Map<String, String> identity) {

  public LocatedModel {
    identity = Map.copyOf(identity);
  }
}
