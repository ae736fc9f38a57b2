package io.nightshift.runtime.kvcache;

import org.jspecify.annotations.Nullable;

/**
 * The longest prefix found in the tree.
 *
 * @param node the last node that is used as a whole; the root if none is
 * @param partial a child of {@code node} of which only the first {@code partialTokens} tokens
 *     match; null if there is none
 * @param partialTokens number of tokens to copy from {@code partial}; 0 if it is null
 */
record PrefixMatch(PrefixNode node, @Nullable PrefixNode partial, int partialTokens) {}
