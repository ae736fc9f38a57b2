package io.nightshift.runtime.kvcache;

import org.jspecify.annotations.Nullable;

/**
 * The longest usable prefix in the tree.
 *
 * @param node the last node whose whole block matches; the root where none does
 * @param partial a child of {@code node} of which only the first {@code partialTokens} tokens
 *     match, or null
 * @param partialTokens tokens to copy from {@code partial}; 0 without
 */
record PrefixMatch(PrefixNode node, @Nullable PrefixNode partial, int partialTokens) {}
