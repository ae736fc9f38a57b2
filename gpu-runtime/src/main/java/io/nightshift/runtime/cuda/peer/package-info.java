/**
 * Ranks of a tensor-parallel group on GPUs of one host, which read and write each other's memory.
 * Start at {@link io.nightshift.runtime.cuda.peer.PeerGroup}.
 */
@NullMarked
package io.nightshift.runtime.cuda.peer;

import org.jspecify.annotations.NullMarked;
