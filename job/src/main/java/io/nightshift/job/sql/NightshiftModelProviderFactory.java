package io.nightshift.job.sql;

import io.nightshift.job.options.ModelOptions;
import io.nightshift.job.options.ModelSpecification;
import io.nightshift.operators.predict.InputColumns;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ResolvedCatalogModel;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.factories.ModelProviderFactory;
import org.apache.flink.table.ml.ModelProvider;

/**
 * The provider {@code nightshift} of models in Flink SQL. It checks all that a model's definition
 * says, before anything is read.
 */
public final class NightshiftModelProviderFactory implements ModelProviderFactory {

  @Override
  public String factoryIdentifier() {
    return "nightshift";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(ModelOptions.PATH, ModelOptions.DEVICE);
  }

  /** Most options of the job file, which are checked as in a job file, and not by Flink. */
  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of();
  }

  @Override
  public ModelProvider createModelProvider(Context context) {
    String place = "model " + context.getObjectIdentifier().getObjectName();
    ResolvedCatalogModel model = context.getCatalogModel();
    return QueryErrors.of(
        place,
        () -> {
          WithOptions options = WithOptions.of(place, model.getOptions());
          ModelOutput output =
              new ModelOutput(options, model.getResolvedOutputSchema().getColumns());
          ModelSpecification specification =
              ModelSpecification.of(place, options.jobWith(output.jobOptions()));
          return new NightshiftModelProvider(
              place,
              specification,
              inputColumns(model.getResolvedInputSchema()),
              output,
              context.getConfiguration());
        });
  }

  private static InputColumns inputColumns(ResolvedSchema schema) {
    List<Column> columns = schema.getColumns();
    return new InputColumns(
        columns.stream().map(Column::getName).toList(),
        columns.stream().map(column -> column.getDataType().getLogicalType()).toList());
  }
}
