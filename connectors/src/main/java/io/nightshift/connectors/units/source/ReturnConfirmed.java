package io.nightshift.connectors.units.source;

import org.apache.flink.api.connector.source.SourceEvent;

/** The enumerator has the {@link ReturnedRows} of a reader, which forgets them. */
record ReturnConfirmed() implements SourceEvent {
  private static final long serialVersionUID = 1L;
}
