package evodb.oracle.matrix;

import static evodb.oracle.matrix.Draft.BY_CATEGORY;
import static evodb.oracle.matrix.Draft.BY_NOTHING;
import static evodb.oracle.matrix.Draft.ITEMS;
import static evodb.oracle.matrix.Draft.append;
import static evodb.oracle.matrix.Draft.files;
import static evodb.oracle.matrix.Draft.items;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.GenericBlobMetadata;
import org.apache.iceberg.GenericStatisticsFile;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.ReplacePartitions;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StatisticsFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.puffin.Blob;
import org.apache.iceberg.puffin.Puffin;
import org.apache.iceberg.puffin.PuffinWriter;

/** Peculiar histories: what other commits than appends leave behind. */
final class HistoryTables {
  private static final String[] FILTERS = {
    Filter.of("lt", "id", "4"), Filter.of("eq", "category", "\"c1\""), Filter.of("gt", "price", "7.0"),
  };

  static final List<SpecialTable> ALL =
      List.of(
          SpecialTable.of(
              "v2-empty",
              "no snapshot at all",
              draft -> draft.create(2, ITEMS, BY_CATEGORY), FILTERS),
          SpecialTable.of(
              "v3-empty",
              "no snapshot at all",
              draft -> draft.create(3, ITEMS, BY_CATEGORY), FILTERS),
          SpecialTable.of("v2-emptied", "all files deleted again", HistoryTables::emptied, FILTERS),
          SpecialTable.of(
              "v2-merged-manifests",
              "manifests merged by appends: entries that EXIST",
              HistoryTables::merged, FILTERS),
          SpecialTable.of(
              "v2-rewritten-manifests",
              "four manifests rewritten to one: only entries that EXIST",
              HistoryTables::rewrittenManifests, FILTERS),
          SpecialTable.of(
              "v2-deleted-file",
              "one file of a manifest deleted: ADDED entries turned EXISTING and DELETED",
              HistoryTables::deletedFile, FILTERS),
          SpecialTable.of(
              "v2-overwritten",
              "files overwritten and a partition replaced",
              HistoryTables::overwritten, FILTERS),
          SpecialTable.of(
              "v2-rewritten-files",
              "files compacted",
              HistoryTables::rewrittenFiles, FILTERS),
          SpecialTable.of(
              "v3-rewritten-files",
              "files compacted, with row ids",
              HistoryTables::rewrittenFilesOfVersion3, FILTERS),
          SpecialTable.of(
              "v2-refs",
              "branches and tags with retention, and a commit on a branch",
              HistoryTables::refs, FILTERS),
          SpecialTable.of(
              "v2-staged",
              "a staged snapshot that is not in the history",
              HistoryTables::staged, FILTERS),
          SpecialTable.of(
              "v2-cherry-picked",
              "a staged snapshot published after another commit",
              HistoryTables::cherryPicked, FILTERS),
          SpecialTable.of(
              "v2-rolled-back",
              "rolled back, then appended to",
              HistoryTables::rolledBack, FILTERS),
          SpecialTable.of(
              "v2-expired",
              "all but the last snapshots expired, their files deleted",
              HistoryTables::expired, FILTERS),
          SpecialTable.of("v2-statistics", "a statistics file", HistoryTables::statistics, FILTERS),
          SpecialTable.of(
              "v2-long-metadata-log",
              "more versions than the metadata log holds",
              HistoryTables::longMetadataLog, FILTERS),
          SpecialTable.of(
              "v2-deleted-metadata",
              "old metadata files deleted after each commit",
              HistoryTables::deletedMetadata, FILTERS));

  private static void emptied(Draft draft) throws IOException {
    Table table = draft.create(2, ITEMS, BY_CATEGORY);
    append(table, items(1, 6));
    table.newDelete().deleteFromRowFilter(Expressions.alwaysTrue()).commit();
  }

  private static void merged(Draft draft) throws IOException {
    Table table =
        draft.create(2, ITEMS, BY_CATEGORY, TableProperties.MANIFEST_MIN_MERGE_COUNT, "2");
    for (int i = 1; i <= 9; i += 3) {
      AppendFiles append = table.newAppend();
      files(table, items(i, i + 2)).forEach(append::appendFile);
      append.commit();
    }
  }

  private static void rewrittenManifests(Draft draft) throws IOException {
    Table table = draft.create(2, ITEMS, BY_CATEGORY);
    for (int i = 1; i <= 4; i++) {
      append(table, items(i, i + 1));
    }
    table.rewriteManifests().clusterBy(file -> "").commit();
  }

  private static void deletedFile(Draft draft) throws IOException {
    Table table = draft.create(2, ITEMS, BY_CATEGORY);
    List<DataFile> files = append(table, items(1, 6));
    append(table, items(7, 9));
    table.newDelete().deleteFile(files.get(0)).commit();
  }

  private static void overwritten(Draft draft) throws IOException {
    Table table = draft.create(2, ITEMS, BY_CATEGORY);
    append(table, items(1, 9));
    OverwriteFiles overwrite =
        table.newOverwrite().overwriteByRowFilter(Expressions.equal("category", "c1"));
    files(table, "{\"id\":100,\"category\":\"c1\"}").forEach(overwrite::addFile);
    overwrite.commit();
    ReplacePartitions replace = table.newReplacePartitions();
    files(table, "{\"id\":101,\"category\":\"c2\"}").forEach(replace::addFile);
    replace.commit();
  }

  private static void rewrittenFiles(Draft draft) throws IOException {
    rewriteFiles(draft.create(2, ITEMS, BY_NOTHING));
  }

  private static void rewrittenFilesOfVersion3(Draft draft) throws IOException {
    rewriteFiles(draft.create(3, ITEMS, BY_NOTHING));
  }

  private static void rewriteFiles(Table table) throws IOException {
    DataFile first = append(table, items(1, 2)).get(0);
    DataFile second = append(table, items(3, 4)).get(0);
    append(table, items(5, 6));
    RewriteFiles rewrite = table.newRewrite().deleteFile(first).deleteFile(second);
    files(table, items(1, 4)).forEach(rewrite::addFile);
    rewrite.commit();
  }

  private static void refs(Draft draft) throws IOException {
    Table table = draft.create(2, ITEMS, BY_CATEGORY);
    append(table, items(1, 3));
    long first = table.currentSnapshot().snapshotId();
    append(table, items(4, 6));
    table
        .manageSnapshots()
        .createTag("first", first)
        .setMaxRefAgeMs("first", 1_000_000_000_000L)
        .createBranch("audit", first)
        .setMinSnapshotsToKeep("audit", 2)
        .setMaxSnapshotAgeMs("audit", 2_000_000_000_000L)
        .createBranch("\u00fc \"quoted\"", first)
        .commit();
    AppendFiles append = table.newFastAppend().toBranch("audit");
    files(table, items(7, 9)).forEach(append::appendFile);
    append.commit();
  }

  private static long stage(Table table, String wapId, String... rows) throws IOException {
    AppendFiles append = table.newFastAppend().stageOnly().set("wap.id", wapId);
    files(table, rows).forEach(append::appendFile);
    append.commit();
    for (Snapshot snapshot : table.snapshots()) {
      if (wapId.equals(snapshot.summary().get("wap.id"))) {
        return snapshot.snapshotId();
      }
    }
    throw new IllegalStateException("the staged snapshot is not there");
  }

  private static void staged(Draft draft) throws IOException {
    Table table = draft.create(2, ITEMS, BY_CATEGORY, "write.wap.enabled", "true");
    append(table, items(1, 3));
    stage(table, "waiting", items(4, 6));
  }

  private static void cherryPicked(Draft draft) throws IOException {
    Table table = draft.create(2, ITEMS, BY_CATEGORY, "write.wap.enabled", "true");
    append(table, items(1, 3));
    long staged = stage(table, "waiting", items(4, 6));
    append(table, items(7, 9));
    table.manageSnapshots().cherrypick(staged).commit();
  }

  private static void rolledBack(Draft draft) throws IOException {
    Table table = draft.create(2, ITEMS, BY_CATEGORY);
    append(table, items(1, 3));
    long first = table.currentSnapshot().snapshotId();
    append(table, items(4, 6));
    table.manageSnapshots().rollbackTo(first).commit();
    append(table, items(7, 9));
  }

  private static void expired(Draft draft) throws IOException {
    Table table = draft.create(2, ITEMS, BY_CATEGORY);
    List<DataFile> files = append(table, items(1, 3));
    append(table, items(4, 6));
    table.newDelete().deleteFile(files.get(0)).commit();
    append(table, items(7, 9));
    table.expireSnapshots().expireOlderThan(System.currentTimeMillis() + 1).retainLast(2).commit();
  }

  private static void statistics(Draft draft) throws IOException {
    Table table = draft.create(2, ITEMS, BY_CATEGORY);
    append(table, items(1, 3));
    Snapshot snapshot = table.currentSnapshot();
    OutputFile file = table.io().newOutputFile(draft.location() + "/metadata/items.stats");
    Blob blob =
        new Blob(
            "example-blob",
            List.of(1),
            snapshot.snapshotId(),
            snapshot.sequenceNumber(),
            ByteBuffer.wrap("three items".getBytes(StandardCharsets.UTF_8)));
    PuffinWriter writer = Puffin.write(file).createdBy("evodb").build();
    try (writer) {
      writer.add(blob);
    }
    StatisticsFile statistics =
        new GenericStatisticsFile(
            snapshot.snapshotId(),
            file.location(),
            writer.fileSize(),
            writer.footerSize(),
            writer.writtenBlobsMetadata().stream().map(GenericBlobMetadata::from).toList());
    table.updateStatistics().setStatistics(statistics).commit();
  }

  private static void longMetadataLog(Draft draft) throws IOException {
    Table table = draft.create(2, ITEMS, BY_CATEGORY);
    append(table, items(1, 3));
    for (int i = 0; i < 120; i++) {
      table.updateProperties().set("turn", String.valueOf(i)).commit();
    }
  }

  private static void deletedMetadata(Draft draft) throws IOException {
    Table table =
        draft.create(
            2,
            ITEMS,
            BY_CATEGORY,
            TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED,
            "true",
            TableProperties.METADATA_PREVIOUS_VERSIONS_MAX,
            "3");
    for (int i = 1; i <= 12; i++) {
      append(table, items(i, i));
    }
  }

  private HistoryTables() {}
}
