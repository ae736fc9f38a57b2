/**
 * What the Flink types of the project have in common. Start at {@link
 * io.nightshift.connectors.types.OpaqueTypeInformation}. Depends on no other package of the
 * project; whoever defines a Flink type may use it.
 */
@NullMarked
package io.nightshift.connectors.types;

import org.jspecify.annotations.NullMarked;
