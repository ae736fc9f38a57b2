/**
 * Who owns which KV cache block, and what is in it: block pool, prefix tree, eviction. Knows no
 * device. Start at {@link io.nightshift.runtime.kvcache.KvCache}.
 */
@NullMarked
package io.nightshift.runtime.kvcache;

import org.jspecify.annotations.NullMarked;
