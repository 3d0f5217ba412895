package io.tokentropy.gateway.openai;

import io.tokentropy.gateway.Ended;
import io.tokentropy.gateway.Ended.Paid;
import io.tokentropy.json.Answer;
import io.tokentropy.switching.EadTotals;
import io.tokentropy.switching.Model;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;

/** Who wrote what of some answers, why, and what that took: the object {@code tokentropy}. */
public final class Explained {
  private final List<Ended> answers;
  private final EadTotals totals;

  public Explained(List<Ended> answers) {
    this.answers = List.copyOf(answers);
    this.totals = answers.stream().map(Ended::totals).reduce(EadTotals.NONE, EadTotals::plus);
  }

  /** The share of the tokens that the large model wrote. */
  public double largeFraction() {
    return totals.largeFraction();
  }

  public long switches() {
    return totals.switches();
  }

  /**
   * The object.
   *
   * @param costRatio cost of a small token by that of a large one, where it is known
   */
  Answer toAnswer(OptionalDouble costRatio) {
    Answer answer =
        new Answer()
            .put("mode", "switch")
            .put("served", "pair")
            .put("tokens", totals.kept())
            .put("small", totals.small())
            .put("large", totals.large())
            .put("wasted", totals.wasted() + answers.stream().mapToInt(Ended::cut).sum())
            .put("switches", totals.switches())
            .put("large_fraction", totals.largeFraction());
    if (costRatio.isPresent() && totals.kept() > 0) {
      answer
          .put("relative_cost", totals.relativeCost(costRatio.getAsDouble()))
          .put("relative_compute", totals.relativeCompute(costRatio.getAsDouble()));
    }
    return answer
        .put("uncertified", answers.stream().mapToInt(Ended::uncertified).sum())
        .put("stints", stints())
        .put(
            "upstream",
            new Answer().put("small", paid(Model.SMALL)).put("large", paid(Model.LARGE)))
        .put("notes", notes());
  }

  private List<Answer> stints() {
    var stints = new ArrayList<Answer>();
    for (int i = 0; i < answers.size(); i++) {
      for (Ended.Stretch stretch : answers.get(i).stretches()) {
        Answer stint = new Answer();
        if (answers.size() > 1) {
          stint.put("choice", i);
        }
        stints.add(
            stint
                .put("model", stretch.model().wire())
                .put("start", stretch.start())
                .put("tokens", stretch.tokens())
                .put("reason", stretch.reason())
                .put("first_token_ms", Math.rint(stretch.firstTokenMillis() * 1000) / 1000));
      }
    }
    return stints;
  }

  private Answer paid(Model model) {
    Paid all = Paid.NOTHING;
    for (Ended answer : answers) {
      all = all.plus(answer.paid().getOrDefault(model, Paid.NOTHING));
    }
    return new Answer()
        .put("requests", all.requests())
        .put("prompt_tokens", all.prompt())
        .put("cached_tokens", all.cached())
        .put("completion_tokens", all.completion());
  }

  private List<String> notes() {
    var notes = new LinkedHashSet<String>();
    answers.forEach(answer -> notes.addAll(answer.notes()));
    return List.copyOf(notes);
  }
}
