package io.nightshift.operators.plan;

import java.io.Serializable;

/**
 * An input file as it was when its rows were planned.
 *
 * @param path with its file system's scheme
 * @param length in bytes
 * @param modificationTime in milliseconds since the epoch, as the file system reports it
 * @param rows its rows have numbers below this
 */
public record PlannedFile(String path, long length, long modificationTime, long rows)
    implements Serializable {}
