package io.tokentropy.endpoint.switching;

import io.tokentropy.endpoint.Method;
import java.util.List;

/** What {@code /v1/methods} says of model switching. */
public final class EadMethods {
  public static final List<Method> LIST =
      List.of(
          new Method(
                  "ead",
                  "/v1/ead",
                  "Which of two models writes the next token",
                  "O(tokens x window)")
              .formula("large while the mean of the last w entropies is above the threshold")
              .citation("arXiv 2502.06833")
              .disagreement(
                  "The paper leaves open the start, the stability constraint, ties and the cost of"
                      + " catching up; every rule here is an option, and both costs are reported")
              .parameter("threshold", "number", "at least 0")
              .parameter("profile", "string", "ead-paper | gateway", "ead-paper")
              .parameter("window", "integer", "1 to max_window of /v1/limits", "5; gateway 8")
              .parameter("hysteresis", "number", "0 to the threshold", "0; gateway 0.25 threshold")
              .parameter("smoothing", "string", "mean | ewma", "mean")
              .parameter("ewma_alpha", "number", "above 0, at most 1", "2 / (window + 1)")
              .parameter("fill", "string", "full | partial", "full")
              .parameter("reset_on_switch", "boolean", "true | false", "false")
              .parameter("initial", "string", "small | large", "small")
              .parameter("min_small", "integer", "at least 0", "0; gateway 8")
              .parameter("min_large", "integer", "at least 0", "0; gateway 16")
              .parameter("cooldown", "integer", "at least 0", "0")
              .parameter("max_large_stint", "integer", "at least 0; 0 is no limit", "0")
              .parameter("max_large_fraction", "number", "0 to 1", "1; gateway 0.5")
              .parameter("max_switches", "integer", "at least 0; 0 is no limit", "0")
              .parameter("on_escalate", "string", "next | redo", "next")
              .parameter("normalize", "boolean", "true | false", "false")
              .parameter("point", "string", "lower | midpoint | upper", "lower")
              .parameter("cost_ratio", "number", "above 0", "none"),
          new Method(
                  "ead_calibrate",
                  "/v1/ead/calibrate",
                  "The threshold for a share of the large model on the caller's own traffic",
                  "O(tokens x window), 40 times for both models")
              .formula(
                  "both models: bisection over walks of the rule itself; small alone: the quantile"
                      + " of its smoothed entropies, which is not the share of the large model")
              .parameter(
                  "traces", "lists", "of observations or responses, or {small, large} of one text")
              .parameter("small, large", "lists of traces", "in place of traces")
              .parameter("target_large_fraction", "number", "0 to 1")
              .parameter("config", "object", "that of ead, without threshold", "none")
              .parameter("window", "integer", "1 to max_window of /v1/limits", "5")
              .parameter("fill", "string", "full | partial", "full"));

  private EadMethods() {}
}
