package io.tokentropy.endpoint.labels;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.distribution.Summary;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.labels.Label;
import io.tokentropy.labels.LabelFigures;
import io.tokentropy.labels.Seen;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.Objects;

/** Writes how probable labels are: an item a row. */
final class LabelsAnswer {
  private LabelsAnswer() {}

  static Answer of(LabelsRequest asked, Tally tally) {
    asked.input().count(tally);
    var warnings = new ArrayList<>(asked.input().warnings());
    var data = new ArrayList<Answer>();
    for (int i = 0; i < asked.input().rows().size(); i++) {
      LabelFigures found = figures(asked, i);
      data.add(item(asked, i, found));
      if (found.given() == null) {
        warnings.add(
            new Warning(
                "no_label",
                "none of the labels has a probability: what follows if one of them is the answer"
                    + " is left out",
                i));
      }
    }
    Answer answer =
        asked
            .input()
            .describe(Answer.of("list").put("unit", asked.unit().wire()))
            .put("dialect", asked.dialect());
    return Warning.putAll(warnings, answer.put("data", data));
  }

  private static LabelFigures figures(LabelsRequest asked, int index) {
    Seen sampled = asked.tokens().isEmpty() ? null : asked.tokens().get(index).sampled();
    Row row = asked.input().rows().get(index);
    if (row instanceof Summary summary && summary.best() == null) {
      throw new InvalidInput.MissingInput(
              asked.input().pointer(index), "an entropy alone says nothing of single tokens")
          .withHint("Labels need logits, logprobs, probs, top_logprobs or openai.");
    }
    return InvalidInput.under(
        "/labels",
        () ->
            switch (row) {
              case Distribution whole -> asked.labels().of(whole);
              case PartialDistribution best -> asked.labels().of(best, sampled);
              case Summary summary ->
                  asked.labels().of(Objects.requireNonNull(summary.best()), null);
            });
  }

  private static Answer item(LabelsRequest asked, int index, LabelFigures found) {
    Answer item = new Answer().put("index", index);
    if (!asked.tokens().isEmpty()) {
      LabelsRequest.Asked token = asked.tokens().get(index);
      if (token.token().choice() > 0) {
        item.put("choice", token.token().choice());
      }
      item.put("position", token.position()).put("token", token.token().text());
    }
    item.put("labels", found.labels().stream().map(LabelsAnswer::label).toList())
        .put(
            "other",
            new Answer()
                .put("prob_low", found.other().low())
                .put("prob_high", found.other().high()))
        .put("best", found.labels().get(found.best()).label().name())
        .put("certified", found.certified());
    Interval margin = found.margin();
    if (margin != null) {
      item.put("margin_low", margin.low()).put("margin_high", margin.high());
    }
    LabelFigures.Given given = found.given();
    if (given != null) {
      var labels = new ArrayList<Answer>();
      for (int i = 0; i < given.probs().size(); i++) {
        Label label = found.labels().get(i).label();
        labels.add(range(new Answer().put("name", label.name()), "prob", given.probs().get(i)));
      }
      item.put("given_labels", labels);
      putEntropy(item, given, asked.unit());
    }
    return item;
  }

  private static Answer label(LabelFigures.Found found) {
    return range(new Answer().put("name", found.label().name()), "prob", found.prob())
        .put("seen", found.seen().stream().map(LabelsAnswer::seen).toList());
  }

  private static Answer seen(Seen token) {
    Answer answer = new Answer().put("token", token.text());
    Integer id = token.id();
    if (id != null) {
      answer.put("id", id.longValue());
    }
    return answer.put("prob", token.prob());
  }

  /** Puts what follows if the answer is one of the labels. */
  static void putEntropy(Answer item, LabelFigures.Given given, EntropyUnit unit) {
    range(item, "entropy", unit, given.entropy());
    int n = given.probs().size();
    item.put("normalized", n == 1 ? 0 : Math.min(1, given.entropy().midpoint() / Math.log(n)));
    Interval score = given.score();
    if (score != null) {
      range(item, "expected_score", score);
    }
  }

  private static void range(Answer item, String name, EntropyUnit unit, Interval nats) {
    item.put(name, unit.fromNats(nats.midpoint()))
        .put(name + "_low", unit.fromNats(nats.low()))
        .put(name + "_high", unit.fromNats(nats.high()));
  }

  private static Answer range(Answer item, String name, Interval range) {
    return item.put(name, range.midpoint())
        .put(name + "_low", range.low())
        .put(name + "_high", range.high());
  }
}
