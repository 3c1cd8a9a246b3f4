package evodb.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.BoundPredicate;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.ExpressionVisitors;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.UnboundPredicate;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Which files hold a row that a filter wants, found by looking at every row and not at any bounds: no
 * plan may miss one of these files. Nulls are as in SQL, where no comparison holds for them; the order
 * of values, NaN's among them, is Java's.
 */
final class Matches {
  static JsonNode matches(JsonNode request) throws IOException {
    Table table = Tables.load(request);
    TableScan scan = Tables.scan(table, request);
    InternalRecordWrapper row = new InternalRecordWrapper(scan.schema().asStruct());
    List<Evaluator> evaluators = new ArrayList<>();
    ObjectNode answer = Json.object();
    ArrayNode matches = answer.putArray("matches");
    for (JsonNode filter : request.get("filters")) {
      Expression expression = withoutNulls(Filters.parse(filter, scan.schema()));
      evaluators.add(
          new Evaluator(scan.schema().asStruct(), expression, Tables.caseSensitive(request)));
      matches.addArray();
    }
    for (FileScanTask task : Plan.tasks(scan)) {
      boolean[] matched = new boolean[evaluators.size()];
      try (CloseableIterable<Record> records = Rows.readFile(table, task, scan.schema())) {
        for (Record record : records) {
          for (int i = 0; i < matched.length; i++) {
            matched[i] = matched[i] || evaluators.get(i).eval(row.wrap(record));
          }
        }
      }
      for (int i = 0; i < matched.length; i++) {
        if (matched[i]) {
          ((ArrayNode) matches.get(i)).add(task.file().location());
        }
      }
    }
    return answer;
  }

  /** Java's own evaluator sorts null before all values, so that null < 1 and null <> 1 hold. */
  private static Expression withoutNulls(Expression expression) {
    return ExpressionVisitors.visit(Expressions.rewriteNot(expression), new NotNullAdder());
  }

  private static final class NotNullAdder
      extends ExpressionVisitors.ExpressionVisitor<Expression> {
    @Override
    public Expression alwaysTrue() {
      return Expressions.alwaysTrue();
    }

    @Override
    public Expression alwaysFalse() {
      return Expressions.alwaysFalse();
    }

    @Override
    public Expression and(Expression left, Expression right) {
      return Expressions.and(left, right);
    }

    @Override
    public Expression or(Expression left, Expression right) {
      return Expressions.or(left, right);
    }

    @Override
    public <T> Expression predicate(UnboundPredicate<T> predicate) {
      switch (predicate.op()) {
        case IS_NULL:
        case NOT_NULL:
          return predicate;
        default:
          return Expressions.and(Expressions.notNull(predicate.term()), predicate);
      }
    }

    @Override
    public <T> Expression predicate(BoundPredicate<T> predicate) {
      throw new IllegalStateException("filters are not bound yet");
    }
  }

  private Matches() {}
}
