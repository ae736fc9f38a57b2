package io.nightshift.connectors.jsonl.decode;

import io.nightshift.connectors.jsonl.file.LineReader;
import io.nightshift.connectors.jsonl.file.TextFile;
import io.nightshift.connectors.source.BatchFormat;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.FileSplit;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.core.fs.Path;

/**
 * Reads ranges of bytes of JSON Lines. The position of a split is where a line begins, with the
 * number of lines before it.
 *
 * @param parser of the layout's columns
 */
public record JsonLinesFormat(BatchLayout layout, LineParser parser) implements BatchFormat {

  @Override
  public Schema schema() {
    return layout.schema();
  }

  @Override
  public Batches open(FileSplit split, BufferAllocator allocator) throws IOException {
    TextFile file = new TextFile(new Path(split.path()));
    LineReader lines = LineReader.at(file, split.position().offset(), split.end());
    return new LineBatches(split, layout, parser, lines, allocator);
  }
}
