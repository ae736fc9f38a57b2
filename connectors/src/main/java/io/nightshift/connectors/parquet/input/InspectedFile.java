package io.nightshift.connectors.parquet.input;

import io.nightshift.connectors.input.ListedFile;
import io.nightshift.connectors.parquet.decode.ColumnShapes;
import io.nightshift.connectors.parquet.file.ParquetFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.core.fs.FileStatus;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * A file with the Arrow schema that its footer describes.
 *
 * @param names of all of the file's own columns, without those of its folders, each once
 * @param schema of those that can be read
 * @param unreadable why others cannot, which matters only if they are selected
 * @param withoutValues columns that are null in every row
 * @param otherThanFolder columns that have the name of a folder's key, but not, or not provably,
 *     its value
 */
record InspectedFile(
    ParquetInputFile file,
    List<String> names,
    Schema schema,
    Map<String, String> unreadable,
    Set<String> withoutValues,
    Set<String> otherThanFolder) {

  static InspectedFile read(ListedFile listed) throws IOException {
    FileStatus status = listed.status();
    try (ParquetFile file = ParquetFile.open(status.getPath(), status.getLen())) {
      List<ParquetInputFile.RowGroup> rowGroups = new ArrayList<>();
      for (BlockMetaData rowGroup : file.rowGroups()) {
        rowGroups.add(
            new ParquetInputFile.RowGroup(rowGroup.getRowCount(), rowGroup.getCompressedSize()));
      }
      ParquetInputFile input =
          new ParquetInputFile(
              file.name(),
              status.getLen(),
              status.getModificationTime(),
              listed.folderValues(),
              rowGroups);
      return of(input, file.schema(), new ColumnStatistics(file.rowGroups()));
    }
  }

  private static InspectedFile of(
      ParquetInputFile file, MessageType columns, ColumnStatistics statistics) {
    List<String> names = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    Map<String, String> unreadable = new HashMap<>();
    Set<String> withoutValues = new HashSet<>();
    Set<String> otherThanFolder = new HashSet<>();
    for (Type column : columns.getFields()) {
      String name = column.getName();
      if (names.contains(name)) {
        unreadable.put(name, "is there more than once: rename one of them");
        continue;
      }
      names.add(name);
      try {
        fields.add(ColumnShapes.arrowField(column));
      } catch (UnsupportedOperationException unsupported) {
        unreadable.put(name, String.valueOf(unsupported.getMessage()));
      }
      if (statistics.haveNoValues(column)) {
        withoutValues.add(name);
      }
      if (file.folders().containsKey(name)
          && !statistics.haveOnly(column, file.folders().get(name))) {
        otherThanFolder.add(name);
      }
    }
    return new InspectedFile(
        file, names, new Schema(fields), unreadable, withoutValues, otherThanFolder);
  }

  /** The same file, which shares equal parts with other files. */
  InspectedFile sharing(Map<Object, Object> shared) {
    return new InspectedFile(
        file,
        share(shared, names),
        share(shared, schema),
        share(shared, unreadable),
        share(shared, withoutValues),
        share(shared, otherThanFolder));
  }

  @SuppressWarnings("unchecked") // the map gives what equals its key
  private static <T> T share(Map<Object, Object> shared, T value) {
    return (T) shared.computeIfAbsent(value, first -> first);
  }

  @Nullable Field field(String name) {
    return schema.getFields().stream()
        .filter(field -> field.getName().equals(name))
        .findFirst()
        .orElse(null);
  }
}
