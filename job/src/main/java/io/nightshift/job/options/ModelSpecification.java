package io.nightshift.job.options;

import io.nightshift.job.options.JobSpecification.Answer;
import io.nightshift.job.options.JobSpecification.Engine;
import io.nightshift.job.options.JobSpecification.Model;
import io.nightshift.job.options.JobSpecification.Prompt;
import io.nightshift.job.options.JobSpecification.Reasoning;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.List;
import java.util.Map;

/**
 * A model and how it answers: what a job says besides its rows, and all that a model of SQL says.
 *
 * @param model the model
 * @param prompt templates of the prompts
 * @param answer form of an answer
 * @param reasoning what becomes of the model's reasoning
 * @param sampling how the tokens of a free-text answer are sampled
 * @param engine the inference engine, with device and precision
 */
public record ModelSpecification(
    Model model,
    Prompt prompt,
    Answer answer,
    Reasoning reasoning,
    SamplingParameters sampling,
    Engine engine) {

  /**
   * Checks options that are given as texts.
   *
   * @param place where they were written, for messages
   * @param options texts by keys of the job file: lists as Flink has them ({@code a;b;c}), maps as
   *     in YAML
   * @throws InvalidJobException if they say something that is wrong
   */
  public static ModelSpecification of(String place, Map<String, String> options) {
    List<Setting> settings = new TextSettings(place).parse(options);
    return new JobSpecificationReader(new JobSettings(place, settings, List.of())).model();
  }
}
