package io.nightshift.job.run;

import io.nightshift.operators.plan.PlanManifest;
import io.nightshift.operators.plan.PlanSummary;

/**
 * A plan that a run has made.
 *
 * @param name of its folder
 * @param manifest whose units are seen from the folder above
 */
public record CompletePlan(String name, PlanManifest manifest, PlanSummary summary) {}
