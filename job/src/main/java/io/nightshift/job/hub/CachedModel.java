package io.nightshift.job.hub;

import java.nio.file.Path;

/**
 * A model on this machine.
 *
 * @param name what {@code model.path} may say
 * @param path file or folder
 * @param bytes that it takes
 */
public record CachedModel(String name, Path path, long bytes) {}
