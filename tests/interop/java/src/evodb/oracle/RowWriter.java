package evodb.oracle;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;

/** Writes rows to real files in the table's format, without committing them. */
public final class RowWriter {
  private final Table table;
  private final GenericFileWriterFactory writers;
  private final OutputFileFactory files;

  public RowWriter(Table table) {
    this.table = table;
    this.writers =
        new GenericFileWriterFactory.Builder(table).dataSortOrder(table.sortOrder()).build();
    String format =
        table
            .properties()
            .getOrDefault(
                TableProperties.DEFAULT_FILE_FORMAT, TableProperties.DEFAULT_FILE_FORMAT_DEFAULT);
    this.files =
        OutputFileFactory.builderFor(table, 0, 0).format(FileFormat.fromString(format)).build();
  }

  /** One file for each partition that the rows fall into. */
  public List<DataFile> write(List<Record> rows) throws IOException {
    PartitionSpec spec = table.spec();
    Map<PartitionKey, List<Record>> partitions = new LinkedHashMap<>();
    PartitionKey key = new PartitionKey(spec, table.schema());
    InternalRecordWrapper internal = new InternalRecordWrapper(table.schema().asStruct());
    for (Record row : rows) {
      key.partition(internal.wrap(row));
      partitions.computeIfAbsent(key.copy(), it -> new ArrayList<>()).add(row);
    }
    List<DataFile> written = new ArrayList<>();
    for (Map.Entry<PartitionKey, List<Record>> partition : partitions.entrySet()) {
      written.add(writeFile(spec, partition.getKey(), partition.getValue()));
    }
    return written;
  }

  private DataFile writeFile(PartitionSpec spec, PartitionKey partition, List<Record> rows)
      throws IOException {
    DataWriter<Record> writer =
        writers.newDataWriter(files.newOutputFile(spec, partition), spec, partition);
    try (writer) {
      writer.write(rows);
    }
    return writer.toDataFile();
  }
}
