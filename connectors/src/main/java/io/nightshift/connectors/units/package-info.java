/**
 * Work units: the durable hand-over between the plan job and the infer job. Arrow IPC files of rows
 * in planned order, each shared prefix of tokens stored once, and a manifest that names them. Start
 * at {@link io.nightshift.connectors.units.PlanManifest}.
 */
@NullMarked
package io.nightshift.connectors.units;

import org.jspecify.annotations.NullMarked;
