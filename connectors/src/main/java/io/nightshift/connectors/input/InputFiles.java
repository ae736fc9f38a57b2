package io.nightshift.connectors.input;

import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.source.BatchFormat;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.FileSplit;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * The files of an input, inspected before a job runs: which they are, how many rows they have, and
 * which columns of which types. A format of input files is an implementation of this interface.
 *
 * <p>{@code key=value} folders between the input path and a file are columns after the file's own;
 * see {@link FolderColumns}.
 */
public interface InputFiles {
  /** All files, sorted within each of the input paths. */
  List<? extends InputFile> files();

  /** Some of the files, with the common types of all files. */
  InputFiles only(Predicate<InputFile> wanted);

  /** The locations that the input paths cover. */
  InputReach reach();

  /** The number of rows in all files. */
  default long rows() {
    return files().stream().mapToLong(InputFile::rows).sum();
  }

  /** Names of columns that a job may read, in the order of the files, then of the folders. */
  Set<String> columnNames();

  /**
   * Columns that cannot be read because not all files have them, in the order of the files; none of
   * a format whose rows may lack columns.
   */
  List<PartialColumn> partialColumns();

  /**
   * All columns.
   *
   * @throws FileReadException naming a file and a column that cannot be read, or that does not go
   *     together with another file
   */
  InputColumns select() throws FileReadException;

  /**
   * Some columns, in this order. Only these must be readable and have one type.
   *
   * @param columns names of top-level columns or of folders' keys
   * @throws FileReadException naming a file and a column that is missing, with the nearest name, or
   *     that cannot be read with one type
   */
  InputColumns select(List<String> columns) throws FileReadException;

  /**
   * A column as all files have it.
   *
   * @throws FileReadException as {@link #select(List)}
   */
  default Field field(String column) throws FileReadException {
    return select(List.of(column)).schema().getFields().get(0);
  }

  /** What reads splits of the files as batches of this layout. */
  BatchFormat format(BatchLayout layout);

  /**
   * Cuts the files into splits that can be read at the same time.
   *
   * @param splitBytes maximum size of a split in the file, where the format can cut there
   */
  List<FileSplit> splits(long splitBytes);
}
