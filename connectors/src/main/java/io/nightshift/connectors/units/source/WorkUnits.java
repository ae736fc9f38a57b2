package io.nightshift.connectors.units.source;

import io.nightshift.connectors.units.KeyNames;
import io.nightshift.connectors.units.WorkUnit;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.core.fs.Path;

/**
 * The units that a source reads. This is what a Flink job carries; the descriptions of the units,
 * which may be millions, are read when the job starts.
 */
public interface WorkUnits extends Serializable {

  /** The folder that the units' file names are relative to. */
  Path folder();

  /** The names of what belongs to the sort key in the units' files. */
  KeyNames keyNames();

  /**
   * The cost of a row besides its key, in elements of keys; see {@link WorkUnit#cost}. Readers get
   * shares of about equal cost.
   */
  long rowCost();

  /**
   * Reads the descriptions of all units, in planned order.
   *
   * @throws IOException if they are gone or cannot be read
   */
  List<WorkUnit> units() throws IOException;
}
