package evodb.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.parquet.ParquetUtil;

/** Files as a request describes them. One with a record count is taken at its word and need not exist. */
final class DescribedFiles {
  /** The path as it is, or within the table's location. */
  static String path(Table table, String path) {
    boolean isAbsolute = path.startsWith("/") || path.matches("[a-z0-9]+:.*");
    return isAbsolute ? path : table.location() + "/" + path;
  }

  /** Of a file without a record count the footer is read. */
  static DataFile data(Table table, JsonNode json) {
    DataFiles.Builder builder = DataFiles.builder(table.spec()).withFormat("parquet");
    String path = path(table, Json.text(json, "path"));
    if (json.hasNonNull("partition_path")) {
      builder.withPartitionPath(json.get("partition_path").asText());
    }
    if (json.has("record_count")) {
      return builder
          .withPath(path)
          .withFileSizeInBytes(size(json))
          .withMetrics(metrics(json))
          .build();
    }
    InputFile file = table.io().newInputFile(path);
    return builder
        .withInputFile(file)
        .withMetrics(ParquetUtil.fileMetrics(file, MetricsConfig.forTable(table)))
        .build();
  }

  /** A position delete file, an equality delete file or, with a content offset, a deletion vector. */
  static DeleteFile deletes(Table table, JsonNode json) {
    boolean isVector = json.hasNonNull("content_offset");
    FileMetadata.Builder builder =
        FileMetadata.deleteFileBuilder(table.spec())
            .withPath(path(table, Json.text(json, "path")))
            .withFormat(isVector ? FileFormat.PUFFIN : FileFormat.PARQUET)
            .withFileSizeInBytes(size(json))
            .withMetrics(metrics(json));
    if (content(json) == FileContent.EQUALITY_DELETES) {
      int[] ids = new int[json.get("equality_ids").size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = json.get("equality_ids").get(i).asInt();
      }
      builder.ofEqualityDeletes(ids);
    } else {
      builder.ofPositionDeletes();
    }
    if (json.hasNonNull("partition_path")) {
      builder.withPartitionPath(json.get("partition_path").asText());
    }
    if (json.hasNonNull("referenced_data_file")) {
      builder.withReferencedDataFile(path(table, json.get("referenced_data_file").asText()));
    }
    if (isVector) {
      builder
          .withContentOffset(json.get("content_offset").asLong())
          .withContentSizeInBytes(json.get("content_size_in_bytes").asLong());
    }
    return builder.build();
  }

  private static FileContent content(JsonNode json) {
    return FileContent.valueOf(json.path("content").asText("position_deletes").toUpperCase(Locale.ROOT));
  }

  private static long size(JsonNode json) {
    return json.path("file_size_in_bytes").asLong(1000);
  }

  private static Metrics metrics(JsonNode json) {
    return new Metrics(
        json.get("record_count").asLong(),
        counts(json.get("column_sizes")),
        counts(json.get("value_counts")),
        counts(json.get("null_value_counts")),
        counts(json.get("nan_value_counts")),
        bounds(json.get("lower_bounds")),
        bounds(json.get("upper_bounds")));
  }

  private static Map<Integer, Long> counts(JsonNode json) {
    if (json == null || json.isNull()) {
      return null;
    }
    Map<Integer, Long> counts = new HashMap<>();
    json.properties()
        .forEach(it -> counts.put(Integer.valueOf(it.getKey()), it.getValue().asLong()));
    return counts;
  }

  private static Map<Integer, ByteBuffer> bounds(JsonNode json) {
    if (json == null || json.isNull()) {
      return null;
    }
    Map<Integer, ByteBuffer> bounds = new HashMap<>();
    for (Map.Entry<String, JsonNode> bound : json.properties()) {
      byte[] bytes = HexFormat.of().parseHex(bound.getValue().asText());
      bounds.put(Integer.valueOf(bound.getKey()), ByteBuffer.wrap(bytes));
    }
    return bounds;
  }

  private DescribedFiles() {}
}
