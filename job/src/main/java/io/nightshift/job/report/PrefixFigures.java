package io.nightshift.job.report;

/**
 * A prefix that many prompts share.
 *
 * @param tokens length of the prefix
 * @param rows whose prompts begin with it
 * @param savedTokens prompt tokens that need not be computed because of it
 * @param share of all planned prompt tokens that these are
 * @param text beginning and end of the prefix
 */
public record PrefixFigures(long tokens, long rows, long savedTokens, double share, String text) {}
