package io.nightshift.job.hub;

import io.nightshift.operators.model.ModelSource;
import java.nio.file.Path;

/**
 * A model that was found.
 *
 * @param path its file or folder on this machine
 * @param source how tasks find the same one, on whatever machine they run
 * @param identity what tells it from other models, for a person to read
 */
public record LocatedModel(Path path, ModelSource source, String identity) {}
