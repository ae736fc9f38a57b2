package io.nightshift.connectors.parquet;

import io.nightshift.connectors.parquet.decode.ColumnShapes;
import io.nightshift.connectors.parquet.file.ParquetFile;
import io.nightshift.connectors.parquet.file.ParquetReadException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.core.fs.FileStatus;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.schema.Type;

/**
 * A file with the Arrow schema that its footer says.
 *
 * @param schema of the file's own columns, without those of its folders
 */
record InspectedFile(ParquetInputFile file, Schema schema) {

  static InspectedFile read(InputListing.Listed listed) throws IOException {
    FileStatus status = listed.status();
    try (ParquetFile file = ParquetFile.open(status.getPath(), status.getLen())) {
      List<Field> fields = new ArrayList<>();
      for (Type column : file.schema().getFields()) {
        try {
          fields.add(ColumnShapes.arrowField(column));
        } catch (UnsupportedOperationException unsupported) {
          throw ParquetReadException.ofColumn(
              file.name(), column.getName(), String.valueOf(unsupported.getMessage()));
        }
      }
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
              HiveFolders.parse(listed.folders()),
              rowGroups);
      return new InspectedFile(input, new Schema(fields));
    }
  }
}
