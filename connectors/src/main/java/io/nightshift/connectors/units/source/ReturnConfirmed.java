package io.nightshift.connectors.units.source;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * The enumerator has the {@link ReturnedRows} of a reader, which forgets them.
 *
 * @param finish whether the reader ends its input; otherwise it waits for the end of its process,
 *     after which its task starts anew elsewhere
 */
record ReturnConfirmed(boolean finish) implements SourceEvent {
  private static final long serialVersionUID = 1L;
}
