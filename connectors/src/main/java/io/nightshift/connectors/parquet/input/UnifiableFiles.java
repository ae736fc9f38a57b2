package io.nightshift.connectors.parquet.input;

import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.files.ParallelReads;
import io.nightshift.connectors.input.ListedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.fs.FileStatus;

/** Files whose columns have common types. */
public final class UnifiableFiles {
  private final List<InspectedFile> types = new ArrayList<>();
  private final List<FileStatus> files = new ArrayList<>();

  private UnifiableFiles() {}

  /**
   * Divides files into lists that {@link ParquetInputs#ofFiles} can select all columns of.
   *
   * @throws FileReadException naming the file that cannot be read
   */
  public static List<List<FileStatus>> divide(List<FileStatus> files) throws IOException {
    Map<List<Object>, UnifiableFiles> equal = new LinkedHashMap<>();
    List<UnifiableFiles> divisions = new ArrayList<>();
    List<InspectedFile> footers =
        ParallelReads.map(files, file -> InspectedFile.read(new ListedFile(file, List.of())));
    for (int i = 0; i < files.size(); i++) {
      InspectedFile footer = footers.get(i);
      List<Object> types = List.of(footer.schema(), footer.withoutValues());
      equal.computeIfAbsent(types, first -> find(divisions, footer)).files.add(files.get(i));
    }
    return divisions.stream().map(division -> division.files).toList();
  }

  private static UnifiableFiles find(List<UnifiableFiles> divisions, InspectedFile file) {
    for (UnifiableFiles division : divisions) {
      if (division.accepts(file)) {
        division.types.add(file);
        return division;
      }
    }
    UnifiableFiles division = new UnifiableFiles();
    division.types.add(file);
    divisions.add(division);
    return division;
  }

  private boolean accepts(InspectedFile file) {
    List<InspectedFile> all = new ArrayList<>(types);
    all.add(file);
    try {
      ParquetColumns.all(all, List.of());
      return true;
    } catch (FileReadException differs) {
      return false;
    }
  }
}
