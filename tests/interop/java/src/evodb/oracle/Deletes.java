package evodb.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.io.DeleteWriteResult;
import org.apache.iceberg.io.OutputFileFactory;

/** Merge-on-read deletes: position delete files up to version 2, deletion vectors from version 3. */
public final class Deletes {
  /** A request deletes either positions of files, or rows that equal the given ones in some columns. */
  static JsonNode deleteRows(JsonNode request) throws IOException {
    Table table = Tables.load(request);
    List<DeleteWriteResult> deletes = new ArrayList<>();
    if (request.has("positions")) {
      for (FileScanTask task : Plan.tasks(table.newScan())) {
        JsonNode positions = request.get("positions").get(task.file().location());
        if (positions != null) {
          List<Long> numbers = new ArrayList<>();
          positions.forEach(position -> numbers.add(position.asLong()));
          deletes.add(byPosition(table, task, numbers));
        }
      }
      if (deletes.size() < request.get("positions").size()) {
        throw new IllegalArgumentException("some of the files are not in the table");
      }
    } else {
      List<String> columns = Json.texts(request.get("columns"));
      Schema schema = table.schema().select(columns);
      List<Record> rows = new ArrayList<>();
      request.get("rows").forEach(row -> rows.add(Values.rowFromJson(schema, row)));
      deletes.add(byEquality(table, schema, rows, request.path("partition_path").asText(null)));
    }
    commit(table, deletes);
    return Json.object().put("snapshot_id", table.currentSnapshot().snapshotId());
  }

  /** Commits delete files that another writer made, of an unpartitioned table. */
  static JsonNode addDeletes(JsonNode request) {
    Table table = Tables.load(request);
    RowDelta delta = table.newRowDelta();
    request.get("deletes").forEach(json -> delta.addDeletes(DescribedFiles.deletes(table, json)));
    delta.commit();
    return Json.object().put("snapshot_id", table.currentSnapshot().snapshotId());
  }

  public static void commit(Table table, List<DeleteWriteResult> deletes) {
    RowDelta delta = table.newRowDelta();
    for (DeleteWriteResult delete : deletes) {
      delete.deleteFiles().forEach(delta::addDeletes);
      delete.rewrittenDeleteFiles().forEach(delta::removeDeletes);
    }
    // Java takes every older deletion vector for a conflicting one unless it is given where to begin.
    delta.validateFromSnapshot(table.currentSnapshot().snapshotId());
    delta.commit();
  }

  public static DeleteWriteResult byPosition(Table table, FileScanTask task, List<Long> positions)
      throws IOException {
    String path = task.file().location();
    PartitionSpec spec = task.spec();
    StructLike partition = task.partition();
    if (Tables.metadata(table).formatVersion() >= 3) {
      // There is but one vector for each file: a new one takes in the deletes that it replaces.
      BaseDeleteLoader loader = new BaseDeleteLoader(table.io()::newInputFile);
      BaseDVFileWriter writer =
          new BaseDVFileWriter(
              output(table, FileFormat.PUFFIN),
              it -> task.deletes().isEmpty() ? null : loader.loadPositionDeletes(task.deletes(), it));
      try (writer) {
        positions.forEach(position -> writer.delete(path, position, spec, partition));
      }
      return writer.result();
    }
    PositionDeleteWriter<Record> writer =
        new GenericFileWriterFactory.Builder(table)
            .build()
            .newPositionDeleteWriter(
                output(table, FileFormat.PARQUET).newOutputFile(spec, partition), spec, partition);
    try (writer) {
      PositionDelete<Record> delete = PositionDelete.create();
      positions.forEach(position -> writer.write(delete.set(path, position)));
    }
    return writer.result();
  }

  /**
   * In a partition of the table's spec; without one, a global delete: in the unpartitioned spec, which the table must
   * have.
   */
  public static DeleteWriteResult byEquality(
      Table table, Schema columns, List<Record> rows, String partitionPath) throws IOException {
    boolean isGlobal = partitionPath == null;
    PartitionSpec spec = isGlobal ? unpartitioned(table) : table.spec();
    StructLike partition = isGlobal ? null : DataFiles.data(spec, partitionPath);
    int[] ids = columns.columns().stream().mapToInt(it -> it.fieldId()).toArray();
    EqualityDeleteWriter<Record> writer =
        new GenericFileWriterFactory.Builder(table)
            .equalityFieldIds(ids)
            .equalityDeleteRowSchema(columns)
            .build()
            .newEqualityDeleteWriter(
                output(table, FileFormat.PARQUET).newOutputFile(spec, partition), spec, partition);
    try (writer) {
      writer.write(rows);
    }
    return writer.result();
  }

  private static PartitionSpec unpartitioned(Table table) {
    return table.specs().values().stream()
        .filter(PartitionSpec::isUnpartitioned)
        .findAny()
        .orElseThrow(() -> new IllegalArgumentException("the table has no unpartitioned spec"));
  }

  private static OutputFileFactory output(Table table, FileFormat format) {
    return OutputFileFactory.builderFor(table, 0, 0).format(format).suffix("deletes").build();
  }

  private Deletes() {}
}
