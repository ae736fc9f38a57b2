/** Tests of the shards of tensor-parallel ranks. */
@NullMarked
package io.nightshift.runtime.model.shard;

import org.jspecify.annotations.NullMarked;
