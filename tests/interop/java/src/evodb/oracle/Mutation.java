package evodb.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.DeleteFiles;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PendingUpdate;
import org.apache.iceberg.ReplacePartitions;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.relocated.com.google.common.util.concurrent.MoreExecutors;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.SnapshotUtil;

/** One change of a table, as Iceberg Java makes it with all validations that its isolation asks for. */
final class Mutation {
  // On the calling thread: Iceberg polls its worker threads every 10 ms, which is longer than small tables take.
  private static final ExecutorService HERE = MoreExecutors.newDirectExecutorService();

  private final Table table;
  private final JsonNode json;
  private final List<DataFile> added = new ArrayList<>();

  /** Begins on the table as it is loaded; commit() makes the change on its newest version. */
  static PendingUpdate<?> begin(Table table, JsonNode json) {
    return new Mutation(table, json).begin();
  }

  Mutation(Table table, JsonNode json) {
    this.table = table;
    this.json = json;
    json.path("files").forEach(file -> added.add(DescribedFiles.data(table, file)));
    if (json.has("rows")) {
      List<Record> rows = new ArrayList<>();
      json.get("rows").forEach(row -> rows.add(Values.rowFromJson(table.schema(), row)));
      try {
        added.addAll(new RowWriter(table).write(rows));
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  List<DataFile> added() {
    return added;
  }

  PendingUpdate<?> begin() {
    String operation = Json.text(json, "operation");
    return switch (operation) {
      case "append" -> append();
      case "overwrite" -> overwrite();
      case "delete" -> json.has("remove") ? deleteFiles() : overwrite();
      case "replace_partitions" -> replacePartitions();
      case "row_delta" -> rowDelta();
      case "rewrite_files" -> rewriteFiles();
      case "rewrite_manifests" -> common(table.rewriteManifests().clusterBy(file -> ""));
      case "add_column" ->
          table.updateSchema().addColumn(Json.text(json, "column"), Types.StringType.get());
      case "roll_back" -> table.manageSnapshots().rollbackTo(rollBackTarget());
      default -> throw new IllegalArgumentException("no such operation: " + operation);
    };
  }

  private AppendFiles append() {
    boolean fast = json.path("fast").asBoolean(false);
    AppendFiles append = common(fast ? table.newFastAppend() : table.newAppend());
    added.forEach(append::appendFile);
    return append;
  }

  /** By filter, or of named files; without added files, a delete that validates like an overwrite. */
  private OverwriteFiles overwrite() {
    OverwriteFiles overwrite = common(table.newOverwrite());
    if (json.has("filter")) {
      overwrite.overwriteByRowFilter(filter("filter"));
      if (!added.isEmpty()) {
        overwrite.validateAddedFilesMatchOverwriteFilter();
      }
    }
    removed().forEach(overwrite::deleteFile);
    added.forEach(overwrite::addFile);
    if (beganOn() != null) {
      overwrite.validateFromSnapshot(beganOn().snapshotId());
    }
    if (json.has("conflict_filter")) {
      overwrite.conflictDetectionFilter(filter("conflict_filter"));
    }
    if (isSerializable()) {
      overwrite.validateNoConflictingData();
    }
    return overwrite.validateNoConflictingDeletes();
  }

  private DeleteFiles deleteFiles() {
    DeleteFiles delete = common(table.newDelete()).validateFilesExist();
    Json.texts(json.get("remove"))
        .forEach(path -> delete.deleteFile(DescribedFiles.path(table, path)));
    return delete;
  }

  private ReplacePartitions replacePartitions() {
    ReplacePartitions replace = common(table.newReplacePartitions());
    added.forEach(replace::addFile);
    if (beganOn() != null) {
      replace.validateFromSnapshot(beganOn().snapshotId());
    }
    if (isSerializable()) {
      replace.validateNoConflictingData();
    }
    return replace.validateNoConflictingDeletes();
  }

  private RowDelta rowDelta() {
    RowDelta delta = common(table.newRowDelta());
    added.forEach(delta::addRows);
    List<DeleteFile> deletes = new ArrayList<>();
    json.path("deletes").forEach(file -> deletes.add(DescribedFiles.deletes(table, file)));
    deletes.forEach(delta::addDeletes);
    if (beganOn() != null) {
      delta.validateFromSnapshot(beganOn().snapshotId());
    }
    delta.validateDataFilesExist(
        deletes.stream().map(DeleteFile::referencedDataFile).filter(Objects::nonNull).toList());
    delta.validateDeletedFiles();
    if (json.has("conflict_filter")) {
      delta.conflictDetectionFilter(filter("conflict_filter"));
    }
    if (isSerializable()) {
      delta.validateNoConflictingDataFiles();
    }
    return delta.validateNoConflictingDeleteFiles();
  }

  private RewriteFiles rewriteFiles() {
    RewriteFiles rewrite = common(table.newRewrite());
    removed().forEach(rewrite::deleteFile);
    added.forEach(rewrite::addFile);
    if (beganOn() != null) {
      rewrite.validateFromSnapshot(beganOn().snapshotId());
    }
    if (json.hasNonNull("data_sequence_number")) {
      rewrite.dataSequenceNumber(json.get("data_sequence_number").asLong());
    }
    return rewrite;
  }

  private <U extends SnapshotUpdate<U>> U common(U update) {
    update.scanManifestsWith(HERE);
    update.writeManifestsWith(HERE, 1);
    if (json.hasNonNull("branch")) {
      update.toBranch(json.get("branch").asText());
    }
    if (json.path("staged").asBoolean(false)) {
      update.stageOnly();
    }
    if (json.hasNonNull("summary")) {
      Json.textMap(json.get("summary")).forEach(update::set);
    }
    return update;
  }

  /** The snapshot from which on others are validated: that with `from_snapshot_id`, or the branch's newest. */
  private Snapshot beganOn() {
    if (json.hasNonNull("from_snapshot_id")) {
      return table.snapshot(json.get("from_snapshot_id").asLong());
    }
    return json.hasNonNull("branch")
        ? SnapshotUtil.latestSnapshot(table, json.get("branch").asText())
        : table.currentSnapshot();
  }

  private boolean isSerializable() {
    String isolation = json.path("isolation").asText("serializable");
    if (!isolation.equals("serializable") && !isolation.equals("snapshot")) {
      throw new IllegalArgumentException("no such isolation: " + isolation);
    }
    return isolation.equals("serializable");
  }

  private Expression filter(String key) {
    return Filters.parse(json.get(key), table.schema());
  }

  /** The named files, as the snapshot has them that the change begins on. */
  private List<DataFile> removed() {
    if (!json.has("remove")) {
      return List.of();
    }
    List<String> paths =
        Json.texts(json.get("remove")).stream().map(it -> DescribedFiles.path(table, it)).toList();
    List<DataFile> files =
        LiveFiles.data(table, beganOn()).stream().filter(it -> paths.contains(it.location())).toList();
    if (files.size() != paths.size()) {
      throw new IllegalArgumentException("not all of these are live: " + paths);
    }
    return files;
  }

  private long rollBackTarget() {
    if (json.hasNonNull("snapshot_id")) {
      return json.get("snapshot_id").asLong();
    }
    long wanted = json.get("sequence_number").asLong();
    for (Snapshot snapshot : table.snapshots()) {
      if (snapshot.sequenceNumber() == wanted) {
        return snapshot.snapshotId();
      }
    }
    throw new IllegalArgumentException("no snapshot has the sequence number " + wanted);
  }
}
