package io.nightshift.runtime.runner;

/**
 * Time that copies of blocks between the device and host memory have taken.
 *
 * @param bytes bytes of the copies that were timed
 * @param seconds their time
 */
public record HostCopyTime(long bytes, double seconds) {}
