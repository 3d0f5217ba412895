package io.tokentropy.endpoint;

import io.tokentropy.json.Answer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code /v1/methods}: what can be asked for, with what parameters, and where it comes
 * from.
 */
public final class Method {
  private final String name;
  private final String endpoint;
  private final String summary;
  private final String cost;
  private final List<Parameter> parameters = new ArrayList<>();
  private @Nullable String formula;
  private @Nullable String citation;
  private @Nullable String disagreement;

  public Method(String name, String endpoint, String summary, String cost) {
    this.name = name;
    this.endpoint = endpoint;
    this.summary = summary;
    this.cost = cost;
  }

  public Method formula(String text) {
    formula = text;
    return this;
  }

  public Method citation(String text) {
    citation = text;
    return this;
  }

  /** Where published implementations differ from the definition or from one another. */
  public Method disagreement(String text) {
    disagreement = text;
    return this;
  }

  /** A parameter that must be given. */
  public Method parameter(String parameter, String type, String range) {
    return parameter(parameter, type, range, null);
  }

  public Method parameter(String parameter, String type, String range, @Nullable String absent) {
    parameters.add(new Parameter(parameter, type, range, absent));
    return this;
  }

  /** The names of the parameters, in the order in which they are explained. */
  public List<String> parameterNames() {
    return parameters.stream().map(Parameter::name).toList();
  }

  private record Parameter(String name, String type, String range, @Nullable String absent) {
    Answer toAnswer() {
      return new Answer()
          .put("name", name)
          .put("type", type)
          .put("range", range)
          .put("default", absent);
    }
  }

  public Answer toAnswer() {
    return new Answer()
        .put("name", name)
        .put("endpoint", endpoint)
        .put("summary", summary)
        .put("formula", formula)
        .put("cost", cost)
        .put("citation", citation)
        .put("disagreement", disagreement)
        .put("parameters", parameters.stream().map(Parameter::toAnswer).toList());
  }
}
