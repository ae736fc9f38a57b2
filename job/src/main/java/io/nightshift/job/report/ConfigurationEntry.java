package io.nightshift.job.report;

/** A setting of the job. The value of a secret is replaced. */
public record ConfigurationEntry(String key, String value) {}
