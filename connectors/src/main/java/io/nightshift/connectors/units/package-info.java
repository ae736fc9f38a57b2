/**
 * Work units: files of rows in planned order, with which one job hands its rows to another. They
 * are Arrow IPC files in which the rows' sort keys are front-coded; the meaning of keys and columns
 * is that of a {@link io.nightshift.connectors.units.WorkUnitFormat}. Start at {@link
 * io.nightshift.connectors.units.WorkUnitCutter} to write and at {@link
 * io.nightshift.connectors.units.WorkUnitReader} to read. Used by the package {@code source} below
 * and by operators.
 */
@NullMarked
package io.nightshift.connectors.units;

import org.jspecify.annotations.NullMarked;
