/**
 * Bookkeeping of the KV cache blocks: block pool, prefix tree, eviction and host memory. Start at
 * {@link io.nightshift.runtime.kvcache.KvCache}.
 *
 * <p>Does not access a device. Used by the scheduler, and by the engine that creates the cache.
 */
@NullMarked
package io.nightshift.runtime.kvcache;

import org.jspecify.annotations.NullMarked;
