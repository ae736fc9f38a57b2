/**
 * The work units of a plan as a bounded Flink source, which hands rows to whichever reader asks
 * next. Start at {@link io.nightshift.connectors.units.source.WorkUnitSource}. Used by whoever
 * builds a Flink job; the operator behind the source reports to {@link
 * io.nightshift.connectors.units.source.ReadGate}.
 */
@NullMarked
package io.nightshift.connectors.units.source;

import org.jspecify.annotations.NullMarked;
