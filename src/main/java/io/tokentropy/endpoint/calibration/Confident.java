package io.tokentropy.endpoint.calibration;

import io.tokentropy.calibration.ConfidenceMap;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Scores;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a confidence beside a score of any endpoint, where the call brings a profile for it. */
public final class Confident {
  private static final String PROFILE = "profile";

  private Confident() {}

  /** A call of an endpoint, and the profile that came with it. */
  private record Asked<Q>(Q own, @Nullable Profile profile) {}

  /** What an endpoint waits for, with a profile or without. */
  private record Later<Q>(Endpoint.Await<Q> own) implements Endpoint.Await<Asked<Q>> {
    @Override
    public boolean waits(Asked<Q> asked) {
      return own.waits(asked.own);
    }

    @Override
    public Asked<Q> arrived(Asked<Q> asked) {
      return new Asked<>(own.arrived(asked.own), asked.profile);
    }
  }

  /** The endpoint, which takes a profile beside what it takes. */
  public static <Q> Endpoint<?> of(Endpoint<Q> endpoint) {
    Endpoint.Await<Q> await = endpoint.await();
    return new Endpoint<Asked<Q>>(
        endpoint.path(),
        endpoint.reads(),
        fields -> read(fields, endpoint),
        (asked, tally) -> answer(asked, tally, endpoint),
        endpoint.packed(),
        methods(endpoint),
        asked -> endpoint.cost().apply(asked.own),
        await == null ? null : new Later<>(await),
        endpoint.scores());
  }

  private static List<Method> methods(Endpoint<?> endpoint) {
    var methods = new ArrayList<>(endpoint.methods());
    methods.add(
        new Method(
                "confidence",
                endpoint.path(),
                "The probability that an answer with this score is right, beside the score",
                "O(scores log knots)")
            .formula("by a profile for one of " + String.join(", ", endpoint.scores().names()))
            .parameter(PROFILE, "object", "data[0] of " + FitEndpoint.PATH, "none"));
    return methods;
  }

  private static <Q> Asked<Q> read(Fields fields, Endpoint<Q> endpoint) {
    Value value = fields.get(PROFILE);
    Q own = endpoint.read().apply(fields);
    if (value == null) {
      return new Asked<>(own, null);
    }
    String unit = fields.text("unit");
    Profile profile = Profile.read(value, Map.of(endpoint.path(), endpoint.scores()));
    profile
        .requireScore(value)
        .requireOf(value.pointer() + "/score", endpoint.path(), unit == null ? "nat" : unit);
    return new Asked<>(own, profile);
  }

  private static <Q> Answer answer(Asked<Q> asked, Tally tally, Endpoint<Q> endpoint) {
    Answer answer = endpoint.answer().apply(asked.own, tally);
    Profile profile = asked.profile;
    if (profile == null || profile.score() == null) {
      return answer;
    }
    Scores.Score score = profile.score().score();
    var writer = new Writer(profile);
    score.places().forEach(place -> writer.walk(answer, place));
    answer.put(PROFILE, profile.describe());
    Warning.addAll(profile.outside(writer.outside), answer);
    return writer.found > 0 ? answer : Warning.addAll(List.of(absent(score)), answer);
  }

  private static Warning absent(Scores.Score score) {
    return Warning.of(
        "no_score",
        "there is no " + score.name() + " in the answer, which the profile is for: no confidence");
  }

  /** Walks down an answer to the scores, and counts them. */
  private static final class Writer {
    private final Profile profile;
    private long found;
    private long outside;

    Writer(Profile profile) {
      this.profile = profile;
    }

    void walk(Answer answer, String place) {
      int dot = place.indexOf('.');
      if (dot < 0) {
        put(answer, place);
      } else {
        descend(answer.get(place.substring(0, dot)), place.substring(dot + 1));
      }
    }

    private void descend(@Nullable Object value, String place) {
      if (value instanceof Answer inner) {
        walk(inner, place);
      } else if (value instanceof List<?> list) {
        list.forEach(element -> descend(element, place));
      }
    }

    /** A score that is a range has a range of confidences; one without a middle has it alone. */
    private void put(Answer holder, String name) {
      boolean covered = true;
      boolean any = false;
      if (holder.get(name + "_low") instanceof Double low
          && holder.get(name + "_high") instanceof Double high) {
        ConfidenceMap.Ends ends = profile.map().between(Math.min(low, high), high);
        covered = profile.covers(low) && profile.covers(high);
        any = true;
        if (holder.get(name) instanceof Number score) {
          holder.put("confidence", profile.map().confidence(score.doubleValue()));
        }
        holder.put("confidence_low", ends.low()).put("confidence_high", ends.high());
      } else if (holder.get(name) instanceof Number score) {
        holder.put("confidence", profile.map().confidence(score.doubleValue()));
        covered = profile.covers(score.doubleValue());
        any = true;
      }
      found += any ? 1 : 0;
      outside += covered ? 0 : 1;
    }
  }
}
