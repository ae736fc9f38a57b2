package io.nightshift.job.sql;

import io.nightshift.connectors.input.NearestName;
import io.nightshift.job.hub.LocatedModel;
import io.nightshift.job.hub.ModelLocator;
import io.nightshift.job.hub.ModelNotFoundException;
import io.nightshift.job.hub.ModelParts;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.options.ModelSpecification;
import io.nightshift.job.pipeline.DeviceEngines;
import io.nightshift.job.pipeline.ModelPreparation;
import io.nightshift.job.pipeline.PreparedModel;
import io.nightshift.job.pipeline.TemplatedModel;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.predict.InputColumns;
import io.nightshift.operators.predict.LlmPredictFunction;
import io.nightshift.operators.predict.PredictModel;
import io.nightshift.runtime.engine.Choices;
import io.nightshift.runtime.runner.DeviceBusyException;
import io.nightshift.runtime.runner.DeviceException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.functions.AsyncPredictFunction;
import org.apache.flink.table.ml.AsyncPredictRuntimeProvider;
import org.apache.flink.table.ml.ModelProvider;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model of SQL whose definition is valid. Its files are inspected when a query is planned. */
final class NightshiftModelProvider implements AsyncPredictRuntimeProvider {
  private static final Logger LOG = LoggerFactory.getLogger(NightshiftModelProvider.class);

  private final String place;
  private final ModelSpecification specification;
  private final InputColumns input;
  private final ModelOutput output;
  private final ReadableConfig session;

  /**
   * @param place the model, for messages
   * @param session configuration of the session
   */
  NightshiftModelProvider(
      String place,
      ModelSpecification specification,
      InputColumns input,
      ModelOutput output,
      ReadableConfig session) {
    this.place = place;
    this.specification = specification;
    this.input = input;
    this.output = output;
    this.session = session;
  }

  @Override
  public ModelProvider copy() {
    return new NightshiftModelProvider(place, specification, input, output, session);
  }

  @Override
  public AsyncPredictFunction createAsyncPredictFunction(Context context) {
    return QueryErrors.of(
        place, () -> function(new QuerySettings(context.runtimeConfig(), session)));
  }

  private AsyncPredictFunction function(QuerySettings query)
      throws IOException, InterruptedException {
    TemplatedModel templated = templated(query);
    PreparedModel prepared = templated.model();
    query
        .starvation(specification.engine().config().maxRunningSequences())
        .ifPresent(message -> LOG.warn("{}: {}", place, message));
    PredictModel model =
        new PredictModel(
            "%s (%s)".formatted(place, specification.model().path()),
            prepared.located().source(),
            prepared.engines(),
            templated.prompt(),
            prepared.promptLimit(),
            templated.answer());
    return new LlmPredictFunction(
        model,
        input,
        output.row(templated.answer().optionalChoices().map(Choices::texts).orElse(List.of())),
        Clock.fixed(Instant.now(), ZoneId.systemDefault()),
        query.limits());
  }

  private TemplatedModel templated(QuerySettings query) throws IOException, InterruptedException {
    LocatedModel located = locate(query.embedded() ? ModelParts.ALL : ModelParts.WEIGHT_HEADERS);
    EngineFactory engines = DeviceEngines.of(specification.engine(), located.source());
    TemplatedModel templated =
        ModelPreparation.prepare(specification, false, located, engines, input.names());
    templated.columns().forEach(this::requireInput);
    if (specification.prompt() instanceof JobSpecification.MessagesPrompt messages) {
      requireMessages(messages.column());
    }
    templated.model().requireAnswerable();
    if (query.embedded()) {
      requireDevice(engines);
    }
    return templated;
  }

  private LocatedModel locate(ModelParts parts) throws IOException, InterruptedException {
    try {
      return ModelLocator.ofThisProcess(LOG::info)
          .locate(specification.model().path(), specification.model().revision(), parts);
    } catch (ModelNotFoundException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }

  private void requireInput(String variable) {
    if (!input.names().contains(variable)) {
      throw new InvalidJobException(
          "the prompt reads {{ %s }}, which is no input column: INPUT has %s%s"
              .formatted(
                  variable,
                  String.join(", ", input.names()),
                  NearestName.of(variable, input.names())
                      .map(nearest -> "; did you mean " + nearest + "?")
                      .orElse("")));
    }
  }

  private void requireMessages(String column) {
    LogicalType type = input.types().get(input.names().indexOf(column));
    boolean messages =
        type instanceof ArrayType array
            && array.getElementType() instanceof RowType message
            && message.getFieldNames().containsAll(List.of("role", "content"));
    if (!messages) {
      throw new InvalidJobException(
          "prompt.messages names the input column %s, which is %s: it must be ARRAY<ROW<role STRING, content STRING>>"
              .formatted(column, type.asSummaryString()));
    }
  }

  /**
   * Checks that the device is on this machine, where the tasks will run. An engine may hold it:
   * that of another statement, which the tasks of this one may share.
   */
  static void requireDevice(EngineFactory engines) throws IOException, InterruptedException {
    try {
      engines.requireDevices(1);
    } catch (DeviceBusyException e) {
      LOG.info("An engine holds the device by now: {}", e.getMessage());
    } catch (DeviceException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }
}
