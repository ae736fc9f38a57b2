package io.nightshift.connectors.units.source;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * A reader asks the enumerator for rows. It repeats the request, with what is left then, until it
 * has an answer.
 *
 * @param unfinishedRows rows that it has and whose answers are not done: of its splits, and in the
 *     operator behind it
 */
record WorkUnitRequest(long unfinishedRows) implements SourceEvent {
  private static final long serialVersionUID = 1L;
}
