package evodb.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.expressions.UnboundTerm;
import org.apache.iceberg.transforms.Transforms;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Changes of schema, partitioning and properties, committed together. Names are those before the changes. */
final class Evolution {
  private static final Set<String> OF_SCHEMA =
      Set.of("add", "rename", "drop", "widen", "make_optional");
  private static final Set<String> OF_SPEC = Set.of("add_partition", "drop_partition");
  private static final Set<String> OF_PROPERTIES = Set.of("set_properties", "remove_properties");

  static void apply(Table table, JsonNode changes) {
    List<JsonNode> ofSchema = new ArrayList<>();
    List<JsonNode> ofSpec = new ArrayList<>();
    List<JsonNode> ofProperties = new ArrayList<>();
    for (JsonNode change : changes) {
      String action = Json.text(change, "action");
      if (OF_SCHEMA.contains(action)) {
        ofSchema.add(change);
      } else if (OF_SPEC.contains(action)) {
        ofSpec.add(change);
      } else if (OF_PROPERTIES.contains(action)) {
        ofProperties.add(change);
      } else {
        throw new IllegalArgumentException("no such action: " + action);
      }
    }
    // A transaction wants each update that it hands out committed before the next.
    Transaction transaction = table.newTransaction();
    if (!ofSchema.isEmpty()) {
      UpdateSchema schema = transaction.updateSchema();
      ofSchema.forEach(change -> changeSchema(schema, change));
      schema.commit();
    }
    if (!ofSpec.isEmpty()) {
      UpdatePartitionSpec spec = transaction.updateSpec();
      ofSpec.forEach(change -> changeSpec(spec, change));
      spec.commit();
    }
    if (!ofProperties.isEmpty()) {
      UpdateProperties properties = transaction.updateProperties();
      ofProperties.forEach(change -> changeProperties(properties, change));
      properties.commit();
    }
    transaction.commitTransaction();
  }

  private static void changeSchema(UpdateSchema schema, JsonNode change) {
    String name = Json.text(change, "name");
    switch (change.get("action").textValue()) {
      case "add":
        Type type = Types.fromPrimitiveString(Json.text(change, "type"));
        String doc = change.hasNonNull("doc") ? change.get("doc").asText() : null;
        if (change.hasNonNull("default")) {
          schema.addColumn(null, name, type, doc, defaultValue(type, change.get("default")));
        } else {
          schema.addColumn(null, name, type, doc);
        }
        break;
      case "rename":
        schema.renameColumn(name, Json.text(change, "to"));
        break;
      case "drop":
        schema.deleteColumn(name);
        break;
      case "widen":
        Type wider = Types.fromPrimitiveString(Json.text(change, "type"));
        schema.updateColumn(name, wider.asPrimitiveType());
        break;
      default:
        schema.makeColumnOptional(name);
    }
  }

  /** By its text where it has one, because a number of nanoseconds would be taken for microseconds. */
  private static Literal<?> defaultValue(Type type, JsonNode json) {
    switch (type.typeId()) {
      case BOOLEAN:
        return Literal.of(json.asBoolean());
      case INTEGER:
      case LONG:
        return Literal.of(json.asLong()).to(type);
      case FLOAT:
      case DOUBLE:
        return Literal.of(((Number) Values.fromJson(type, json)).doubleValue()).to(type);
      case FIXED:
      case BINARY:
        throw new IllegalArgumentException("no default of type " + type);
      default:
        return Literal.of(json.asText()).to(type);
    }
  }

  private static void changeSpec(UpdatePartitionSpec spec, JsonNode change) {
    if (change.get("action").textValue().equals("add_partition")) {
      UnboundTerm<?> term =
          Expressions.transform(
              Json.text(change, "name"), Transforms.fromString(Json.text(change, "transform")));
      spec.addField(change.hasNonNull("field") ? change.get("field").asText() : null, term);
    } else {
      spec.removeField(Json.text(change, "field"));
    }
  }

  private static void changeProperties(UpdateProperties properties, JsonNode change) {
    if (change.get("action").textValue().equals("set_properties")) {
      Json.textMap(change.get("properties")).forEach(properties::set);
    } else {
      Json.texts(change.get("keys")).forEach(properties::remove);
    }
  }

  private Evolution() {}
}
